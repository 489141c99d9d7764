import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../../bin/cli-config.ts';
import { checkEntries } from '../../../../src/commands/support/defaults/check-entries.ts';
import { commandFlags } from '../../../../src/commands/support/defaults/command-flags.ts';
import { readEntries } from '../../../../src/commands/support/defaults/entries.ts';

const commands = await commandFlags(await loadConfig());

async function mistakesOf(text: string, isShared = false): Promise<string[]> {
  const { entries, mistakes } = readEntries(text);
  const checked = await checkEntries(entries, commands, { path: '/cfg/config.json', isShared });
  return [...mistakes, ...checked].map(({ place, message }) => `${place.line}:${place.column} ${message}`);
}

describe('a file with defaults', () => {
  test.each([
    '',
    ' // nothing\n',
    '{}',
    '\uFEFF{ /* mark */ "orchestrator": "10.0.0.5", }',
    '{"orchestrator": "10.0.0.5", "json": true, "log-level": "warn", "port": 0}',
    '{"serve": {"port": 65535, "update-config": false, "retries": "all=0"}, "work": {"peer": ["a:1", "b:2"]}}',
    '{"jobs": {"json": true}, "jobs retry": {"failed": true}}',
    '{"json": false, "report": {"format": "html"}}',
    '{"json": true, "report": {"format": "html"}}',
  ])('may be %j', async (text) => {
    expect(await mistakesOf(text)).toEqual([]);
  });

  test.each([
    ['[]', '1:1 expected an object, {"orchestrator": "10.0.0.5"}'],
    ['{\n  "json" true}', '2:10 this is not valid JSON (ColonExpected)'],
    ['{"json": true, "json": false}', '1:16 "json" is there twice'],
    ['{"orchestator": "x"}', '1:2 orchestator: there is no such flag; did you mean "orchestrator"?'],
    ['{"frobnicate": 1}', '1:2 frobnicate: there is no such flag; replay COMMAND --help has them'],
    ['{"serve": {"prot": 1}}', '1:12 serve, prot: there is no such flag of serve; did you mean "port"?'],
    ['{"jobs retri": {}}', '1:2 jobs retri: there is no such command; did you mean "jobs retry"?'],
    ['{"jobs": {"retry": {"json": true}}}', '1:11 jobs, retry: write it at the top, as "jobs retry"'],
    ['{"json": "yes"}', '1:2 json: expected true or false, got "yes"'],
    ['{"port": "4000"}', '1:2 port: expected a whole number, got "4000"'],
    ['{"port": 70000}', '1:2 port: expected an integer less than or equal to 65535 but received: 70000'],
    ['{"orchestrator": 5}', '1:2 orchestrator: expected text in double quotes, got 5'],
    ['{"orchestrator": ""}', '1:2 orchestrator: expected text in double quotes, got ""'],
    ['{"peer": [5]}', '1:2 peer: expected text, or a list of texts, got 5'],
    [
      '{"log-level": "wran"}',
      '1:2 log-level: expected one of debug, info, warn, error, got "wran"; did you mean "warn"?',
    ],
    ['{"token-file": "t", "no-auth": true}', '1:21 no-auth: contradicts "token-file" above it'],
    [
      '{"work": {"once": true, "exit-when-drained": true}}',
      '1:25 work, exit-when-drained: contradicts "once" above it',
    ],
  ])('may not be %j', async (text, mistake) => {
    expect(await mistakesOf(text)).toEqual([mistake]);
  });

  test.each(['data-dir', 'failed', 'format'])(
    'may not have %s for all commands: it means different things',
    async (key) => {
      const value = key === 'data-dir' ? '"x"' : 'true';
      expect(await mistakesOf(`{"${key}": ${value}}`)).toEqual([
        expect.stringContaining(`${key}: means different things to`),
      ]);
    },
  );

  test('has all of its mistakes told at once', async () => {
    expect(await mistakesOf('{"a": 1,\n"port": -1,\n"serve": {"order": "x"}}')).toHaveLength(3);
  });

  test('may have a token only when nobody else can read it', async () => {
    const text = '{"token": "a-token-that-is-long-enough"}';
    expect(await mistakesOf(text)).toEqual([]);
    expect(await mistakesOf(text, true)).toEqual([
      expect.stringMatching(/^1:2 token: a secret, .*chmod 600/u),
    ]);
    expect(await mistakesOf('{"token-file": "t"}', true)).toEqual([]);
  });

  test('is not repeated where it may hold a secret', async () => {
    expect(await mistakesOf('{"token": ["hidden"]}')).toEqual([expect.not.stringContaining('hidden')]);
  });
});
