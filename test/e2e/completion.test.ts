/** The completion scripts of the built file, loaded by the shells that they are for. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import surface from '../../oclif.manifest.json' with { type: 'json' };
import { shellQuote } from '../../src/commands/support/completion/quote.ts';
import { Scene } from './support/scene.ts';

const run = promisify(execFile);
const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** Answers a line with the words that the shell would offer, one a line; `!files` stands for files. */
const ASK: Record<Shell, (script: string, words: readonly string[]) => string> = {
  // What readline does: the words of the line, one of them under the cursor.
  bash: (script, words) => `
    source ${script}
    compopt() { echo "!files"; }
    COMP_WORDS=(${words.map(shellQuote).join(' ')}); COMP_CWORD=${words.length - 1}
    $(complete -p replay | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
    printf '%s\\n' "\${COMPREPLY[@]}"`,
  // The functions of zsh's completion system write down what they are given.
  zsh: (script, words) => `
    compdef() { :; }
    _describe() { print -rl -- \${next%%:*}; }
    _arguments() { for spec in "$@"; do print -r -- "$spec"; done; }
    source ${script}
    words=(${words.map(shellQuote).join(' ')}); CURRENT=${words.length}
    _replay`,
  fish: (script, words) => `source ${script}; complete -C ${shellQuote(words.join(' '))}`,
};

async function ask(scene: Scene, shell: Shell, words: readonly string[]): Promise<string> {
  const { stdout } = await scene.run(['completion', shell]);
  const script = await scene.write(`completion.${shell}`, stdout);
  const { stdout: offered } = await run(shell, ['-c', ASK[shell](script, words)], { cwd: scene.folder });
  return offered;
}

describe.each(SHELLS)('%s', (shell) => {
  test.each<[string[], string[]]>([
    [[''], ['completion', 'jobs', 'serve', 'status', 'work']],
    [
      ['jobs', ''],
      ['cancel', 'logs', 'retry'],
    ],
    [
      ['help', 'jobs', ''],
      ['cancel', 'logs', 'retry'],
    ],
    [
      ['report', '--format', ''],
      ['text', 'html', 'junit'],
    ],
    [['work', '--log-level', ''], ['debug']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [
      ['jobs', 'retry', '--f'],
      ['--failed', '--force'],
    ],
  ])('offers for %j: %j', async (line, expected) => {
    const scene = await Scene.create();
    const offered = await ask(scene, shell, ['replay', ...line]);
    for (const word of expected)
      expect(offered).toMatch(new RegExp(`(?:^|[^a-z-])${word}(?:$|[^a-z-])`, 'mu'));
  });

  test.each([[['bogus', '']], [['jobs', 'bogus', '']]])('offers nothing after %j', async (line) => {
    const scene = await Scene.create();
    expect((await ask(scene, shell, ['replay', ...line]).catch(() => '')).trim()).toBe('');
  });

  test('offers files where a file is wanted', async () => {
    const scene = await Scene.create();
    await scene.write('a-manifest.json', '[]');
    const offered = await ask(scene, shell, ['replay', 'serve', '--config', 'a-man']);
    expect(offered).toMatch(/!files|--config=\}?.*:file:_files|a-manifest\.json/u);
  });

  test.each(Object.entries(surface.commands))('knows every flag of %s', async (id, { flags }) => {
    const scene = await Scene.create();
    const offered = await ask(scene, shell, ['replay', ...id.split(':'), '--']);
    const missing = Object.keys(flags).filter(
      (name) => !new RegExp(`--${name}(?![a-z-])`, 'u').test(offered),
    );
    expect(missing).toEqual([]);
  });
});

test('bash takes a value after an equals sign, which it makes a word of', async () => {
  const scene = await Scene.create();
  expect(await ask(scene, 'bash', ['replay', 'report', '--format', '=', 'h'])).toBe('html\n');
  expect(await ask(scene, 'bash', ['./dist/replay', 'report', '--format', '='])).toContain('junit');
});

test('a script for another shell is wrong usage', async () => {
  const scene = await Scene.create();
  const { code, stderr } = await scene.run(['completion', 'bsh']);
  expect(code).toBe(2);
  expect(stderr).toContain('Did you mean bash?');
});
