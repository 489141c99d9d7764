import { commands as helpCommands } from '@oclif/plugin-help';
import { type Command, Parser } from '@oclif/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { COMMANDS } from '../../src/commands/index.ts';

const OWN = Object.entries(COMMANDS).filter(([id]) => !Object.hasOwn(helpCommands, id));

/** An example as it is typed, without what the shell does with its output. */
function wordsOf(example: unknown, id: string): string[] {
  const text = typeof example === 'string' ? example : (example as { command: string }).command;
  return text
    .replace('<%= config.bin %>', 'replay')
    .replace('<%= command.id %>', id.replaceAll(':', ' '))
    .replace(/ [|>] .*$/u, '')
    .replace(/^source <\((.*)\)$/u, '$1')
    .split(' ')
    .map((word) => word.replace(/^'(.*)'$/u, '$1'));
}

describe.each(OWN)('the help of %s', (id, command) => {
  const examples: readonly unknown[] = command.examples ?? [];

  // Nothing of the environment may make up for what an example leaves out.
  beforeEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith('REPLAY_')) vi.stubEnv(name, undefined);
  });
  afterEach(() => vi.unstubAllEnvs());

  test('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(2);
  });

  test.each(examples)('has an example that can be typed: %s', async (example) => {
    const path = ['replay', ...id.split(':')];
    const words = wordsOf(example, id);
    expect(words.slice(0, path.length)).toEqual(path);
    const { args, flags, strict } = command as typeof Command;
    await Parser.parse(words.slice(path.length), { args, flags, strict });
  });
});
