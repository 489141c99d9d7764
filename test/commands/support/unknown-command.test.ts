import { describe, expect, test } from 'vitest';
import { explainUnknownCommand } from '../../../src/commands/support/unknown-command.ts';

const IDS = ['help', 'jobs:cancel', 'jobs:logs', 'jobs:retry', 'serve', 'status', 'tokens:list', 'work'];

function explain(message: string): unknown {
  return explainUnknownCommand(new Error(message), IDS);
}

describe('a command that is not there', () => {
  test.each([
    ['statsu', 'statsu', 'Did you mean `replay status`? `replay --help` lists the commands.'],
    ['statsu:7', 'statsu 7', 'Did you mean `replay status`? `replay --help` lists the commands.'],
    ['job', 'job', 'Did you mean `replay jobs`? `replay --help` lists the commands.'],
    ['jobs:rety', 'jobs rety', 'Did you mean `replay jobs retry`? `replay jobs --help` lists the commands.'],
    [
      'jobs:rety:7',
      'jobs rety 7',
      'Did you mean `replay jobs retry`? `replay jobs --help` lists the commands.',
    ],
    ['job:rety:7', 'job rety 7', 'Did you mean `replay jobs retry`? `replay --help` lists the commands.'],
    ['jbos:x', 'jbos x', 'Did you mean `replay jobs`? `replay --help` lists the commands.'],
    ['retry', 'retry', 'Did you mean `replay jobs retry`? `replay --help` lists the commands.'],
    ['jobs:frobnicate', 'jobs frobnicate', '`replay jobs --help` lists the commands.'],
    ['frobnicate', 'frobnicate', '`replay --help` lists the commands.'],
    ['-x', '-x', '`replay --help` lists the commands.'],
  ])('%s', (id, shown, hint) => {
    expect(explain(`command ${id} not found`)).toMatchObject({
      code: 'USAGE',
      exitCode: 2,
      message: `There is no command "${shown}".`,
      hint,
    });
  });

  test('whose help is asked for', () => {
    expect(explain('Command jobs rety not found.')).toMatchObject({
      message: 'There is no command "jobs rety".',
      hint: expect.stringContaining('`replay jobs retry`'),
    });
  });

  test('is none when a word follows a command', () => {
    expect(explain('command status:surplus not found')).toMatchObject({
      code: 'USAGE',
      message: 'Unexpected argument: surplus.',
      hint: '`replay status` takes no arguments; `replay status --help` has its flags.',
    });
  });
});

test('other errors stay as they are', () => {
  const error = new Error('the file was not found');
  expect(explainUnknownCommand(error, IDS)).toBe(error);
  expect(explainUnknownCommand('text', IDS)).toBe('text');
});
