import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  checkNotEmpty,
  checkSwitches,
  explainUsage,
  usageMessage,
  withVariable,
} from '../../../src/commands/support/usage.ts';

const FLAGS = {
  port: { type: 'option', env: 'REPLAY_PORT' },
  once: { type: 'boolean' },
  'update-config': { type: 'boolean', env: 'REPLAY_UPDATE_CONFIG' },
};

describe('what is wrong with a command line', () => {
  test.each([
    [
      'Parsing --port \n\tExpected an integer but received: x\nSee more help with --help',
      '--port: expected an integer but received: x',
    ],
    [
      'The following error occurred:\n  Missing required flag config\nSee more help with --help',
      'Missing required flag --config',
    ],
    ['Nonexistent flag: --bogus\nSee more help with --help', 'Unknown flag: --bogus'],
  ])('%j', (theirs, ours) => {
    expect(usageMessage(theirs)).toBe(ours);
  });
});

describe('what was probably meant', () => {
  const line = {
    command: 'jobs retry',
    flags: {
      orchestrator: { type: 'option' },
      format: { type: 'option' },
      'update-config': { type: 'boolean', allowNo: true },
    },
    argv: [],
  };
  const help = '`replay jobs retry --help` has all flags and arguments.';

  test.each([
    [['--orchestator'], 'Did you mean --orchestrator? '],
    [['--orchestator=10.0.0.5'], 'Did you mean --orchestrator? '],
    [['--no-update-confg'], 'Did you mean --no-update-config? '],
    [['--zzz', '--frmat'], 'Did you mean --format? '],
    [['--frobnicate'], ''],
    [['-x'], ''],
  ])('by %j', (typed, expected) => {
    const error = Object.assign(new Error(`Nonexistent flag: ${typed.join(', ')}`), { flags: typed });
    expect(explainUsage(error, line)).toMatchObject({
      code: 'USAGE',
      exitCode: 2,
      message: `Unknown flag: ${typed.join(', ')}`,
      hint: `${expected}${help}`,
    });
  });

  test.each([
    ['--format=htm', 'Did you mean --format html? '],
    ['--format=docx', ''],
    ['htlm', 'Did you mean html? '],
  ])('by the value %s', (value, expected) => {
    const error = new Error(`Expected ${value} to be one of: text, html\nSee more help with --help`);
    expect(explainUsage(error, line)).toMatchObject({
      message: `Expected ${value} to be one of: text, html`,
      hint: `${expected}${help}`,
    });
  });
});

describe('a value from the environment', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('is named by its variable', () => {
    vi.stubEnv('REPLAY_PORT', 'x');
    expect(withVariable('--port: expected an integer', FLAGS, ['-c', 'm.json'])).toBe(
      '--port: expected an integer (from the environment variable REPLAY_PORT)',
    );
  });

  test.each([[['--port', 'x']], [['--port=x']]])('is not at fault for %j', (argv) => {
    vi.stubEnv('REPLAY_PORT', '4000');
    expect(withVariable('--port: expected an integer', FLAGS, argv)).toBe('--port: expected an integer');
  });

  test('that is neither yes nor no is refused', () => {
    expect(() => checkSwitches(FLAGS, { REPLAY_UPDATE_CONFIG: 'on' })).toThrow(
      'The environment variable REPLAY_UPDATE_CONFIG (--update-config) is "on".',
    );
  });

  test.each(['', '0', '1', 'TRUE', 'no'])('%j is yes, no, or nothing', (value) => {
    expect(() => checkSwitches(FLAGS, { REPLAY_UPDATE_CONFIG: value })).not.toThrow();
  });
});

test('a flag with nothing in it is refused', () => {
  expect(() => checkNotEmpty({ config: 'm.json', 'data-dir': '' })).toThrow('--data-dir is empty.');
  expect(() => checkNotEmpty({ config: 'm.json', token: undefined, peer: [], port: 0 })).not.toThrow();
});
