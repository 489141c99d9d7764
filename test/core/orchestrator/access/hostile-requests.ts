/** Bytes for one connection. None of them is a request that may change anything. */
export interface Attack {
  name: string;
  bytes: Buffer;
}

/** The same numbers for the same seed: a failure can be looked at again (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Chance {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** Any bytes at all. */
  bytes(length: number): string {
    return Array.from({ length }, () => String.fromCharCode(this.below(256))).join('');
  }
}

const PATHS = [
  '/job',
  '/job?jobid=1',
  '/job?nextjob',
  '/status',
  '/config',
  '/summary',
  '/job/rates?jobid=1',
  '/job/log?jobid=1',
  '/job/evidence?jobid=1',
  '/job/evidence.tar.zst?jobid=1',
  '/host/selfcheck',
  '/host/clear',
  '/hosts/dismiss',
  '/host/report',
  '/hosts',
  '/healthcheck',
  '/signin',
  '/signout',
  '/',
];
const ODD = [
  '\u0000',
  '\r',
  '\n',
  '\u2028',
  '\uD83D\uDE00',
  'é',
  '%00',
  '%0d%0a',
  '%ff',
  '%',
  '../',
  '..%2f',
  '\\',
  ';',
  '`id`',
  '$(id)',
  '${x}',
  "' OR 1=1",
  '<script>',
  '{{7*7}}',
  '__proto__',
  '\u001b[2J',
  '\u202e',
];
const TRICKS = [
  '/../../etc/passwd',
  '/job/../status',
  '/..%2f..%2fetc/passwd',
  '//job',
  '/job//',
  '/./job',
  '/job/.',
  '/job%2flog',
  '/%6aob',
  '/JOB',
  '/job/log/../../tokens.json',
  '/job/log?jobid=../../../token',
  '/job/log?jobid=1&attempt=../../tokens',
  '/status?sliceid=1e999',
  '/status?sliceid=-1',
  '/status?sliceid=99999999999999999999',
  '/status?sliceid[]=1',
  '/status?sliceid=1&sliceid=2',
  '/job?jobid=NaN',
  '/job?jobid=0x1',
  '/job?jobid=1%00',
  '/job?jobid=',
  '/config?sliceid=%27',
  '/config?__proto__=1',
  '/signin?next=//evil.example',
  '/signin?next=javascript:alert(1)',
  '/data/tokens.json',
  '/.env',
  '*',
  'http://evil.example/status',
  'evil.example:443',
  '?',
  '#',
  '',
];
const METHODS = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'HEAD',
  'PROPFIND',
  'get',
  'G ET',
  '',
  'X'.repeat(300),
  'PRI',
  'M-SEARCH',
];

/** Bodies for POST that are never a valid change. */
const BODIES: ((chance: Chance) => string)[] = [
  () => '',
  () => '{',
  () => 'null',
  () => '[]',
  () => '"text"',
  () => '{"status": "NOT_A_STATUS"}',
  () => '{"status": 5}',
  () => '{"status": ["STARTED"]}',
  () => '{"status": {"toString": "STARTED"}}',
  () => '{"__proto__": {"status": "STARTED"}}',
  () => '{"constructor": {"prototype": {"status": "STARTED"}}}',
  () => '{"status": "STARTED", "last_block_processed": 1e400}',
  () => '{"status": "STARTED", "last_block_processed": "-1"}',
  () => '{"status": "STARTED", "stage_times": {"$set": 1}}',
  () => '{"end_block_num": {}, "integrity_hash": []}',
  () => '{"end_block_num": 1100, "integrity_hash": "short"}',
  () => '{"end_block_num": "1100; rm -rf /", "integrity_hash": "x"}',
  () => '[{"status": "STARTED"}]',
  () => `{"status": "${'A'.repeat(50_000)}"}`,
  () => '['.repeat(100_000),
  () => '{"a":'.repeat(50_000),
  () => `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  () => '\u0000\u0000\u0000',
  () => '{"status": "STAR\u0000TED"}',
  () => '\uFEFF{"status": "x"}',
  () => '{"status": "\\ud800"}',
  () => '{"a": 1, "a": 2}',
  () => '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
  () => 'token=wrong&next=//evil.example',
  (chance) => chance.bytes(1 + chance.below(2000)),
  () => 'x'.repeat(1024 * 1024 + 10),
];

type Kind = (chance: Chance, token: string | null) => string;

const HOST = 'Host: localhost\r\n';

/** Half of the requests to a guarded orchestrator carry its token: what lies behind the gate is attacked, too. */
function credentials(chance: Chance, token: string | null): string {
  if (token === null || chance.below(2) === 0) return '';
  return `Authorization: Bearer ${token}\r\n`;
}

const KINDS: Record<string, Kind> = {
  'request line': (chance) =>
    chance.pick([
      () => 'GET\r\n\r\n',
      () => 'GET /status\r\n\r\n',
      () => `GET /status HTTP/9.9\r\n${HOST}\r\n`,
      () => `GET /status HTTP/1.1 extra\r\n${HOST}\r\n`,
      () => `GET  /status  HTTP/1.1\r\n${HOST}\r\n`,
      () => `\r\n\r\n\r\nGET /status HTTP/1.1\r\n\r\n`,
      () => `GET /status HTTP/1.1\n${HOST}\n`,
      () => `GET ${chance.pick(ODD)} HTTP/1.1\r\n${HOST}\r\n`,
      () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
      () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      () => `GET /${'a'.repeat(chance.below(40_000))} HTTP/1.1\r\n${HOST}\r\n`,
    ])(),
  method: (chance, token) =>
    `${chance.pick(METHODS)} ${chance.pick(PATHS.filter((path) => !path.startsWith('/job?nextjob')))} HTTP/1.1\r\n${HOST}${credentials(chance, token)}Connection: close\r\n\r\n`,
  path: (chance, token) =>
    `${chance.pick(['GET', 'POST', 'HEAD'])} ${chance.pick(TRICKS)}${chance.below(2) ? chance.pick(ODD) : ''} HTTP/1.1\r\n${HOST}${credentials(chance, token)}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  query: (chance, token) =>
    `GET ${chance.pick(PATHS)}${chance.pick(['?', '&'])}${encodeURIComponent(chance.pick(ODD))}=${chance.pick(['1', '%', '%u0031', '+', 'a'.repeat(5000)])} HTTP/1.1\r\n${HOST}${credentials(chance, token)}Connection: close\r\n\r\n`,
  headers: (chance, token) =>
    `GET ${chance.pick(['/status', '/summary', '/job?jobid=1'])} HTTP/1.1\r\n${HOST}${credentials(chance, token)}${chance.pick(
      [
        () => `X: ${'y'.repeat(chance.below(60_000))}\r\n`,
        () => 'X: y\r\n'.repeat(chance.below(4000)),
        () => `${chance.bytes(20)}: ${chance.bytes(20)}\r\n`,
        () => `X: a${chance.pick(ODD)}b\r\n`,
        () => 'no colon\r\n',
        () => ': no name\r\n',
        () => ' folded: x\r\n',
        () => 'X : y\r\n',
        () => 'Host: localhost\r\nHost: evil.example\r\n',
        () =>
          `Accept: ${chance.pick(['text/html;q=NaN', ';;;', ',,,', '*/*;q=-1', 'a/b;q=1e400', 'text/html,'.repeat(1000)])}\r\n`,
        () =>
          `Cookie: ${chance.pick(['=', ';;;', 'replay_session_0=x', 'a=b;'.repeat(2000), '__proto__=1'])}\r\n`,
        () =>
          `Authorization: ${chance.pick(['', 'Bearer', 'Basic', 'Basic ====', `Basic ${'QQ'.repeat(5000)}`, 'Negotiate x', 'Bearer a b c', 'Bearer \u00e9'])}\r\n`,
        () => 'Authorization: Bearer a\r\nAuthorization: Bearer b\r\n',
        () => `If-Match: ${chance.pick(['*', '"', 'W/"x"', '"a",'.repeat(2000)])}\r\n`,
        () => `X-Replay-Worker: ${chance.pick(ODD)}${'w'.repeat(chance.below(3000))}\r\n`,
        () => 'X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\n',
        () => 'Expect: 200-ok\r\n',
        () => 'Upgrade: websocket\r\nConnection: Upgrade\r\n',
        () => 'Range: bytes=0-0,1-1\r\n',
      ],
    )()}Connection: close\r\n\r\n`,
  body: (chance, token) => {
    const body = Buffer.from(chance.pick(BODIES)(chance)).toString('latin1');
    const path = chance.pick([
      '/job?jobid=1',
      '/job?jobid=99',
      '/job',
      '/config',
      '/job/log?jobid=2',
      '/signin',
      '/signout',
      '/host/selfcheck',
      '/host/clear?worker=',
      '/host/report',
      '/hosts',
      '/status',
    ]);
    const version = chance.pick(['', 'If-Match: *\r\n', 'If-Match: "0"\r\n', 'ETag: 0\r\n']);
    const type = chance.pick([
      '',
      'Content-Type: application/json\r\n',
      'Content-Type: text/plain\r\n',
      'Content-Type: multipart/form-data\r\n',
    ]);
    const encoding = chance.pick(['', '', 'Content-Encoding: gzip\r\n']);
    return `POST ${path} HTTP/1.1\r\n${HOST}${credentials(chance, token)}${version}${type}${encoding}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  },
  length: (chance, token) =>
    `POST /config HTTP/1.1\r\n${HOST}${credentials(chance, token)}${chance.pick(['Content-Length: -1', 'Content-Length: 1e3', 'Content-Length: 99999999999999999999', 'Content-Length: 5\r\nContent-Length: 6', 'Content-Length: 3\r\nTransfer-Encoding: chunked', 'Content-Length: ', 'Content-Length: 100', 'Content-Length: 0x10'])}\r\nConnection: close\r\n\r\n{"a"`,
  chunks: (chance, token) =>
    `POST ${chance.pick(['/config', '/job?jobid=1', '/job/log?jobid=1'])} HTTP/1.1\r\n${HOST}${credentials(chance, token)}Transfer-Encoding: ${chance.pick(['chunked', 'chunked', 'chunked', 'gzip, chunked', 'chunked, identity', 'xchunked', ' chunked '])}\r\nConnection: close\r\n\r\n${chance.pick(
      [
        'ZZ\r\nabc\r\n0\r\n\r\n',
        '-1\r\nabc\r\n0\r\n\r\n',
        'FFFFFFFFFFFFFFFFF\r\nabc',
        '5\r\nabc',
        '3\r\nabcdef\r\n0\r\n\r\n',
        `${'1\r\na\r\n'.repeat(5000)}0\r\n\r\n`,
        `3;${'x'.repeat(20_000)}\r\nabc\r\n0\r\n\r\n`,
        '0\r\nTrailer: x\r\n\r\n',
        `0\r\n${'T: x\r\n'.repeat(5000)}\r\n`,
        '0\r\n\r\nGET /status HTTP/1.1\r\nHost: localhost\r\n\r\n',
        '3\nabc\n0\n\n',
        '',
      ],
    )}`,
  pipeline: (chance, token) =>
    `GET ${chance.pick(['/healthcheck', '/summary', '/nothing'])} HTTP/1.1\r\n${HOST}${credentials(chance, token)}\r\n`.repeat(
      1 + chance.below(60),
    ) + chance.pick(['', 'garbage\r\n\r\n', chance.bytes(50)]),
  'cut off': (chance, token) => {
    const whole = `POST /job?jobid=1 HTTP/1.1\r\n${HOST}${credentials(chance, token)}If-Match: *\r\nContent-Length: 40\r\n\r\n{"status": "NOT_A_STATUS", "x": "yyyyyy"}`;
    return whole.slice(0, chance.below(whole.length));
  },
  noise: (chance) => chance.bytes(1 + chance.below(3000)),
  'bent bytes': (chance, token) => {
    const whole = `GET /status HTTP/1.1\r\n${HOST}${credentials(chance, token)}Accept: application/json\r\nConnection: close\r\n\r\n`;
    const at = chance.below(whole.length);
    return whole.slice(0, at) + chance.bytes(1 + chance.below(4)) + whole.slice(at + chance.below(4));
  },
};

/**
 * @param token of the orchestrator that is attacked; null: it is open
 */
export function hostileRequests(count: number, token: string | null, seed = 20261122): Attack[] {
  const chance = new Chance(seed);
  const kinds = Object.entries(KINDS);
  return Array.from({ length: count }, (_, index) => {
    const [kind, make] = kinds[index % kinds.length]!;
    return { name: `${kind} ${index}`, bytes: Buffer.from(make(chance, token), 'latin1') };
  });
}
