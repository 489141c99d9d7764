import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseDuration } from '../../../src/core/domain/parse-duration.ts';
import { serveAccess, startLines } from '../../../src/commands/support/serve-access.ts';
import { readToken } from '../../../src/commands/support/token.ts';
import { cleanEnv } from '../../../src/nodeos/process/process-env.ts';

const TYPED = (...flags: string[]) => flags.map((flag) => ({ type: 'flag', flag }));
const GOOD = 'a-token-that-is-long-enough';

async function tokenFile(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-token-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'token');
  await writeFile(file, content);
  return file;
}

afterEach(() => vi.unstubAllEnvs());

describe('the token a command is given', () => {
  test('is none when nothing says so', async () => {
    expect(await readToken({}, [])).toBeNull();
  });

  test('comes from the command line before it comes from the environment', async () => {
    const file = await tokenFile('from-the-file\n');
    const both = { token: 'from-the-flag', 'token-file': file };
    // oclif hands over what the environment says as if it had been typed.
    expect(await readToken(both, TYPED('token'))).toBe('from-the-flag');
    expect(await readToken(both, TYPED('token-file'))).toBe('from-the-file');
    expect(await readToken(both, [])).toBe('from-the-flag');
    expect(await readToken({ 'token-file': file }, [])).toBe('from-the-file');
  });

  test('typed in two ways is refused, without being repeated', async () => {
    const both = { token: 'from-the-flag', 'token-file': 'some-file' };
    await expect(readToken(both, TYPED('token', 'token-file'))).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 2,
      message: expect.not.stringContaining('from-the-flag'),
    });
  });

  test.each(['', ' \n', 'two words', 'zwölf'])('%j is no token', async (content) => {
    const file = await tokenFile(content);
    await expect(readToken({ 'token-file': file }, [])).rejects.toMatchObject({ code: 'TOKEN_MALFORMED' });
  });

  test('in a file that cannot be read is an error of the input', async () => {
    const missing = { 'token-file': join(tmpdir(), 'there-is-no-such-token') };
    await expect(readToken(missing, [])).rejects.toMatchObject({
      code: 'TOKEN_FILE_UNREADABLE',
      exitCode: 3,
    });
  });

  test('leaves the environment, and nodeos never has it', async () => {
    vi.stubEnv('REPLAY_TOKEN', GOOD);
    expect(JSON.stringify(cleanEnv(process.env))).not.toContain(GOOD);
    await readToken({ token: GOOD }, []);
    expect(process.env['REPLAY_TOKEN']).toBeUndefined();
  });
});

describe('who gets in, by the flags of serve', () => {
  const flags = { 'no-auth': false, 'max-connections': 10, 'max-connections-per-address': 5 };

  test('is taken over', async () => {
    const given = {
      ...flags,
      token: GOOD,
      'allowed-host': ['a'],
      'trusted-proxy': ['::ffff:10.0.0.1', '::1'],
    };
    expect(await serveAccess(given, TYPED('token'))).toEqual({
      access: { token: GOOD, noAuth: false, allowedHosts: ['a'] },
      trustedProxies: ['10.0.0.1', '::1'],
      limits: { connections: 10, connectionsPerAddress: 5 },
    });
  });

  test('a weak token is refused, without being repeated', async () => {
    const weak = { ...flags, token: 'password1' };
    await expect(serveAccess(weak, TYPED('token'))).rejects.toMatchObject({
      code: 'TOKEN_UNUSABLE',
      exitCode: 2,
      message: expect.not.stringContaining('password1'),
    });
  });

  test('--no-auth contradicts a token that is typed, and passes over one of the environment', async () => {
    const both = { ...flags, 'no-auth': true, token: GOOD };
    await expect(serveAccess(both, TYPED('no-auth', 'token'))).rejects.toMatchObject({ code: 'USAGE' });
    expect((await serveAccess(both, TYPED('no-auth'))).access).toMatchObject({ token: null, noAuth: true });
  });

  test('a proxy is an address', async () => {
    const named = { ...flags, 'trusted-proxy': ['proxy.example'] };
    await expect(serveAccess(named, [])).rejects.toMatchObject({ code: 'PROXY_ADDRESS' });
  });
});

describe('what serve prints', () => {
  const command = 'replay work --orchestrator 10.0.0.5:4000';

  test('is the line to run on a host', () => {
    expect(startLines({ kind: 'open' }, command)).toBe(`On each replay host run: ${command}\n`);
  });

  test('names the file with the token, and the command takes it from a file', () => {
    const lines = startLines({ kind: 'token', source: 'kept', file: 'replay-data/token' }, command);
    expect(lines).toContain('Access token: replay-data/token');
    expect(lines).toContain(`On each replay host run: ${command} --token-file replay.token\n`);
    expect(startLines({ kind: 'token', source: 'given' }, command)).toContain(`${command} --token-file`);
  });
});

describe('a duration', () => {
  test.each([
    ['90s', 90_000],
    ['45m', 2_700_000],
    ['12h', 43_200_000],
    [' 30d ', 2_592_000_000],
  ])('%j', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', '5', 'd', '0d', '-1d', '1.5h', '1w', '99999d', '1d 2h'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});
