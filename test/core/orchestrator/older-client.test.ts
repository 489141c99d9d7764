import { describe, expect, test } from 'vitest';
import { chain, hashOf, serve, type Running } from './harness.ts';

/**
 * Plays the Python client that teams run against the older service: it asks for JSON, changes fields
 * in the whole record, and sends the record back with the ETag it received in a header `ETag`.
 */
class OlderClient {
  readonly #server: Running;

  constructor(server: Running) {
    this.#server = server;
  }

  async next(): Promise<{ status: number; record: Record<string, unknown>; etag: string }> {
    return this.#read('/job?nextjob=1');
  }

  async update(jobId: unknown, changes: Record<string, unknown>): Promise<number> {
    const { record, etag } = await this.#read(`/job?jobid=${String(jobId)}`);
    return this.send(jobId, { ...record, ...changes }, etag);
  }

  async send(jobId: unknown, record: Record<string, unknown>, etag: string): Promise<number> {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json', ETag: etag };
    return (await this.#server.post(`/job?jobid=${String(jobId)}`, record, headers)).status;
  }

  async #read(path: string) {
    const answer = await this.#server.get(path, { Accept: 'application/json' });
    const { status, etag } = answer;
    return { status, record: status === 200 ? (answer.json() as Record<string, unknown>) : {}, etag };
  }
}

describe('the older Python client', () => {
  test('takes a job from the offer to a verified result, whole records and all', async () => {
    const server = await serve(chain(2));
    const client = new OlderClient(server);

    const offer = await client.next();
    expect(offer.status).toBe(200);
    expect(offer.record).toMatchObject({ job_id: 1, status: 'WAITING_4_WORKER' });
    const claim = { ...offer.record, status: 'STARTED', start_time: '2026-11-22T11:00:00' };
    expect(await client.send(1, claim, offer.etag)).toBe(200);
    expect(await client.update(1, { status: 'LOADING_SNAPSHOT' })).toBe(200);
    expect(await client.update(1, { status: 'WORKING', last_block_processed: '1050' })).toBe(200);
    // The client of the next slice learns the hash of its snapshot meanwhile.
    const learned = await server.post('/config', { end_block_num: '1100', integrity_hash: hashOf('a') });
    expect([learned.status, learned.text]).toEqual([
      200,
      '{"sliceid": 1, "message": "updated integrity hash"}',
    ]);
    expect(
      await client.update(1, {
        status: 'COMPLETE',
        last_block_processed: '1100',
        end_time: '2026-11-22T12:00:00',
        actual_integrity_hash: hashOf('a'),
      }),
    ).toBe(200);

    const [first] = (
      await server.get('/status?sliceid=1', { Accept: 'application/json' })
    ).json() as unknown[];
    expect(first).toMatchObject({
      status: 'COMPLETE',
      last_block_processed: 1100,
      start_time: '2026-11-22T11:00:00',
      end_time: '2026-11-22T12:00:00',
      expected_integrity_hash: hashOf('a'),
      actual_integrity_hash: hashOf('a'),
    });
  });

  test('may send the ETag back with or without quotes', async () => {
    const server = await serve(chain(1));
    const client = new OlderClient(server);
    const { etag } = await client.next();
    expect(etag).toMatch(/^"[0-9a-f]{31,}"$/);
    expect(await client.send(1, { status: 'STARTED' }, etag.slice(1, -1))).toBe(200);
  });

  test('loses the race for a job with 400 Invalid ETag', async () => {
    const server = await serve(chain(1));
    const client = new OlderClient(server);
    const { etag } = await client.next();
    expect(await client.send(1, { status: 'STARTED' }, etag)).toBe(200);
    const late = await server.post('/job?jobid=1', { status: 'STARTED' }, { ETag: etag });
    expect([late.status, late.text]).toEqual([400, 'Invalid ETag']);
  });

  test('is told that nothing waits with 404', async () => {
    const server = await serve(chain(1));
    const client = new OlderClient(server);
    const { etag } = await client.next();
    await client.send(1, { status: 'STARTED' }, etag);
    expect((await client.next()).status).toBe(404);
  });

  test('reads a job as text when it names no form', async () => {
    const server = await serve(chain(1));
    const { text } = await server.get('/job?nextjob=1');
    expect(text).toMatch(/^job_id=1, replay_slice_id=1, snapshot_path=s3:.*, end_time=None, .*=None$/);
  });
});
