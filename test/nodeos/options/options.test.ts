import { describe, expect, test } from 'vitest';
import { checkNodeosOptions, toArguments } from '../../../src/nodeos/options/options.ts';

describe('extra options that are passed on', () => {
  test.each<[string[], string[]]>([
    [['--chain-threads=4'], ['--chain-threads=4']],
    [['chain-threads=4'], ['--chain-threads=4']],
    [['--chain-threads 4'], ['--chain-threads=4']],
    [['--chain-threads', '4'], ['--chain-threads=4']],
    [['chain-threads = 4'], ['--chain-threads=4']],
    [['--disable-replay-opts'], ['--disable-replay-opts']],
    [['disable-replay-opts=true'], ['--disable-replay-opts']],
    [['disable-replay-opts=false'], []],
    [
      ['--force-all-checks', '--chain-threads', '2'],
      ['--force-all-checks', '--chain-threads=2'],
    ],
    [['database-map-mode=heap'], ['--database-map-mode=heap']],
    [
      ['wasm-runtime=eos-vm-jit', 'eos-vm-oc-enable=none'],
      ['--wasm-runtime=eos-vm-jit', '--eos-vm-oc-enable=none'],
    ],
    [['chain-state-db-size-mb=65536'], ['--chain-state-db-size-mb=65536']],
    [[], []],
  ])('%j becomes %j', (options, args) => {
    expect(checkNodeosOptions(options)).toEqual([]);
    expect(toArguments(options)).toEqual(args);
  });
});

describe('extra options that are refused', () => {
  test.each<[string[], string]>([
    [['--snapshot=x'], '--snapshot is not allowed: it is set by this program, from the slice'],
    [
      ['--terminate-at-block', '5'],
      '--terminate-at-block is not allowed: it is set by this program, from the slice',
    ],
    [['data-dir=/'], '--data-dir is not allowed: it would make nodeos read or write elsewhere'],
    [
      ['validation-mode=light'],
      '--validation-mode is not allowed: it changes which blocks and transactions are accepted or checked, and so what a replay proves',
    ],
    [
      ['p2p-listen-endpoint=0.0.0.0:1'],
      '--p2p-listen-endpoint is not allowed: it opens the network or names who may connect',
    ],
    [
      ['p2p-peer-address=a:1'],
      '--p2p-peer-address is not allowed: peers are given to the worker with --peer',
    ],
    [['plugin=eosio::trace_api_plugin'], '--plugin is not allowed: plugins are chosen by this program'],
    [['producer-name=me'], '--producer-name is not allowed: a replay produces no blocks'],
    [
      ['contracts-console'],
      '--contracts-console is not allowed: it lets others write into the log that the result is read from',
    ],
    [['chain-threads=0'], '--chain-threads: expected a whole number from 1 to 1024, got "0"'],
    [['chain-threads=four'], '--chain-threads: expected a whole number from 1 to 1024, got "four"'],
    [['chain-threads'], '--chain-threads: expected a whole number from 1 to 1024, got nothing'],
    [['chain-threads='], '--chain-threads: expected a whole number from 1 to 1024, got nothing'],
    [
      ['database-map-mode=fast'],
      '--database-map-mode: expected one of mapped, mapped_private, heap, locked, got "fast"',
    ],
    [['force-all-checks=no'], '--force-all-checks is a switch: expected no value, true or false, got "no"'],
    [['$(reboot)'], '"$(reboot)" is not the name of an option of nodeos'],
    [['-e'], '--e is not allowed: only '],
    [[''], '"" is not the name of an option of nodeos'],
  ])('%j', (options, message) => {
    expect(checkNodeosOptions(options)).toEqual([expect.stringContaining(message)]);
  });

  test('an option that is given twice', () => {
    expect(checkNodeosOptions(['chain-threads=2', '--chain-threads', '3'])).toEqual([
      '--chain-threads is given more than once',
    ]);
  });

  test('an option that only the other product knows, once the product is known', () => {
    expect(checkNodeosOptions(['vote-threads=1'])).toEqual([]);
    expect(checkNodeosOptions(['vote-threads=1'], 'leap')).toEqual(['--vote-threads exists only in Spring']);
    expect(checkNodeosOptions(['producer-threads=1'], 'spring')).toEqual([
      '--producer-threads exists only in Leap',
    ]);
  });

  test('all of them at once', () => {
    expect(checkNodeosOptions(['snapshot=x', 'chain-threads=0', 'force-all-checks'])).toHaveLength(2);
  });
});
