import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@oclif/core';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { loadConfig } from '../../bin/cli-config.ts';
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
    expect(JSON.parse(revoked.stdout)).toEqual({ revoked: record });
  });

  test('create --join makes a token for joining, which list counts', async () => {
    const folder = await dataDir();
    const made = await replay('tokens', 'create', '--data-dir', folder, '--join', '--uses', '20', '--json');
    const { token, rights, join } = JSON.parse(made.stdout) as Record<string, unknown>;
    expect([token, rights, join]).toEqual([expect.stringMatching(/^rpl_/), [], { uses: 20, used: 0 }]);
    const listed = await replay('tokens', 'list', '--data-dir', folder);
    expect(listed.stdout).toContain('join 0/20');
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
