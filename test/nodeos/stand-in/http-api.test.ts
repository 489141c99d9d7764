import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Sample, runSlice, sample } from './sample.ts';
import { FIXTURES, freePort } from './support.ts';

/** Sends a request as it is and returns the whole answer as it is. */
function exchange(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

const get = (port: number, path: string): Promise<string> =>
  exchange(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);

/** Runs a slice whose log ends before its end, and calls back once the HTTP interface is open. */
async function whileIdle(
  made: Sample,
  ask: (port: number) => Promise<void>,
  more: { version?: string; faults?: string } = {},
): Promise<void> {
  const httpPort = await freePort();
  let asked = Promise.resolve();
  await runSlice(made, {
    start: 100,
    end: 9999,
    httpPort,
    ...more,
    hooks: {
      onText: (text, signal) => {
        if (!text.includes('for API categories: all')) return;
        asked = ask(httpPort).finally(() => signal('SIGTERM'));
      },
    },
  });
  await asked;
}

const recorded = (name: string): string => readFileSync(join(FIXTURES, 'spring-1.2.2/http', name), 'utf8');

describe('the HTTP interface', () => {
  it('answers get_integrity_hash with 201 and the head that it belongs to', async () => {
    const made = await sample();
    await whileIdle(made, async (port) => {
      const answer = await get(port, '/v1/producer/get_integrity_hash');
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head.split('\r\n')).toEqual([
        'HTTP/1.1 201 Created',
        'Server: nodeos/v1.2.2-stand-in',
        'Content-Type: application/json',
        'Content-Length: 168',
      ]);
      expect(body).toMatch(/^\{"head_block_id":"00000190\w{56}","integrity_hash":"\w{64}"\}$/);
      expect(body).toContain(made.chain.hashAt(400));
    });
  });

  it('answers POST like GET', async () => {
    await whileIdle(await sample(), async (port) => {
      const path = '/v1/producer/get_integrity_hash';
      const post = `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`;
      expect(await exchange(port, post)).toBe(await get(port, path));
    });
  });

  it('answers get_info with the fields of the real one, in their order', async () => {
    await whileIdle(await sample(), async (port) => {
      const [head, body = ''] = (await get(port, '/v1/chain/get_info')).split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      const info = JSON.parse(body) as Record<string, unknown>;
      const real = JSON.parse(recorded('get_info-GET.json')) as Record<string, unknown>;
      expect(Object.keys(info)).toEqual(Object.keys(real));
      expect(info).toMatchObject({
        head_block_num: 400,
        head_block_time: '2026-01-01T00:03:19.500',
        head_block_producer: 'eosio',
        server_version_string: 'v1.2.2-stand-in',
      });
    });
  });

  it('refuses what it does not know with the body of the real one', async () => {
    await whileIdle(await sample(), async (port) => {
      const [head = '', body] = (await get(port, '/v1/chain/no_such_thing')).split('\r\n\r\n');
      expect(head.split('\r\n')).toEqual([
        'HTTP/1.1 404 Not Found',
        'Content-Type: application/json',
        'Server: nodeos/v1.2.2-stand-in',
        'Content-Length: 212',
      ]);
      expect(body).toBe(recorded('unknown-endpoint.json'));
    });
  });

  it('lists the endpoints of the real one', async () => {
    await whileIdle(await sample(), async (port) => {
      const [, body] = (await get(port, '/v1/node/get_supported_apis')).split('\r\n\r\n');
      expect(body).toBe(recorded('supported_apis.json'));
    });
  });

  it('serves several requests on one connection', async () => {
    await whileIdle(await sample(), async (port) => {
      const one = 'GET /v1/chain/get_info HTTP/1.1\r\nHost: x\r\n\r\n';
      const both = await exchange(port, `${one}GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(both.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404']);
    });
  });

  it('names another head with that fault', async () => {
    await whileIdle(
      await sample(),
      async (port) => {
        expect(await get(port, '/v1/producer/get_integrity_hash')).toContain('"head_block_id":"0000018f');
      },
      { faults: 'http-wrong-head' },
    );
  });

  it('is closed while the block log is replayed', async () => {
    const httpPort = await freePort();
    let refused: Promise<string> = Promise.resolve('not asked');
    await runSlice(await sample(), {
      start: 100,
      end: 300,
      httpPort,
      env: { REPLAY_STAND_IN_BLOCKS_PER_SECOND: '2000' },
      hooks: {
        onText: (text) => {
          if (!text.includes('attempting to replay')) return;
          refused = get(httpPort, '/v1/chain/get_info').catch(
            (error: NodeJS.ErrnoException) => error.code ?? '',
          );
        },
      },
    });
    expect(await refused).toBe('ECONNREFUSED');
  });
});
