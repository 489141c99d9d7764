import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../../src/core/domain/manifest/format-problem.ts';
import { parseManifest } from '../../../../src/core/domain/manifest/parse.ts';

const HASH = 'ab'.repeat(32);

/** Written with four spaces, its fields stand on lines 3 to 8 and the next slice begins on line 10. */
const SLICE = {
  start_block_id: 100,
  end_block_id: 200,
  snapshot_path: 's3://bucket/snapshots/snapshot.bin.zst',
  storage_type: 's3',
  expected_integrity_hash: '',
  leap_version: '5.0.2',
};

function without(...names: (keyof typeof SLICE)[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(SLICE).filter(([name]) => !names.some((other) => other === name)));
}

function write(...slices: unknown[]): string {
  return JSON.stringify(slices, null, 4);
}

const EMPTY_LIST_HINT = 'the list is empty; expected at least one slice';
const BLOCK = 'expected an integer from 0 to 4294967295';
const VERSION = 'expected a version such as "5.0.2" or "v1.3.0-rc1"';
const NO_SYMBOL =
  'this is no JSON value (true, false and null are written in small letters, strings in double quotes)';
const KNOWN =
  'known are start_block_id, end_block_id, snapshot_path, storage_type, expected_integrity_hash, ' +
  'leap_version, spring_version, nodeos_version, nodeos_options, blocks_path, genesis_path, snapshot_sha256';

const TOO_DEEP = 'lists and objects are nested too deeply; expected a list of slices, [ {…}, … ]';

type Case = [what: string, text: string, messages: string[]];

const NOT_JSON: Case[] = [
  ['an empty file', '', ['line 1: the file is empty; expected a JSON list of slices']],
  ['nothing but white space', ' \n\n', ['line 1: the file is empty; expected a JSON list of slices']],
  [
    'a comma after the last field',
    '[\n  {"start_block_id": 1,}\n]',
    [
      'line 2: not valid JSON at column 24: a key in double quotes is expected here (no comma stands after the last field)',
    ],
  ],
  [
    'a comma after the last slice',
    '[\n  {},\n]',
    ['line 3: not valid JSON at column 1: a value is expected here (no comma stands after the last entry)'],
  ],
  [
    'a missing comma',
    '[{"a": 1}\r\n{"b": 2}]',
    ['line 2: not valid JSON at column 1: a comma is expected here'],
  ],
  ['a missing colon', '[{"a" 1}]', ['line 1: not valid JSON at column 7: a colon is expected here']],
  ['a cut file', '[\n  {"a": 1}\n', ['line 3: not valid JSON at column 1: a closing ] is missing here']],
  ['lists in lists without end', '['.repeat(200_000), [TOO_DEEP]],
  ['objects in objects without end', '{"a":'.repeat(100_000), [TOO_DEEP]],
  ['a value that is nested too deeply', `[{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}]`, [TOO_DEEP]],
  ['a cut slice', '[{"a": 1', ['line 1: not valid JSON at column 9: a closing } is missing here']],
  ['a comment', '[\n  // mainnet\n]', ['line 2: not valid JSON at column 3: JSON has no comments']],
  ['single quotes', "[{'a': 1}]", [`line 1: not valid JSON at column 3: ${NO_SYMBOL}`]],
  ['Python’s None', '[{"a": None}]', [`line 1: not valid JSON at column 8: ${NO_SYMBOL}`]],
  [
    'an open string',
    '["abc]',
    ['line 1: not valid JSON at column 2: the closing quote of this string is missing'],
  ],
  ['an HTML page', '<html></html>', [`line 1: not valid JSON at column 1: ${NO_SYMBOL}`]],
  [
    'two lists',
    '[{}]\n[]',
    ['line 2: not valid JSON at column 1: the list has ended, and nothing may follow it'],
  ],
  [
    'a tab inside a string',
    '["a\tb"]',
    ['line 1: not valid JSON at column 2: this character is not allowed here'],
  ],
  [
    'a wrong escape',
    '["C:\\data"]',
    ['line 1: not valid JSON at column 2: this is no valid escape in a JSON string'],
  ],
];

const NOT_SLICES: Case[] = [
  ['an object', '{"slices": []}', ['line 1: got {"slices":[]}; expected a list of slices, [ {…}, … ]']],
  ['null', 'null', ['line 1: got null; expected a list of slices, [ {…}, … ]']],
  ['an empty list', '[]', [`line 1: ${EMPTY_LIST_HINT}`]],
  [
    'entries that are no objects',
    write(SLICE, 5, null, 'x', [1]),
    [
      'slice 2, line 10: got 5; expected an object with the fields of a slice',
      'slice 3, line 11: got null; expected an object with the fields of a slice',
      'slice 4, line 12: got "x"; expected an object with the fields of a slice',
      'slice 5, line 13: got [1]; expected an object with the fields of a slice',
    ],
  ],
  [
    'an empty slice',
    '[\n    {}\n]',
    [
      `slice 1, line 2, start_block_id: missing; ${BLOCK}`,
      `slice 1, line 2, end_block_id: missing; ${BLOCK}`,
      'slice 1, line 2, storage_type: missing; expected s3, filesystem, fs or http',
      'slice 1, line 2, leap_version: missing; expected leap_version or spring_version',
    ],
  ],
];

const BAD_FIELDS: Case[] = [
  ['no start', write(without('start_block_id')), [`slice 1, line 2, start_block_id: missing; ${BLOCK}`]],
  ['no end', write(without('end_block_id')), [`slice 1, line 2, end_block_id: missing; ${BLOCK}`]],
  [
    'no snapshot, but a start above 0',
    write(without('snapshot_path')),
    [
      'slice 1, line 2, snapshot_path: missing; expected the location of a snapshot; only a slice from block 0 may do without one',
    ],
  ],
  [
    'no storage type',
    write(without('storage_type')),
    ['slice 1, line 2, storage_type: missing; expected s3, filesystem, fs or http'],
  ],
  [
    'no version',
    write(without('leap_version')),
    ['slice 1, line 2, leap_version: missing; expected leap_version or spring_version'],
  ],
  [
    'a start in quotes',
    write({ ...SLICE, start_block_id: '100' }),
    [`slice 1, line 3, start_block_id: got "100"; ${BLOCK}`],
  ],
  [
    'a start of null',
    write({ ...SLICE, start_block_id: null }),
    [`slice 1, line 3, start_block_id: got null; ${BLOCK}`],
  ],
  [
    'a start below 0',
    write({ ...SLICE, start_block_id: -1 }),
    [`slice 1, line 3, start_block_id: got -1; ${BLOCK}`],
  ],
  [
    'half a block',
    write({ ...SLICE, end_block_id: 200.5 }),
    [`slice 1, line 4, end_block_id: got 200.5; ${BLOCK}`],
  ],
  [
    'an end beyond 32 bits',
    write({ ...SLICE, end_block_id: 4294967296 }),
    [`slice 1, line 4, end_block_id: got 4294967296; ${BLOCK}`],
  ],
  [
    'an end of true',
    write({ ...SLICE, end_block_id: true }),
    [`slice 1, line 4, end_block_id: got true; ${BLOCK}`],
  ],
  [
    'an end that is the start',
    write({ ...SLICE, end_block_id: 100 }),
    ['slice 1, line 4, end_block_id: got 100; expected more than start_block_id, which is 100'],
  ],
  [
    'an end before the start',
    write({ ...SLICE, end_block_id: 99 }),
    ['slice 1, line 4, end_block_id: got 99; expected more than start_block_id, which is 100'],
  ],
  [
    'an unknown storage type',
    write({ ...SLICE, storage_type: 'ftp' }),
    ['slice 1, line 6, storage_type: got "ftp"; expected s3, filesystem, fs or http'],
  ],
  [
    'a storage type in capitals',
    write({ ...SLICE, storage_type: 'S3' }),
    ['slice 1, line 6, storage_type: got "S3"; expected s3, filesystem, fs or http; did you mean "s3"?'],
  ],
  [
    'a storage type that every object has',
    write({ ...SLICE, storage_type: 'toString' }),
    ['slice 1, line 6, storage_type: got "toString"; expected s3, filesystem, fs or http'],
  ],
  [
    'an empty snapshot path with a start above 0',
    write({ ...SLICE, snapshot_path: '' }),
    [
      'slice 1, line 5, snapshot_path: got ""; expected the location of a snapshot; only a slice from block 0 may do without one',
    ],
  ],
  [
    'a snapshot path that is a list',
    write({ ...SLICE, snapshot_path: ['a', 'b'] }),
    ['slice 1, line 5, snapshot_path: got ["a","b"]; expected a string'],
  ],
  [
    'a path for s3',
    write({ ...SLICE, snapshot_path: '/data/snapshot.bin' }),
    [
      'slice 1, line 5, snapshot_path: got "/data/snapshot.bin"; expected s3://bucket/key, since storage_type is s3',
    ],
  ],
  [
    'a bucket without a key',
    write({ ...SLICE, snapshot_path: 's3://bucket' }),
    ['slice 1, line 5, snapshot_path: got "s3://bucket"; expected s3://bucket/key, since storage_type is s3'],
  ],
  [
    'a bucket that has no name of one',
    write({ ...SLICE, snapshot_path: 's3://b/snapshot.bin', blocks_path: 's3://../blocks' }),
    [
      'slice 1, line 5, snapshot_path: got "s3://b/snapshot.bin"; expected s3://bucket/key, since storage_type is s3',
      'slice 1, line 9, blocks_path: got "s3://../blocks"; expected the path or URL of a folder',
    ],
  ],
  [
    'a folder in a bucket',
    write({ ...SLICE, snapshot_path: 's3://bucket/snapshots/' }),
    [
      'slice 1, line 5, snapshot_path: got "s3://bucket/snapshots/"; expected s3://bucket/key, since storage_type is s3',
    ],
  ],
  [
    'an s3 address for a file system',
    write({ ...SLICE, storage_type: 'fs' }),
    [
      'slice 1, line 5, snapshot_path: got "s3://bucket/snapshots/snapshot.bin.zst"; expected the path of a file, since storage_type is filesystem',
    ],
  ],
  [
    'a folder for a file system',
    write({ ...SLICE, storage_type: 'filesystem', snapshot_path: 'snapshots/' }),
    [
      'slice 1, line 5, snapshot_path: got "snapshots/"; expected the path of a file, since storage_type is filesystem',
    ],
  ],
  [
    'a space after a path',
    write({ ...SLICE, storage_type: 'filesystem', snapshot_path: 'snapshot.bin ' }),
    [
      'slice 1, line 5, snapshot_path: got "snapshot.bin "; expected the path of a file, since storage_type is filesystem',
    ],
  ],
  [
    'a path for http, the password not shown',
    write({ ...SLICE, storage_type: 'http', snapshot_path: 'ftp://me:secret@host/a.bin' }),
    [
      'slice 1, line 5, snapshot_path: got "ftp://***@host/a.bin"; expected the http:// or https:// URL of a file, since storage_type is http',
    ],
  ],
  [
    'a web address that is a folder, the signature not shown',
    write({ ...SLICE, storage_type: 'http', snapshot_path: 'https://host/snapshots/?sig=secret' }),
    [
      'slice 1, line 5, snapshot_path: got "https://host/snapshots/?***"; expected the http:// or https:// URL of a file, since storage_type is http',
    ],
  ],
  [
    'two versions',
    write({ ...SLICE, spring_version: '1.2.2' }),
    [
      'slice 1, line 9, spring_version: got "1.2.2" beside leap_version "5.0.2"; expected only one of the two',
    ],
  ],
  [
    'a version that is a number',
    write({ ...SLICE, leap_version: 5.0 }),
    [`slice 1, line 8, leap_version: got 5; ${VERSION}`],
  ],
  [
    'a word for a version',
    write({ ...SLICE, leap_version: 'latest' }),
    [`slice 1, line 8, leap_version: got "latest"; ${VERSION}`],
  ],
  [
    'half a version',
    write({ ...SLICE, leap_version: '5.0' }),
    [`slice 1, line 8, leap_version: got "5.0"; ${VERSION}`],
  ],
  [
    'an empty version',
    write({ ...SLICE, leap_version: '' }),
    [`slice 1, line 8, leap_version: got ""; ${VERSION}`],
  ],
  [
    'a version with a path in it',
    write({ ...without('leap_version'), spring_version: '1.2.2/../../x' }),
    [`slice 1, line 8, spring_version: got "1.2.2/../../x"; ${VERSION}`],
  ],
  [
    'a short hash',
    write({ ...SLICE, expected_integrity_hash: 'abc' }),
    ['slice 1, line 7, expected_integrity_hash: got "abc"; expected an integrity hash, 64 hex digits, or ""'],
  ],
  [
    'a hash with a letter too many in the alphabet',
    write({ ...SLICE, expected_integrity_hash: `g${HASH.slice(1)}` }),
    [
      `slice 1, line 7, expected_integrity_hash: got "g${HASH.slice(1)}"; expected an integrity hash, 64 hex digits, or ""`,
    ],
  ],
  [
    'a hash that is a number',
    write({ ...SLICE, expected_integrity_hash: 0 }),
    ['slice 1, line 7, expected_integrity_hash: got 0; expected an integrity hash, 64 hex digits, or ""'],
  ],
  [
    'a checksum of another kind',
    write({ ...SLICE, snapshot_sha256: 'd41d8cd98f00b204e9800998ecf8427e' }),
    [
      'slice 1, line 9, snapshot_sha256: got "d41d8cd98f00b204e9800998ecf8427e"; expected a SHA-256, 64 hex digits, or ""',
    ],
  ],
  [
    'options in one string',
    write({ ...SLICE, nodeos_options: '--eos-vm-oc-enable' }),
    [
      'slice 1, line 9, nodeos_options: got "--eos-vm-oc-enable"; expected a list of strings, each one option of nodeos',
    ],
  ],
  [
    'an option that is a number',
    write({ ...SLICE, nodeos_options: ['--chain-threads', 4] }),
    [
      'slice 1, line 9, nodeos_options: got ["--chain-threads",4]; expected a list of strings, each one option of nodeos',
    ],
  ],
  [
    'options that nodeos may not be given',
    write({ ...SLICE, nodeos_options: ['--delete-all-blocks', '--fine', '--plugin=x'] }),
    [
      'slice 1, line 9, nodeos_options: --delete-all-blocks is not allowed',
      'slice 1, line 9, nodeos_options: --plugin=x is not allowed',
    ],
  ],
  [
    'a package that is no .deb',
    write({ ...SLICE, nodeos_version: 'https://host/leap.rpm' }),
    [
      'slice 1, line 9, nodeos_version: got "https://host/leap.rpm"; expected a version, or the URL or path of a .deb file',
    ],
  ],
  [
    'an empty folder of blocks',
    write({ ...SLICE, blocks_path: '' }),
    ['slice 1, line 9, blocks_path: got ""; expected the path or URL of a folder'],
  ],
  [
    'blocks at an address of an unknown kind',
    write({ ...SLICE, blocks_path: 'gs://bucket/blocks' }),
    ['slice 1, line 9, blocks_path: got "gs://bucket/blocks"; expected the path or URL of a folder'],
  ],
  [
    'a folder for genesis',
    write({ ...SLICE, genesis_path: 'files/' }),
    ['slice 1, line 9, genesis_path: got "files/"; expected the path or URL of a file'],
  ],
  [
    'a misspelt field',
    write({ ...SLICE, spring_verison: '1.2.2' }),
    ['slice 1, line 9, spring_verison: unknown field; did you mean "spring_version"?'],
  ],
  [
    'the field of another program',
    write({ ...SLICE, start_block_num: 100 }),
    ['slice 1, line 9, start_block_num: unknown field; did you mean "start_block_id"?'],
  ],
  [
    'a field like no other',
    write({ ...SLICE, comment: 'x' }),
    [`slice 1, line 9, comment: unknown field; ${KNOWN}`],
  ],
  [
    'a key that stands twice',
    '[{"start_block_id": 0, "end_block_id": 5,\n"storage_type": "s3", "end_block_id": 9, "leap_version": "5.0.2"}]',
    ['slice 1, line 2, end_block_id: the key stands 2 times in this slice (lines 1, 2); expected once'],
  ],
];

const BAD_CHAINS: Case[] = [
  [
    'a slice that stands twice',
    write(SLICE, SLICE),
    ['slice 2, line 10: the same as slice 1: blocks 100 to 200 with leap 5.0.2; expected once'],
  ],
  [
    'a slice that stands three times, the v of the version aside',
    write(SLICE, { ...SLICE, leap_version: 'v5.0.2' }, SLICE),
    [
      'slice 2, line 10: the same as slice 1: blocks 100 to 200 with leap 5.0.2; expected once',
      'slice 3, line 18: the same as slice 1: blocks 100 to 200 with leap 5.0.2; expected once',
    ],
  ],
  [
    'an overlap',
    write(SLICE, { ...SLICE, start_block_id: 150, end_block_id: 300 }),
    [
      'slice 2, line 10: blocks 150 to 300 overlap slice 1 (100 to 200): both replay blocks 151 to 200 with leap 5.0.2',
    ],
  ],
  [
    'an overlap of one block, not in order',
    write({ ...SLICE, start_block_id: 199, end_block_id: 300 }, SLICE),
    [
      'slice 2, line 10: blocks 100 to 200 overlap slice 1 (199 to 300): both replay block 200 with leap 5.0.2',
    ],
  ],
  [
    'a slice inside another, and one behind it',
    write(SLICE, { ...SLICE, start_block_id: 120, end_block_id: 130 }, { ...SLICE, start_block_id: 140 }),
    [
      'slice 2, line 10: blocks 120 to 130 overlap slice 1 (100 to 200): both replay blocks 121 to 130 with leap 5.0.2',
      'slice 3, line 18: blocks 140 to 200 overlap slice 1 (100 to 200): both replay blocks 141 to 200 with leap 5.0.2',
    ],
  ],
  [
    'mistakes of many kinds at once, in the order of the file',
    write(
      SLICE,
      { ...SLICE, start_block_id: 150, end_block_id: 300 },
      { ...SLICE, start_block_id: '300', colour: 'red', leap_version: '5' },
    ),
    [
      'slice 2, line 10: blocks 150 to 300 overlap slice 1 (100 to 200): both replay blocks 151 to 200 with leap 5.0.2',
      `slice 3, line 19, start_block_id: got "300"; ${BLOCK}`,
      `slice 3, line 24, leap_version: got "5"; ${VERSION}`,
      `slice 3, line 25, colour: unknown field; ${KNOWN}`,
    ],
  ],
];

function checkOptions(options: string[]): string[] {
  return options.filter((option) => option !== '--fine').map((option) => `${option} is not allowed`);
}

function messagesOf(text: string): string[] {
  const parsed = parseManifest(text, checkOptions);
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}

describe('a manifest that is not JSON', () => {
  it.each(NOT_JSON)('%s', (_what, text, messages) => expect(messagesOf(text)).toEqual(messages));
});

describe('a manifest that is no list of slices', () => {
  it.each(NOT_SLICES)('%s', (_what, text, messages) => expect(messagesOf(text)).toEqual(messages));
});

describe('a slice with a bad field', () => {
  it.each(BAD_FIELDS)('%s', (_what, text, messages) => expect(messagesOf(text)).toEqual(messages));
});

describe('slices that do not go together', () => {
  it.each(BAD_CHAINS)('%s', (_what, text, messages) => expect(messagesOf(text)).toEqual(messages));
});
