import { describe, expect, test } from 'vitest';
import {
  addressGroup,
  isLoopback,
  plainAddress,
} from '../../../../src/core/orchestrator/access/addresses.ts';
import { asksForAnotherRun } from '../../../../src/core/orchestrator/access/another-run.ts';
import { readCookie, setCookie } from '../../../../src/core/orchestrator/access/cookie.ts';
import { readCredentials } from '../../../../src/core/orchestrator/access/credentials.ts';
import { isOwnHost } from '../../../../src/core/orchestrator/access/host-check.ts';
import { originOf } from '../../../../src/core/orchestrator/access/origin-check.ts';
import { includes, RIGHTS, type Right } from '../../../../src/core/orchestrator/access/rights.ts';
import { localPath } from '../../../../src/core/orchestrator/access/sign-in-routes.ts';
import { hashToken, makeToken, tokenProblem } from '../../../../src/core/orchestrator/access/token.ts';

describe('rights', () => {
  test.each<[Right[], Right[]]>([
    [[], []],
    [['read'], ['read']],
    [['work'], ['read', 'work']],
    [['admin'], ['read', 'work', 'admin']],
    [
      ['read', 'work'],
      ['read', 'work'],
    ],
  ])('%j give %j', (held, given) => {
    expect(RIGHTS.filter((right) => includes(held, right))).toEqual(given);
  });
});

describe('tokens', () => {
  test('are 32 random bytes behind a prefix by which they are known', () => {
    expect(makeToken()).toMatch(/^rpl_[A-Za-z0-9_-]{43}$/);
    expect(makeToken(() => Buffer.alloc(32))).toBe(`rpl_${'A'.repeat(43)}`);
    expect(makeToken()).not.toBe(makeToken());
    expect(tokenProblem(makeToken())).toBeNull();
  });

  test('are kept as their SHA-256', () => {
    expect(hashToken('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  test.each([
    ['tiny', 'shorter than 16'],
    ['x'.repeat(513), 'longer than 512'],
    ['sixteen and more characters', 'a space'],
    ['sechzehn-zeichen-oder-mähr', 'not ASCII'],
    ['line\nbreak-in-the-middle', 'a space'],
    ['aaaaaaaaaaaaaaaaaaaa', 'fewer than six different'],
  ])('%j is no good, and is not repeated', (token, problem) => {
    expect(tokenProblem(token)).toContain(problem);
    expect(tokenProblem(token)).not.toContain(token);
  });
});

describe('the header Authorization', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  test.each([
    [undefined, { kind: 'none' }],
    ['', { kind: 'none' }],
    ['Bearer abc', { kind: 'token', scheme: 'bearer', token: 'abc' }],
    ['bearer  abc ', { kind: 'token', scheme: 'bearer', token: 'abc' }],
    ['Bearer', { kind: 'malformed' }],
    ['Bearer a b', { kind: 'malformed' }],
    ['Digest abc', { kind: 'malformed' }],
    ['abc', { kind: 'malformed' }],
    [basic('anybody:abc'), { kind: 'token', scheme: 'basic', token: 'abc' }],
    [basic(':abc'), { kind: 'token', scheme: 'basic', token: 'abc' }],
    [basic('u:a:b'), { kind: 'token', scheme: 'basic', token: 'a:b' }],
    [basic('abc'), { kind: 'malformed' }],
    [basic('abc:'), { kind: 'malformed' }],
    ['Basic !!!', { kind: 'malformed' }],
  ])('%j', (header, credentials) => {
    expect(readCredentials(header)).toEqual(credentials);
  });
});

describe('the host a request was sent to', () => {
  const local = { loopback: true, names: ['replay.internal'] };
  const network = { loopback: false, names: ['replay.internal'] };

  test.each([
    ['localhost', true, true],
    ['LocalHost:4000', true, true],
    ['localhost.', true, true],
    ['127.0.0.1:4000', true, true],
    ['127.8.9.1', true, true],
    ['[::1]:4000', true, true],
    ['replay.internal:4000', true, true],
    ['10.0.0.5:4000', false, true],
    ['[fd00::5]', false, true],
    ['evil.example:4000', false, false],
    ['localhost.evil.example', false, false],
    ['127.0.0.1.evil.example', false, false],
    ['evil.example@127.0.0.1', false, false],
    ['127.0.0.1/evil', false, false],
    ['127.0.0.1 evil', false, false],
    ['2130706433', false, false],
    ['', false, false],
    [undefined, false, false],
  ])('%j: on loopback %s, elsewhere %s', (header, onLoopback, elsewhere) => {
    expect([isOwnHost(header, local), isOwnHost(header, network)]).toEqual([onLoopback, elsewhere]);
  });
});

describe('the page a request comes from', () => {
  const host = '10.0.0.5:4000';

  test.each([
    [{}, 'unknown'],
    [{ origin: 'http://10.0.0.5:4000' }, 'own'],
    [{ origin: 'https://10.0.0.5:4000' }, 'own'],
    [{ origin: 'http://10.0.0.5:4001' }, 'foreign'],
    [{ origin: 'http://10.0.0.5' }, 'foreign'],
    [{ origin: 'http://evil.example' }, 'foreign'],
    [{ origin: 'null' }, 'foreign'],
    [{ origin: '' }, 'foreign'],
    [{ secFetchSite: 'same-origin' }, 'own'],
    [{ secFetchSite: 'none' }, 'own'],
    [{ secFetchSite: 'same-site' }, 'foreign'],
    [{ secFetchSite: 'cross-site' }, 'foreign'],
    [{ secFetchSite: 'cross-site', origin: 'http://10.0.0.5:4000' }, 'foreign'],
    [{ secFetchSite: 'anything' }, 'foreign'],
  ])('%j is %s', (headers, origin) => {
    expect(originOf({ host, origin: undefined, secFetchSite: undefined, ...headers })).toBe(origin);
  });
});

describe('addresses', () => {
  test.each([
    ['127.0.0.1', true],
    ['127.3.2.1', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.5', false],
    ['127.evil.example', false],
  ])('%s is loopback: %s', (host, loopback) => {
    expect(isLoopback(host)).toBe(loopback);
  });

  test.each([
    ['10.0.0.5', '10.0.0.5'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });

  test('an IPv4 address in IPv6 clothes is one', () => {
    expect(plainAddress('::ffff:10.0.0.5')).toBe('10.0.0.5');
    expect(plainAddress(undefined)).toBe('unknown');
  });
});

describe('cookies', () => {
  test('cannot be read by scripts, nor sent along by other sites', () => {
    const cookie = { name: 'n', value: 'v', maxAgeSeconds: 60 };
    expect(setCookie({ ...cookie, secure: false })).toBe(
      'n=v; Path=/; Max-Age=60; HttpOnly; SameSite=Strict',
    );
    expect(setCookie({ ...cookie, secure: true })).toMatch(/; Secure$/);
  });

  test.each([
    [undefined, null],
    ['n=1', '1'],
    ['a=0; n=1; b=2', '1'],
    ['nn=0', null],
    ['n', null],
    [';;=;n=a=b', 'a=b'],
  ])('%j', (header, value) => {
    expect(readCookie(header, 'n')).toBe(value);
  });
});

describe('where to go after signing in', () => {
  test.each(['/status', '/job?jobid=7&x=%2f', '/'])('%s', (path) => {
    expect(localPath(path)).toBe(path);
  });

  test.each([
    null,
    '',
    'status',
    '//evil.example',
    '/\\evil.example',
    '/a\\b',
    'https://evil.example',
    '/a\r\nSet-Cookie: x=y',
    '/a b',
    '/ä',
    `/${'x'.repeat(2001)}`,
  ])('not to %j', (path) => {
    expect(localPath(path)).toBe('/');
  });
});

describe('an update that is a decision about the job', () => {
  test.each([
    ['COMPLETE', 'WAITING_4_WORKER', null, true],
    ['HASH_MISMATCH', 'WAITING_4_WORKER', null, true],
    ['ERROR', 'WAITING_4_WORKER', 'worker a', true],
    ['TIMEOUT', 'WAITING_4_WORKER', null, true],
    ['WORKING', 'WAITING_4_WORKER', 'worker a', false],
    ['WORKING', 'WAITING_4_WORKER', 'worker b', true],
    ['STARTED', 'WAITING_4_WORKER', null, true],
    ['WAITING_4_WORKER', 'STARTED', null, false],
    ['WAITING_4_WORKER', 'WAITING_4_WORKER', null, false],
    ['WORKING', 'ERROR', 'worker b', false],
    ['WORKING', 'COMPLETE', 'worker a', false],
  ] as const)('%s → %s, held by %s, asked by worker a: %s', (before, wanted, holder, expected) => {
    expect(asksForAnotherRun({ before, wanted, holder, caller: 'worker a' })).toBe(expected);
  });
});
