import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseArguments, parseConfig } from '../../../src/nodeos/stand-in/command-line.ts';
import { knownOptions } from '../../../src/nodeos/stand-in/option-table.ts';
import { repeatInNewFolder } from './cases.ts';
import { repeat } from './comparison.ts';
import { putLog, run, snapshotBytes, temporaryFolder } from './support.ts';

const chain = 'spring-1.2.2';

describe('versions and their label', () => {
  it.each([
    ['--version', '1.2.2', 'v1.2.2-stand-in\n'],
    ['-v', '5.0.3', 'v5.0.3-stand-in\n'],
    ['--full-version', '4.0.6', `v4.0.6-stand-in-${'0'.repeat(40)}\n`],
  ])('%s of %s', async (option, version, stdout) => {
    const ended = await run([option], { REPLAY_STAND_IN_VERSION: version });
    expect(ended).toEqual({ exit: 0, stdout, stderr: '' });
  });
});

describe('--help', () => {
  it('names the options and says what it is', async () => {
    const { exit, stdout } = await run(['--help']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^Stand-in for nodeos, v1\.2\.2-stand-in: not the real program/);
    expect(stdout).toContain('\n  --terminate-at-block\n');
  });
});

describe('options', () => {
  it.each(['leap', 'spring'] as const)('of %s are all accepted where they may stand', (product) => {
    for (const spec of knownOptions(product).values()) {
      const value = spec.defaultValue ?? (spec.isSwitch ? 'true' : '1');
      const words = spec.isSwitch ? [`--${spec.name}`] : [`--${spec.name}`, value];
      expect(parseArguments(words, product)).toMatchObject({ ok: true });
      expect(parseConfig(`${spec.name} = ${value}\n`, 'config.ini', product).ok).toBe(spec.inConfig);
    }
  });

  it('know their short forms and values behind an equals sign', () => {
    expect(parseArguments(['-d', 'x', '--config-dir=y'], 'spring')).toEqual({
      ok: true,
      given: [
        { name: 'data-dir', value: 'x' },
        { name: 'config-dir', value: 'y' },
      ],
    });
  });

  it('of one product are unknown to the other', () => {
    expect(parseConfig('producer-threads = 2', 'config.ini', 'spring')).toMatchObject({ ok: false });
    expect(parseConfig('finalizers-dir = f', 'config.ini', 'leap')).toMatchObject({ ok: false });
  });

  it('that make no list may stand in config.ini once', () => {
    const twice = parseConfig('net-threads = 2\nnet-threads = 3\n', 'config.ini', 'spring');
    expect(twice).toMatchObject({ ok: false, mistake: { kind: 'repeated', name: 'net-threads' } });
    expect(parseConfig('plugin = eosio::a\nplugin = eosio::b\n', 'config.ini', 'spring').ok).toBe(true);
  });
});

describe('mistakes are refused in the words of the real one', () => {
  it.each([
    ['an unknown argument', 'config-unknown-cli-option', { moreArguments: ['--no-such-option'] }, 254],
    ['an unknown line', 'config-unknown-option-in-ini', { moreConfig: ['no-such-option = 1'] }, 254],
    [
      'an option of another build',
      'config-eos-vm-oc-enable-on-build-without-oc',
      { moreConfig: ['eos-vm-oc-enable = true'] },
      254,
    ],
    ['a value that is no number', 'config-invalid-value', {}, 254],
    ['a word that is not one of those', 'config-bad-read-mode', {}, 254],
    ['a configuration file that is missing', 'config-file-missing', {}, 255],
  ])('%s', async (_, name, more, code) => {
    const folder = temporaryFolder();
    const snapshot = join(folder, 'snapshot.bin');
    writeFileSync(snapshot, snapshotBytes(chain, 1006));
    const { got, real, exit } = await repeat({
      chain,
      name: `failures/${name}/a`,
      folder,
      snapshot,
      ...more,
    });
    expect(got).toEqual(real);
    expect(exit).toBe(code);
  });

  it.each([
    ['an unknown argument', 'failures/unknown-option/a-replay', { moreArguments: ['--no-such-option'] }],
    ['an unknown line', 'failures/unknown-config-key/a-replay', { moreConfig: ['no-such-key = 1'] }],
  ])('Leap: %s', async (_, name, more) => {
    const { got, real, exit } = await repeat({
      chain: 'leap-5.0.3',
      name,
      folder: temporaryFolder(),
      ...more,
    });
    expect(got).toEqual(real);
    expect(exit).toBe(254);
  });

  it('an unknown plugin', async () => {
    const prepare = (data: string): void => putLog(chain, data, 1001, 3000);
    const setup = { chain, snapshotBlock: 1006, prepare } as const;
    const { got, real, exit } = await repeatInNewFolder('failures/config-unknown-plugin/a', setup);
    expect(got).toEqual(real);
    expect(exit).toBe(254);
  });

  it('Leap: an unknown plugin', async () => {
    const name = 'failures/unknown-plugin/a-replay';
    const { got, real, exit } = await repeat({ chain: 'leap-5.0.3', name, folder: temporaryFolder() });
    expect(got).toEqual(real);
    expect(exit).toBe(254);
  });
});

describe("the stand-in's own options", () => {
  it.each([
    [['--stand-in-faults', 'earthquake'], "unknown fault 'earthquake'"],
    [['--stand-in-faults', 'crash'], "fault 'crash' needs a block"],
    [['--stand-in-version', '7.1'], "version '7.1' is neither"],
    [['--stand-in-speed', '3'], "unknown option '--stand-in-speed'"],
    [['--stand-in-hash-ms', 'soon'], 'not a number'],
    [['--stand-in-hash-ms'], 'needs a value'],
  ])('%j is refused', async (argv, message) => {
    const { exit, stderr } = await run(argv);
    expect(exit).toBe(64);
    expect(stderr).toMatch(/^stand-in for nodeos: /);
    expect(stderr).toContain(message);
  });

  it('win over the environment', async () => {
    const argv = ['--stand-in-version', '5.0.3', '--', '--version'];
    const { stdout } = await run(argv, { REPLAY_STAND_IN_VERSION: '1.2.2' });
    expect(stdout).toBe('v5.0.3-stand-in\n');
  });
});
