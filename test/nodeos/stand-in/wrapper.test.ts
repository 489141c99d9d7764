import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type StandInWrapper,
  shellQuote,
  writeStandInWrapper,
} from '../../../src/nodeos/stand-in/wrapper.ts';
import { type Sample, sample } from './sample.ts';
import { freePort, putConfig, temporaryFolder } from './support.ts';

const COMMAND = [process.execPath, fileURLToPath(new URL('./entry.ts', import.meta.url))];

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Watched {
  /** Called with all of stderr so far, whenever there is more. */
  onText?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

function start(path: string, argv: readonly string[], watched: Watched = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(path, argv, { env: { PATH: process.env['PATH'] } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8');
      watched.onText?.(stderr, (signal) => child.kill(signal));
    });
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** A wrapper, and the arguments for a slice whose end is never reached. */
async function endless(
  made: Sample,
  wrapper: Partial<StandInWrapper> = {},
): Promise<{ path: string; argv: string[] }> {
  const folder = temporaryFolder();
  const path = await writeStandInWrapper(join(folder, 'bin'), {
    command: COMMAND,
    version: '1.2.2',
    ...wrapper,
  });
  const product = wrapper.version === '5.0.3' ? 'leap' : 'spring';
  const ports = [
    `http-server-address = 127.0.0.1:${await freePort()}`,
    `p2p-listen-endpoint = 127.0.0.1:${await freePort()}`,
  ];
  putConfig(join(folder, 'config'), [...ports, 'plugin = eosio::chain_api_plugin'], product);
  const argv = ['--genesis-json', join(made.folder, 'genesis.json'), '--data-dir', join(folder, 'data')];
  return { path, argv: [...argv, '--config-dir', join(folder, 'config')] };
}

/** Sends the signal once, when the text has been printed. */
function killAfter(text: string, signal: NodeJS.Signals): Watched['onText'] {
  let isSent = false;
  return (all, kill) => {
    if (isSent || !all.includes(text)) return;
    isSent = true;
    kill(signal);
  };
}
const OPEN = 'for API categories: all';

describe('the wrapper called nodeos', () => {
  it('is a script that says that it is no nodeos', async () => {
    const folder = temporaryFolder();
    const wrapper = {
      command: ['/opt/re play', "it's"],
      version: '5.0.3',
      faults: 'crash@5',
      blocksPerSecond: 200,
    };
    const path = await writeStandInWrapper(folder, wrapper);
    expect(path).toBe(join(folder, 'nodeos'));
    expect(readFileSync(path, 'utf8')).toBe(
      "#!/bin/sh\n# This is not nodeos. It starts a stand-in whose results are rehearsals only.\nexec '/opt/re play' 'it'\\''s' '--stand-in-version' '5.0.3' '--stand-in-faults' 'crash@5' '--stand-in-blocks-per-second' '200' '--' \"$@\"\n",
    );
  });

  it.each(['plain', 'two words', "it's", '$HOME', '`id`', '"', '\\', '*', ';', '', 'line\nbreak'])(
    'quotes %j',
    async (word) => {
      const { stdout } = await start('/bin/sh', ['-c', `printf %s ${shellQuote(word)}`]);
      expect(stdout).toBe(word);
    },
  );

  it('passes arguments and exit code on', async () => {
    const path = await writeStandInWrapper(temporaryFolder(), { command: COMMAND, version: '5.0.3' });
    expect(await start(path, ['--version'])).toMatchObject({
      code: 0,
      stdout: 'v5.0.3-stand-in\n',
      stderr: '',
    });
    expect(await start(path, ['--two words'])).toMatchObject({ code: 254 });
  });
});

describe('signals', () => {
  it.each([
    ['SIGTERM', '1.2.2'],
    ['SIGINT', '1.2.2'],
    ['SIGTERM', '5.0.3'],
    ['SIGHUP', '5.0.3'],
  ] as const)('%s ends %s in order', async (signal, version) => {
    const { path, argv } = await endless(await sample(), { version });
    const ended = await start(path, argv, { onText: killAfter(OPEN, signal) });
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.stderr).toMatch(/nodeos successfully exiting\n$/);
  });

  it('SIGHUP kills Spring', async () => {
    const { path, argv } = await endless(await sample());
    const ended = await start(path, argv, { onText: killAfter(OPEN, 'SIGHUP') });
    expect(ended).toMatchObject({ code: null, signal: 'SIGHUP' });
  });

  it('SIGTERM has no effect when it is to be ignored', async () => {
    const { path, argv } = await endless(await sample(), { faults: 'ignore-sigterm' });
    let isKilled = false;
    const ended = await start(path, argv, {
      onText: (text, kill) => {
        if (!text.includes(OPEN) || isKilled) return;
        isKilled = true;
        kill('SIGTERM');
        kill('SIGKILL');
      },
    });
    expect(ended).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(ended.stderr).not.toContain('quit called');
  });

  it.each([
    ['crash', 'SIGABRT'],
    ['sigbus', 'SIGBUS'],
    ['oom', 'SIGKILL'],
  ])('the fault %s ends the process by %s', async (fault, signal) => {
    const made = await sample();
    const { path, argv } = await endless(made, { faults: `${fault}@20` });
    const ended = await start(path, [
      ...argv,
      '--blocks-dir',
      join(made.folder, 'blocks'),
      '--blocks-log-stride',
      '70',
    ]);
    expect(ended).toMatchObject({ code: null, signal });
    expect(ended.stderr).toMatch(/attempting to replay from 2 to 400 blocks\n$/);
  });
});

describe('a reader that goes away', () => {
  it('does not stop it', async () => {
    const made = await sample();
    const { path, argv } = await endless(made);
    const more = [
      '--blocks-dir',
      join(made.folder, 'blocks'),
      '--blocks-log-stride',
      '70',
      '--terminate-at-block',
      '300',
    ];
    const child = spawn(path, [...argv, ...more], { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.destroy();
    const code = await new Promise((resolve) => {
      child.on('exit', resolve);
    });
    expect(code).toBe(0);
    const data = argv[argv.indexOf('--data-dir') + 1] ?? '';
    expect(readFileSync(join(data, 'state/shared_memory.bin'), 'utf8')).toContain('"block":300');
  });
});
