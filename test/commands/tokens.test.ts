import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@oclif/core';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { loadConfig } from '../../bin/cli-config.ts';
import { createJoinToken, joinWith } from '../../src/core/orchestrator/access/join-tokens.ts';
import { createToken, listTokens } from '../../src/core/orchestrator/access/manage-tokens.ts';
import { presentError } from '../../src/commands/support/present-error.ts';

async function replay(...argv: string[]) {
  process.exitCode = undefined;
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }),
  );
  try {
    await run(argv, await loadConfig()).catch((error: unknown) => presentError(error, argv));
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return { ...written, code: (process as { exitCode?: number }).exitCode ?? 0 };
}

async function dataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-tokens-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

afterEach(() => {
  process.exitCode = undefined;
});

describe('replay tokens', () => {
  test('create prints the token alone on stdout, list shows it without itself, revoke removes it', async () => {
    const folder = await dataDir();
    const made = await replay(
      'tokens',
      'create',
      '--data-dir',
      folder,
      '--rights',
      'admin,read',
      '--name',
      'night run',
    );
    expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^rpl_[\w-]{43}\n$/)]);
    const token = made.stdout.trim();
    expect(await readFile(join(folder, 'tokens.json'), 'utf8')).not.toContain(token);

    const listed = await replay('tokens', 'list', '--data-dir', folder);
    expect(listed.stdout).toMatch(
      /^ID +NAME +RIGHTS +CREATED +EXPIRES\n\w{8} +night run +read,admin .* never\n$/,
    );
    expect(listed.stdout).not.toContain(token);

    const id = listed.stdout.split('\n')[1]?.split(' ')[0] ?? '';
    const revoked = await replay('tokens', 'revoke', id, '--data-dir', folder);
    expect([revoked.code, revoked.stdout]).toEqual([0, `Token ${id} (night run) is revoked.\n`]);
    expect((await replay('tokens', 'list', '--data-dir', folder)).stdout).toMatch(/^There are no tokens/);
    const again = await replay('tokens', 'revoke', id, '--data-dir', folder);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('(TOKEN_NOT_FOUND)')]);
  });

  test('--json is for programs', async () => {
    const folder = await dataDir();
    const made = await replay('tokens', 'create', '--data-dir', folder, '--expires', '1d', '--json');
    const { token, ...record } = JSON.parse(made.stdout) as Record<string, unknown>;
    expect(token).toMatch(/^rpl_/);
    expect(record).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}$/),
      name: null,
      rights: ['read'],
      created_at: expect.stringMatching(/Z$/),
      expires_at: expect.stringMatching(/Z$/),
      join: null,
      joined_with: null,
    });
    const listed = await replay('tokens', 'list', '--data-dir', folder, '--json');
    expect(JSON.parse(listed.stdout)).toEqual({ tokens: [record] });
    const revoked = await replay('tokens', 'revoke', String(record['id']), '--data-dir', folder, '--json');
    expect(JSON.parse(revoked.stdout)).toEqual({ revoked: record, hosts_revoked: [], hosts_left: [] });
  });

  test('create --join makes a token for joining, which list counts', async () => {
    const folder = await dataDir();
    const made = await replay('tokens', 'create', '--data-dir', folder, '--join', '--uses', '20', '--json');
    const { token, rights, join } = JSON.parse(made.stdout) as Record<string, unknown>;
    expect([token, rights, join]).toEqual([expect.stringMatching(/^rpl_/), [], { uses: 20, used: 0 }]);
    const listed = await replay('tokens', 'list', '--data-dir', folder);
    expect(listed.stdout).toContain('join 0/20');
  });

  /** A join token with which two hosts have joined, and another token. */
  async function joined() {
    const folder = await dataDir();
    const terms = { name: null, uses: 5, validForMs: 60_000, workerValidForMs: 60_000 };
    const { token, stored } = await createJoinToken(folder, terms, new Date());
    const join = (name: string, at: Date) =>
      joinWith(folder, { joinToken: token, joinTokenId: stored.id, nonce: name.repeat(40), name }, at);
    await join('a', new Date());
    await join('b', new Date());
    await createToken(folder, { name: 'other', rights: ['read'], validForMs: null }, new Date());
    return { folder, id: stored.id };
  }

  test('list says with which join token a host has joined', async () => {
    const { folder, id } = await joined();
    const { stdout } = await replay('tokens', 'list', '--data-dir', folder);
    expect(stdout.split('\n').map((line) => line.trim().split(/ {2,}/).at(-1))).toEqual([
      'JOINED WITH',
      '-',
      id,
      id,
      '-',
      '',
    ]);
  });

  test('revoke of a join token leaves its hosts, says so, and takes them the second time', async () => {
    const { folder, id } = await joined();
    const revoked = await replay('tokens', 'revoke', id, '--data-dir', folder);
    expect([revoked.code, revoked.stdout]).toEqual([0, `Token ${id} is revoked.\n`]);
    expect(revoked.stderr).toContain('2 hosts that have joined with it keep their own tokens: a, b.');
    expect(revoked.stderr).toContain(`replay tokens revoke ${id} --with-hosts`);
    const again = await replay('tokens', 'revoke', id, '--data-dir', folder);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('2 hosts that have joined')]);
    const all = await replay('tokens', 'revoke', id, '--with-hosts', '--data-dir', folder, '--json');
    expect(JSON.parse(all.stdout)).toMatchObject({
      revoked: null,
      hosts_revoked: [
        { name: 'a', joined_with: id },
        { name: 'b', joined_with: id },
      ],
      hosts_left: [],
    });
    expect((await listTokens(folder)).map(({ name }) => name)).toEqual(['other']);
  });

  test('revoke --with-hosts takes a join token and its hosts, and nobody else', async () => {
    const { folder, id } = await joined();
    const { code, stdout } = await replay('tokens', 'revoke', id, '--with-hosts', '--data-dir', folder);
    expect([code, stdout.split('\n')]).toEqual([
      0,
      [
        `Token ${id} is revoked.`,
        expect.stringMatching(/^Token \w{8} \(a\) is revoked\.$/),
        expect.stringMatching(/\(b\)/),
        '',
      ],
    ]);
    expect((await listTokens(folder)).map(({ name }) => name)).toEqual(['other']);
  });

  test.each([
    [['--uses', '2'], '--join'],
    [['--join', '--expires', '8d'], '7d at most'],
    [['--join', '--rights', 'work'], '--rights'],
    [['--join', '--worker-expires', 'long'], '--worker-expires "long"'],
    [['--rights', 'everything'], 'There is no right "everything".'],
    [['--rights', ''], '--rights is empty.'],
    [['--rights', ','], 'There is no right'],
    [['--expires', '5'], '--expires "5" is not a duration.'],
    [['--name', '\u001b[2J'], 'cannot be used'],
  ])('create %j is wrong usage', async (flags, message) => {
    const { code, stderr, stdout } = await replay(
      'tokens',
      'create',
      '--data-dir',
      await dataDir(),
      ...flags,
    );
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
