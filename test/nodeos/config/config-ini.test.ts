import { describe, expect, test } from 'vitest';
import { configIni } from '../../../src/nodeos/config/config-ini.ts';
import type { ConfigRequest } from '../../../src/nodeos/config/config-ini.ts';
import { readConfigLines } from '../../../src/nodeos/config/config-ini-lines.ts';

const replay: ConfigRequest = {
  purpose: 'replay',
  product: 'spring',
  httpPort: 12_001,
  p2pPort: 12_002,
  hasBlockFiles: true,
  peers: [],
  userLines: [],
};

function lines(request: Partial<ConfigRequest>): string[] {
  return configIni({ ...replay, ...request })
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

describe('the configuration of a replay', () => {
  test('is this, with a reason above each line', () => {
    expect(lines({})).toEqual([
      'plugin = eosio::chain_api_plugin',
      'http-server-address = 127.0.0.1:12001',
      'p2p-listen-endpoint = 127.0.0.1:12002',
      'http-max-response-time-ms = -1',
      'chain-state-db-size-mb = 131072',
      'blocks-retained-dir = retained',
      'max-retained-block-files = 100000',
      'blocks-log-stride = 1000000',
      'resource-monitor-space-threshold = 99',
      'vote-threads = 0',
    ]);
    const text = configIni(replay).trimEnd().split('\n\n');
    expect(text.every((block) => /^# .+\n[^#]+$/.test(block))).toBe(true);
  });

  test('of Leap has no option that only Spring knows', () => {
    expect(lines({ product: 'leap' }).join()).not.toMatch(/vote-threads|finalizers|block-nack|reversible/);
  });

  test('names the peers', () => {
    expect(lines({ peers: ['a.example:9876', '10.0.0.1:9876'] })).toEqual(
      expect.arrayContaining(['p2p-peer-address = a.example:9876', 'p2p-peer-address = 10.0.0.1:9876']),
    );
  });

  test('leaves stride files out when there are none', () => {
    expect(lines({ hasBlockFiles: false }).join()).not.toMatch(/retained|stride/);
  });

  test('never refuses transactions: nodeos would not terminate at the end of its block log', () => {
    expect(lines({}).join()).not.toContain('accept-transactions');
  });
});

describe('the configuration of the read-only restart', () => {
  const settings = lines({ purpose: 'read-only', product: 'leap', peers: ['a.example:1'] });

  test('keeps the head where it is', () => {
    expect(settings).toEqual(
      expect.arrayContaining([
        'read-mode = head',
        'p2p-accept-transactions = false',
        'api-accept-transactions = false',
        'plugin = eosio::producer_api_plugin',
      ]),
    );
  });

  test('knows neither peers nor block files', () => {
    expect(settings.join()).not.toMatch(/peer|retained|stride/);
  });
});

describe("the user's own lines", () => {
  test('take the place of ours, since nodeos refuses an option that stands twice', () => {
    const userLines = readConfigLines('chain-state-db-size-mb = 4096 # small\nhttp-threads=3\n', 'my.ini');
    const settings = lines({ userLines });
    expect(settings.filter((line) => line.startsWith('chain-state-db-size-mb'))).toEqual([
      'chain-state-db-size-mb = 4096',
    ]);
    expect(settings.at(-1)).toBe('http-threads = 3');
  });

  test('may add a plugin to ours', () => {
    const userLines = readConfigLines('plugin = eosio::prometheus_plugin', 'my.ini');
    expect(lines({ userLines }).filter((line) => line.startsWith('plugin'))).toHaveLength(2);
  });

  test('that a result depends on are refused, all at once, with their places', () => {
    const text =
      '# mine\nread-mode = irreversible\nchain-threads = 4\nblocks-dir = /elsewhere\nnonsense\nwasm-runtime =\nchain-threads = 8\n';
    expect(() => readConfigLines(text, 'my.ini')).toThrow(
      expect.objectContaining({
        code: 'NODEOS_CONFIG_INVALID',
        exitCode: 3,
        message: [
          'my.ini:2: read-mode = irreversible: it changes which blocks and transactions are accepted or checked, and so what a replay proves',
          'my.ini:4: blocks-dir = /elsewhere: it would make nodeos read or write elsewhere',
          'my.ini:5: nonsense: expected "name = value"',
          'my.ini:6: wasm-runtime =: it has no value',
          'my.ini:7: chain-threads = 8: it is given more than once, which nodeos refuses',
        ].join('\n'),
      }),
    );
  });

  test('may be none', () => {
    expect(readConfigLines('\n# nothing\r\n', 'my.ini')).toEqual([]);
  });
});
