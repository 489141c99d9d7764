import { describe, expect, it } from 'vitest';
import { HEARTBEAT_MS } from '../../../src/core/protocol/events/server-event.ts';
import { chain, claim, complete, hashOf, serve, FULL, JSON_ONLY } from './harness.ts';
import { guarded } from './access/scene.ts';
import { readStream } from './event-reader.ts';

describe('GET /events', () => {
  it('begins with the run, and says that the reader has to read its state', async () => {
    const server = await serve(chain(2));
    const { data } = await readStream(server.url, '/events').next('hello');
    expect(data).toEqual({ run_id: 1, resumed: false });
  });

  it('tells each change of a job with the record that GET /job has then', async () => {
    const server = await serve(chain(2));
    const events = readStream(server.url, '/events');
    await events.next('hello');
    const { jobId } = await claim(server, 'a');
    const { data } = await events.next('job');
    expect(data).toMatchObject({ job_id: jobId, status: 'STARTED', worker_id: 'a' });
    expect(data).toEqual((await server.get(`/job?jobid=${jobId}`, FULL)).json());
  });

  it('tells the numbers of the run at once, a second after a change, and every ten seconds', async () => {
    const server = await serve(chain(2));
    const events = readStream(server.url, '/events');
    expect((await events.next('summary')).data).toMatchObject({ host_count: 0 });
    await claim(server, 'a');
    await events.next('job');
    server.monotonic.advance(1000);
    const { data } = await events.next('summary');
    expect(data).toMatchObject({ host_count: 1 });
    expect(data).toEqual((await server.get('/summary', JSON_ONLY)).json());
    for (let second = 1; second <= 10; second += 1) server.monotonic.advance(1000);
    await expect(events.next('summary')).resolves.toBeDefined();
  });

  it('goes on behind the event that was seen last, with each job that changed since as it is now', async () => {
    const server = await serve(chain(3));
    const first = readStream(server.url, '/events');
    await first.next('hello');
    await claim(server, 'a');
    const { lastId } = await first.next('job');
    await first.close();
    await complete(server, 'b', hashOf('b'));
    const events = readStream(server.url, '/events', { lastId });
    expect((await events.next('hello')).data).toEqual({ run_id: 1, resumed: true });
    expect((await events.next('job')).data).toMatchObject({ job_id: 2, status: 'COMPLETE' });
    await claim(server, 'c');
    expect((await events.next('job')).data).toMatchObject({ job_id: 3, status: 'STARTED' });
  });

  it.each(['other-5', 'garbage', ''])('begins anew after the event %j of another life', async (lastId) => {
    const server = await serve(chain(1));
    await claim(server, 'a');
    const { data } = await readStream(server.url, '/events', { lastId }).next('hello');
    expect(data).toMatchObject({ resumed: false });
  });

  it('begins anew after a restart of the orchestrator', async () => {
    const server = await serve(chain(2));
    const events = readStream(server.url, '/events');
    await events.next('hello');
    await claim(server, 'a');
    const { lastId } = await events.next('job');
    server.clock.now = new Date(server.clock.now.getTime() + 1);
    const again = await server.restart({ now: () => server.clock.now });
    const { data } = await readStream(again.url, '/events', { lastId }).next('hello');
    expect(data).toMatchObject({ resumed: false });
  });

  it('tells of one job alone when that is asked for', async () => {
    const server = await serve(chain(2));
    const events = readStream(server.url, '/events?jobid=2');
    await events.next('hello');
    await claim(server, 'a');
    await claim(server, 'b');
    expect((await events.next('job')).data).toMatchObject({ job_id: 2 });
    expect((await server.get('/events?jobid=9', JSON_ONLY)).status).toBe(404);
  });

  it('ends when the orchestrator stops, which does not wait for its readers', async () => {
    const server = await serve(chain(1));
    const events = readStream(server.url, '/events');
    await events.next('hello');
    const [rest] = await Promise.all([events.rest(), server.close()]);
    expect(rest.map(({ name }) => name)).toEqual(['summary']);
  });

  it('ends when the token of its reader is revoked', async () => {
    const { server, token, revoke } = await guarded();
    const reader = await token(['read']);
    const events = readStream(server.url, '/events', { token: reader.token });
    await events.next('summary');
    await revoke(reader.id);
    server.monotonic.advance(2 * HEARTBEAT_MS);
    expect((await events.rest()).filter(({ name }) => name !== 'summary')).toEqual([]);
  });

  it('is for those who may read', async () => {
    const { server } = await guarded();
    expect((await server.get('/events')).status).toBe(401);
  });

  it('tells nobody who asks for the head alone', async () => {
    const server = await serve(chain(1));
    const answer = await server.request('HEAD', '/events');
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(answer.text).toBe('');
  });
});
