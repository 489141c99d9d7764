/** Manifests that nobody would write by hand: whatever they hold, the answer is slices or mistakes. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatProblem } from '../../../../src/core/domain/manifest/format-problem.ts';
import { parseManifest, type ParsedManifest } from '../../../../src/core/domain/manifest/parse.ts';
import { isVersion } from '../../../../src/core/domain/version.ts';
import { checkNodeosOptions } from '../../../../src/nodeos/options/options.ts';
import { SOAK, tell, TIMEOUT_MS } from '../../../chaos/support/soak.ts';

const COUNT = SOAK ? 24_000 : 2_000;

const GOOD = {
  start_block_id: 1000,
  end_block_id: 2000,
  snapshot_path: 's3://chain/snapshots/snapshot-0000001000.bin.zst',
  storage_type: 's3',
  expected_integrity_hash: 'a'.repeat(64),
  leap_version: '5.0.2',
};
const OPTIONAL = 'spring_version nodeos_version nodeos_options blocks_path genesis_path snapshot_sha256';
const NONE = ['__proto__', 'constructor', 'toString', '', 'start_block_num', '\u0000'];
const FIELDS = [...Object.keys(GOOD), ...OPTIONAL.split(' '), ...NONE];

const strange = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', [], {}, -1, 1.5, 2 ** 53, 1e308, '5.0.2\n--plugin=x', '../../x'),
  fc.constantFrom<unknown>('s3://', 'http://', 'file:///etc/passwd', '\ud800', '\u2028', 'x'.repeat(5000)),
  fc.constantFrom<unknown>(['--plugin=x'], ['--chain-threads=4\n--x'], [[]], [null], ['--replay-blockchain']),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 3 }),
);
const slice = fc
  .array(fc.tuple(fc.constantFrom(...FIELDS), strange), { maxLength: 3 })
  .map((changes) => ({ ...GOOD, ...Object.fromEntries(changes) }));
const list = fc.array(slice, { maxLength: 4 }).map((slices) => JSON.stringify(slices));
/** One slice with one change: much of it is read. */
const mild = fc
  .tuple(fc.constantFrom(...FIELDS), strange)
  .map(([field, value]) => JSON.stringify([{ ...GOOD, [field]: value }]));

/** The text with a piece of it taken out and another put in. */
const cut = fc
  .tuple(
    list,
    fc.nat(),
    fc.nat(40),
    fc.constantFrom('', '"', '[', '}', ',', '\\', '\0', '\ufeff', '1e999', '//', '/*'),
  )
  .map(([text, at, length, put]) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + put + text.slice(start + length);
  });
const repeated = fc
  .tuple(fc.constantFrom(...FIELDS), strange)
  .map(
    ([field, value]) =>
      `[{"a":1,${JSON.stringify(field)}:${JSON.stringify(value)},${JSON.stringify(GOOD).slice(1)}]`,
  );
const deep = fc.nat(30_000).map((depth) => '['.repeat(depth) + ']'.repeat(depth));
const hostile = fc.oneof(
  { weight: 10, arbitrary: list },
  { weight: 8, arbitrary: mild },
  { weight: 8, arbitrary: cut },
  { weight: 3, arbitrary: repeated },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 3, arbitrary: fc.json() },
  { weight: 1, arbitrary: deep },
);

test(`${COUNT} hostile manifests are read or refused, and none is believed`, { timeout: TIMEOUT_MS }, () => {
  const counts = { read: 0, refused: 0 };
  fc.assert(
    fc.property(hostile, (text) => {
      const parsed = parseManifest(text, checkNodeosOptions);
      counts[parsed.ok ? 'read' : 'refused'] += 1;
      if (parsed.ok) expectSound(parsed);
      else expectExplained(parsed);
    }),
    { numRuns: COUNT },
  );
  tell(`${COUNT} hostile manifests: ${counts.read} read, ${counts.refused} refused`);
  expect(counts.read).toBeGreaterThan(COUNT / 100);
  expect(counts.refused).toBeGreaterThan(COUNT / 2);
});

function expectSound({ slices }: Extract<ParsedManifest, { ok: true }>): void {
  for (const { startBlock, endBlock, version, knownHash, nodeosOptions } of slices) {
    const blocks = Number.isSafeInteger(startBlock) && Number.isSafeInteger(endBlock);
    const hash = !knownHash || /^[0-9a-f]{64}$/.test(knownHash);
    const sound = blocks && startBlock >= 0 && endBlock > startBlock && isVersion(version) && hash;
    if (!sound || checkNodeosOptions(nodeosOptions).length > 0) throw new Error('an unsound slice was read');
  }
}

/** Every mistake is one that a person can find, in lines of a length that can be read. */
function expectExplained({ problems }: Extract<ParsedManifest, { ok: false }>): void {
  if (problems.length === 0) throw new Error('refused without a reason');
  for (const problem of problems) {
    const line = formatProblem(problem);
    if (line === '' || line.includes('\n') || line.length > 1500) throw new Error(`not readable: ${line}`);
  }
}
