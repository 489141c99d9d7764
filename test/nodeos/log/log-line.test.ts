import { describe, expect, test } from 'vitest';
import { parseLogLine, type LogEvent } from '../../../src/nodeos/log/log-line.ts';
import { allLogs, logLines } from './recorded.ts';

const ID = '000007d47c0115ae262e5db075767daa6625a82ea7ace1542f9d447cd96efe04';
const HASH = '6928d18bc370c09b41ff8391a65e38821849d63aa559719b1fc1dc70bf2b1e21';

function line(message: string, level = 'info', thread = 'nodeos'): string {
  const place = `${thread.padEnd(9)} controller.cpp:1786           replay_block_log    `;
  return `${level.padEnd(5)} 2026-11-22T11:25:33.571 ${place} ] ${message}`;
}

describe('the lines that count', () => {
  test.each<[string, LogEvent]>([
    ['nodeos started', { kind: 'started' }],
    [
      'nodeos version v5.0.3 v5.0.3-d133c6413ce8ce2e96096a0513ec25b4a8dbe837',
      { kind: 'version', version: 'v5.0.3' },
    ],
    [
      'Starting initialization from snapshot and block log 1001-3000, this may take a significant amount of time',
      { kind: 'loading-snapshot', blockLog: { first: 1001, last: 3000 } },
    ],
    [
      'Starting initialization from snapshot and no block log, this may take a significant amount of time',
      { kind: 'loading-snapshot', blockLog: null },
    ],
    ['Snapshot initialization 86% complete', { kind: 'snapshot-percent', percent: 86 }],
    [`Snapshot loaded, head: 2004 : ${ID}`, { kind: 'snapshot-loaded', block: 2004, id: ID }],
    ['Snapshot loaded, lib: 1001', { kind: 'snapshot-loaded', block: 1001, id: null }],
    [`chain database started with hash: ${HASH}`, { kind: 'start-hash', hash: HASH }],
    [`chain database stopped with hash: ${HASH}`, { kind: 'stop-hash', hash: HASH }],
    ['Starting fresh blockchain state using default genesis state.', { kind: 'default-genesis' }],
    ['Initializing new blockchain with genesis state', { kind: 'genesis-initialised' }],
    [`Loading chain_head block 2004 ${ID}`, { kind: 'state-resumed', block: 2004, id: ID }],
    ['no block log found', { kind: 'no-block-log' }],
    [
      'existing block log, attempting to replay from 2005 to 4000 blocks',
      { kind: 'replaying', from: 2005, logLastBlock: 4000 },
    ],
    ['2500 of 4000', { kind: 'replayed-to', block: 2500, logLastBlock: 4000 }],
    [
      'Received block 5a20a769d000157c... #5000 @ 2026-11-22T08:55:39.500 signed by eosio [trxs: 23, lib: 4998, latency: 7 ms]',
      { kind: 'received', block: 5000 },
    ],
    [
      'Block 2004 reached configured maximum block 2004; terminating',
      { kind: 'reached', configured: 2004, head: 2004 },
    ],
    ['Reached configured maximum block 2002; terminating', { kind: 'reached', configured: 2002, head: null }],
    [
      '998 irreversible blocks replayed from block log, chain head 2004',
      { kind: 'log-replayed', head: 2004 },
    ],
    [
      `resetting fork database with new last irreversible block as the new root: ${ID}`,
      { kind: 'fork-root', block: 2004, id: ID },
    ],
    ['Blockchain started; head block is #2004', { kind: 'chain-started', head: 2004 }],
    [
      'Blockchain started; head block is #1, genesis timestamp is 2018-06-01T12:00:00.000',
      { kind: 'chain-started', head: 1 },
    ],
    [
      'start listening on 127.0.0.1:31888 resolved from 127.0.0.1:31888 for API categories: all',
      { kind: 'api-listening', address: '127.0.0.1:31888' },
    ],
    ['appbase quit called', { kind: 'quit-called' }],
    [`Writing chain_head block 2004 ${ID}`, { kind: 'chain-head', block: 2004, id: ID }],
    ['nodeos successfully exiting', { kind: 'exiting' }],
    ['Subjective CPU billing disabled', { kind: 'other' }],
  ])('%s', (message, event) => {
    expect(parseLogLine(line(message))).toEqual(event);
    // Windows line ends, another file, function and thread, and a longer fraction say the same.
    expect(parseLogLine(`${line(message)}\r`)).toEqual(event);
    expect(
      parseLogLine(
        `info  2027-01-01T00:00:00.123456 nodeos-5. other.cpp:1 ~thing[] ] ${message}`.replace('[]', ''),
      ),
    ).toEqual(event);
  });

  test('Leap warns that it begins a new chain', () => {
    const message = 'Initializing new blockchain with genesis state';
    expect(parseLogLine(line(message, 'warn'))).toEqual({ kind: 'genesis-initialised' });
  });
});

describe('what looks like a line that counts, and is none', () => {
  test.each([
    ['a hash that was cut off', `chain database stopped with hash: ${HASH.slice(0, 40)}`],
    ['a hash with other letters', `chain database stopped with hash: ${HASH.toUpperCase()}`],
    ['a head whose id is of another block', `Writing chain_head block 2005 ${ID}`],
    ['a snapshot head whose id is of another block', `Snapshot loaded, head: 1006 : ${ID}`],
    ['an end line that was cut off', 'Block 2004 reached configured maximum block 2004'],
    ['more blocks done than there are', '5000 of 4000'],
    ['a quotation', 'peer says: Blockchain started; head block is #2004'],
    ['a head without a number', 'Blockchain started; head block is #'],
  ])('%s', (_what, message) => {
    expect(parseLogLine(line(message))).toEqual({ kind: 'other' });
  });

  test.each([
    'Block 2004 reached configured maximum block 2004; terminating',
    `chain database stopped with hash: ${HASH}`,
    '2500 of 4000',
  ])('without the header: %s', (message) => {
    expect(parseLogLine(message)).toEqual({ kind: 'headless', text: message, problem: null });
  });

  test.each(['warn', 'error'])('as %s', (level) => {
    const message = 'Reached configured maximum block 2002; terminating';
    expect(parseLogLine(line(message, level))).toEqual({ kind: 'complaint', text: message, problem: null });
  });
});

describe('complaints', () => {
  test.each([
    [
      'warn',
      'unable to listen on 127.0.0.1:1 resolved from 127.0.0.1:1: bind: Address already in use [system:98 at x]',
      'port-in-use',
    ],
    ['error', 'Gracefully shutting down, exceeded file system configured threshold.', 'disk-full'],
    ['error', '3190000 block_log_exception: Block log exception', 'log-damaged'],
    ['info', 'connection failed to 127.0.0.1:1, Connection refused', 'peer-unreachable'],
  ])('%s: %s', (level, message, problem) => {
    expect(parseLogLine(line(message, level))).toEqual({ kind: 'complaint', text: message, problem });
  });

  test.each([
    ['database dirty flag set (likely due to unclean shutdown): replay required', 'dirty-state'],
    [
      "std::exception::what: Unknown option 'x' inside the config file /c/config.ini",
      'refused-configuration',
    ],
    ['Config file "/c/nonexist.ini" missing.', 'refused-configuration'],
    ['    nodeos  snapshot.cpp:277 validate', 'snapshot-unreadable'],
    [
      'APPBASE: Warning: The following configuration items in the config.ini file are redundantly set to',
      null,
    ],
  ])('without header: %s', (text, problem) => {
    expect(parseLogLine(text)).toEqual({ kind: 'headless', text, problem });
  });

  test.each([
    'Failed to start a pending block, will try again later',
    'Checktime timer accuracy on this platform and hardware combination is poor; accuracy of … will suffer',
  ])('are not counted when every run has them: %s', (message) => {
    expect(parseLogLine(line(message, 'error'))).toEqual({ kind: 'other' });
  });
});

test('an empty line is nothing', () => {
  expect(parseLogLine('')).toBeNull();
  expect(parseLogLine('   \r')).toBeNull();
});

test('every line of every recorded log that begins like a log line has its header recognised', () => {
  const missed = allLogs()
    .flatMap(logLines)
    .filter((text) => /^(?:debug|info|warn|error) +\d{4}-/.test(text))
    .filter((text) => parseLogLine(text)?.kind === 'headless');
  expect(missed).toEqual([]);
});
