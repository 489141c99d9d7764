import { get } from 'node:http';
import { describe, expect, test } from 'vitest';
import { FULL, JSON_ONLY, chain, claim, serve } from './harness.ts';

const JOBS = 1_201;

describe('the status of many jobs', () => {
  test('is one list in every form, although it is sent in parts', async () => {
    const server = await serve(chain(JOBS));
    const ids = Array.from({ length: JOBS }, (_, index) => index + 1);
    const json = await server.get('/status', JSON_ONLY);
    expect((json.json() as { job_id: number }[]).map((record) => record.job_id)).toEqual(ids);
    const single = (await server.get('/status?sliceid=501', JSON_ONLY)).text;
    expect(json.text.slice(json.text.indexOf('{"job_id": 501,'))).toMatch(single.slice(1, -1));
    expect(json.text).not.toMatch(/}\s*{|},{|, ,|,\s{2}/);
    const full = (await server.get('/status', FULL)).json() as { job_id: number }[];
    expect(full.map((record) => record.job_id)).toEqual(ids);
    const text = (await server.get('/status', { Accept: 'text/plain' })).text.split('\n');
    expect(text.map((line) => Number(/^job_id=(\d+),/.exec(line)?.[1]))).toEqual(ids);
    expect((await server.request('HEAD', '/status', { headers: JSON_ONLY })).text).toBe('');
  });

  test('is as it was when it was asked for, and a caller that leaves in the middle does no harm', async () => {
    const server = await serve(chain(JOBS));
    await new Promise<void>((resolve, reject) => {
      const request = get(`${server.url}/status`, { headers: JSON_ONLY }, (response) => {
        response.once('data', () => request.destroy());
        response.once('close', resolve);
      });
      request.on('error', (error) => {
        if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') reject(error);
      });
    });
    await new Promise<void>((resolve, reject) => {
      const headers = { 'Accept-Encoding': 'gzip' };
      const request = get(`${server.url}/jobs`, { headers }, (response) => {
        response.once('data', () => request.destroy());
        response.once('close', resolve);
      });
      request.on('error', (error) => {
        if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') reject(error);
      });
    });
    const [status] = await Promise.all([server.get('/status', JSON_ONLY), claim(server, 'a')]);
    expect(status.json()).toHaveLength(JOBS);
    expect(server.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
