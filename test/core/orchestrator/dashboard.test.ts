import { get } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { guarded, bearer } from './access/scene.ts';
import { ASSETS, chain, claim, JSON_ONLY, serve } from './harness.ts';

const PAGE = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const SCRIPT = '/assets/index-1a2b.js';

describe('the page of the dashboard', () => {
  test.each([
    '/',
    '/jobs',
    '/jobs/7',
    '/slices/7',
    '/hosts',
    '/hosts/a',
    '/control',
    '/runs',
    '/runs/compare?a=1&b=2',
    '/status',
    '/status?sliceid=1',
    '/config?sliceid=1',
    '/summary',
    '/job?jobid=1',
  ])('is what a browser gets at %s', async (path) => {
    const server = await serve(chain(1));
    const { status, text, headers } = await server.get(path, PAGE);
    expect([status, text]).toEqual([200, ASSETS.get('index.html')?.plain.toString()]);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  test.each(['/job?jobid=9', '/status?sliceid=9', '/config?sliceid=9'])(
    'says to a browser that there is nothing at %s',
    async (path) => {
      const server = await serve(chain(1));
      const { status, text } = await server.get(path, PAGE);
      expect([status, text]).toEqual([404, ASSETS.get('index.html')?.plain.toString()]);
      const plain = await server.get(path, JSON_ONLY);
      expect([plain.status, plain.text.startsWith('<')]).toEqual([404, false]);
    },
  );

  test('runs and loads nothing but files of the orchestrator', async () => {
    const server = await serve(chain(1));
    const { headers } = await server.get('/', PAGE);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
  });

  test('is asked for each time, and sent only when it is another one', async () => {
    const server = await serve(chain(1));
    const { etag, headers } = await server.get('/', PAGE);
    expect(headers.get('cache-control')).toBe('no-cache');
    const again = await server.get('/', { ...PAGE, 'If-None-Match': etag });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  test('keeps the address that a browser had before it signed in', async () => {
    const { server } = await guarded();
    const { status, headers } = await server.get('/jobs?state=failed', PAGE);
    expect([status, headers.get('location')]).toEqual([303, '/signin?next=%2Fjobs%3Fstate%3Dfailed']);
  });

  test('is not there when it was not built, and everything else is', async () => {
    const server = await serve(chain(1), { assets: new Map() });
    const { status, text } = await server.get('/', PAGE);
    expect([status, text]).toEqual([503, 'The dashboard was not built into this program']);
    expect((await server.get('/status', JSON_ONLY)).status).toBe(200);
  });
});

describe('a file of the dashboard', () => {
  test.each([
    ['br, gzip', 'br'],
    ['gzip, br', 'br'],
    ['gzip', 'gzip'],
    ['gzip, br;q=0', 'gzip'],
    ['identity', null],
  ])('is sent to who accepts %s as %s', async (accepted, coding) => {
    const server = await serve(chain(1));
    const answer = await fetchRaw(server.url + SCRIPT, accepted);
    expect([answer.coding, answer.text]).toEqual([coding, 'script']);
  });

  test('is there under a name that does not change, for the form for signing in', async () => {
    const server = await serve(chain(1));
    const { text, headers } = await server.get('/assets/pages.css', { 'Accept-Encoding': 'identity' });
    expect([text, headers.get('cache-control')]).toEqual(['style', 'no-cache']);
  });

  test('never changes under its name', async () => {
    const server = await serve(chain(1));
    const { headers } = await server.get(SCRIPT);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  test.each(['/assets/other.js', '/assets/index.html', '/assets/..%2findex.html', '/assets/'])(
    'is not there: %s',
    async (path) => {
      const server = await serve(chain(1));
      expect((await server.get(path)).status).toBe(404);
    },
  );
});

describe('GET /session', () => {
  test('says that everybody may do everything on an open orchestrator', async () => {
    const server = await serve(chain(1), { version: '1.2.3' });
    const answer = await server.get('/session', JSON_ONLY);
    expect(answer.json()).toEqual({
      by: 'open',
      rights: ['read', 'work', 'admin'],
      run_id: 1,
      version: '1.2.3',
      fleet: false,
    });
  });

  test('says what a token may do', async () => {
    const { server, token } = await guarded();
    const { token: value } = await token(['read']);
    expect((await server.get('/session', bearer(value))).json()).toEqual({
      by: 'bearer',
      rights: ['read'],
      run_id: 1,
      version: 'unknown',
      fleet: false,
    });
  });
});

describe('GET /jobs', () => {
  test('has each column once, and the values of all jobs', async () => {
    const server = await serve(chain(450));
    await claim(server, 'a');
    const { columns, rows } = (await server.get('/jobs', JSON_ONLY)).json() as {
      columns: string[];
      rows: unknown[][];
    };
    const at = (row: number, column: string): unknown => rows[row]?.[columns.indexOf(column)];
    expect(rows).toHaveLength(450);
    expect([at(0, 'status'), at(0, 'worker_id'), at(449, 'end_block_num')]).toEqual(['STARTED', 'a', 46000]);
  });

  test('is compressed for who accepts that', async () => {
    const server = await serve(chain(450));
    const plain = await fetchRaw(`${server.url}/jobs`, 'identity');
    const zipped = await fetchRaw(`${server.url}/jobs`, 'gzip');
    expect([plain.coding, zipped.coding]).toEqual([null, 'gzip']);
    expect(zipped.text).toBe(plain.text);
  });
});

/** What comes over the wire; fetch would not say how it was compressed. */
function fetchRaw(url: string, accepted: string): Promise<{ coding: string | null; text: string }> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'Accept-Encoding': accepted } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const coding = response.headers['content-encoding'] ?? null;
        resolve({ coding, text: unpack(Buffer.concat(chunks), coding).toString() });
      });
    }).on('error', reject);
  });
}

function unpack(body: Buffer, coding: string | null): Buffer {
  if (coding === 'br') return brotliDecompressSync(body);
  return coding === 'gzip' ? gunzipSync(body) : body;
}
