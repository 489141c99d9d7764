import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../../src/core/domain/manifest/parse.ts';
import { writeHashes } from '../../../../src/core/domain/manifest/write-back.ts';
import type { HashUpdate } from '../../../../src/core/domain/manifest/write-back.ts';
import type { Slice } from '../../../../src/core/domain/slice.ts';
import { hash } from '../builders.ts';

const FIXTURE = readFileSync(
  new URL('../../../fixtures/manifests/three-slices.json', import.meta.url),
  'utf8',
);

function update(
  startBlock: number,
  endBlock: number,
  name: string,
  more: Partial<HashUpdate> = {},
): HashUpdate {
  return { startBlock, endBlock, versionField: 'leap_version', version: '5.0.2', hash: hash(name), ...more };
}

function parsed(text: string): Slice[] {
  const manifest = parseManifest(text);
  if (!manifest.ok) throw new Error(manifest.problems[0]?.message);
  return manifest.slices;
}

describe('writeHashes', () => {
  it('changes nothing but the hash', () => {
    const written = writeHashes(FIXTURE, [update(323784127, 323956925, 'ab')]);
    expect(written).toBe(
      FIXTURE.replace('f052679b2da9eb5b8002fac363d448d2e60fce8e50d3fdaf20763e292849ce13', hash('ab')),
    );
  });

  it('writes several hashes in one pass', () => {
    const written = writeHashes(FIXTURE, [
      update(323956925, 324302525, 'c3'),
      update(323611371, 323784127, 'c1'),
    ]);
    expect(parsed(written).map(({ knownHash }) => knownHash?.slice(0, 4))).toEqual(['c100', 'f052', 'c300']);
  });

  it('takes the later of two updates of one slice', () => {
    const written = writeHashes(
      '[{"start_block_id":0,"end_block_id":5,"leap_version":"5.0.2","expected_integrity_hash":""}]',
      [update(0, 5, 'a'), update(0, 5, 'b')],
    );
    expect(written).toContain(hash('b'));
  });

  it('leaves the text alone when nothing is new', () => {
    const text = `[{"start_block_id":0,"end_block_id":5,"leap_version":"5.0.2","expected_integrity_hash":"${hash('AB')}"}]`;
    expect(writeHashes(text, [update(0, 5, 'ab')])).toBe(text);
    expect(writeHashes(text, [update(0, 6, 'cd'), update(0, 5, 'cd', { version: '5.0.3' })])).toBe(text);
    expect(writeHashes(text, [])).toBe(text);
  });

  it.each([
    [
      'lines of four spaces',
      '[\n    {\n        "start_block_id": 0,\n        "end_block_id": 5,\n        "leap_version": "5.0.2"\n    }\n]\n',
      `[\n    {\n        "start_block_id": 0,\n        "end_block_id": 5,\n        "leap_version": "5.0.2",\n        "expected_integrity_hash": "${hash('a')}"\n    }\n]\n`,
    ],
    [
      'CRLF, tabs, no newline at the end',
      '[\r\n\t{\r\n\t\t"start_block_id" : 0,\r\n\t\t"end_block_id" : 5,\r\n\t\t"leap_version" : "5.0.2"\r\n\t}\r\n]',
      `[\r\n\t{\r\n\t\t"start_block_id" : 0,\r\n\t\t"end_block_id" : 5,\r\n\t\t"leap_version" : "5.0.2",\r\n\t\t"expected_integrity_hash" : "${hash('a')}"\r\n\t}\r\n]`,
    ],
    [
      'one line',
      '[{"start_block_id":0,"end_block_id":5,"leap_version":"5.0.2"}]',
      `[{"start_block_id":0,"end_block_id":5,"leap_version":"5.0.2","expected_integrity_hash":"${hash('a')}"}]`,
    ],
    [
      'a list as the last value',
      '[{ "start_block_id": 0, "end_block_id": 5, "leap_version": "5.0.2", "nodeos_options": [ "--a", "--b" ] }]',
      `[{ "start_block_id": 0, "end_block_id": 5, "leap_version": "5.0.2", "nodeos_options": [ "--a", "--b" ], "expected_integrity_hash": "${hash('a')}" }]`,
    ],
  ])('adds the key where it is missing: %s', (_what, text, expected) => {
    expect(writeHashes(text, [update(0, 5, 'a')])).toBe(expected);
  });

  it('writes over null', () => {
    const text =
      '[{"start_block_id":0,"expected_integrity_hash":null,"end_block_id":5,"leap_version":"5.0.2"}]';
    expect(writeHashes(text, [update(0, 5, 'a')])).toBe(text.replace('null', `"${hash('a')}"`));
  });

  it('keeps the byte order mark', () => {
    const written = writeHashes(`\uFEFF${FIXTURE}`, [update(323611371, 323784127, 'c1')]);
    expect(written).toBe(`\uFEFF${writeHashes(FIXTURE, [update(323611371, 323784127, 'c1')])}`);
  });

  it('tells versions apart, the v aside', () => {
    const slice = (version: string): string =>
      `{"start_block_id":0,"end_block_id":5,"expected_integrity_hash":"",${version}}`;
    const text = `[${slice('"leap_version":"v5.0.2"')},${slice('"leap_version":"5.0.3"')},${slice('"spring_version":"5.0.2"')}]`;
    const written = JSON.parse(writeHashes(text, [update(0, 5, 'a')])) as {
      expected_integrity_hash: string;
    }[];
    expect(written.map((entry) => entry.expected_integrity_hash)).toEqual([hash('a'), '', '']);
  });

  it('tells builds of one version apart by the position of the slice', () => {
    const slice = '{"start_block_id":0,"end_block_id":5,"expected_integrity_hash":"","leap_version":"5.0.2"}';
    const hashes = (text: string): string[] =>
      (JSON.parse(text) as { expected_integrity_hash: string }[]).map(
        (entry) => entry.expected_integrity_hash,
      );
    const text = `[${slice},${slice}]`;
    expect(hashes(writeHashes(text, [update(0, 5, 'a', { sliceId: 2 })]))).toEqual(['', hash('a')]);
    expect(hashes(writeHashes(text, [update(0, 5, 'a', { sliceId: 3 })]))).toEqual(['', '']);
    expect(hashes(writeHashes(text, [update(0, 5, 'a')]))).toEqual([hash('a'), hash('a')]);
    // The file was shortened meanwhile: the range and version still say which slice is meant.
    expect(hashes(writeHashes(`[${slice}]`, [update(0, 5, 'a', { sliceId: 2 })]))).toEqual([hash('a')]);
  });

  it('refuses a text that is being edited', () => {
    expect(() => writeHashes('[\n{"start_block_id": 0,\n', [update(0, 5, 'a')])).toThrowError(
      expect.objectContaining({
        name: 'UserError',
        code: 'MANIFEST_INVALID',
        message: expect.stringContaining('line 3: not valid JSON at column 1') as string,
      }),
    );
  });

  it('leaves what is no list of slices alone', () => {
    for (const text of ['{}', '5', '[1, null, {}]'])
      expect(writeHashes(text, [update(0, 5, 'a')])).toBe(text);
  });

  it('gives the same manifest but for the hashes, however it is written', () => {
    const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
    const entry = fc.record(
      {
        snapshot_path: fc.constantFrom('a.bin', 'with "quotes": {}', 'ü,\\'),
        storage_type: fc.constant('fs'),
        leap_version: fc.constantFrom('5.0.2', 'v5.0.2'),
        expected_integrity_hash: fc.option(fc.oneof(digest, fc.constant(''))),
        nodeos_options: fc.array(fc.string(), { maxLength: 2 }),
      },
      { requiredKeys: ['snapshot_path', 'storage_type', 'leap_version'] },
    );
    const indent = fc.constantFrom<string | number>(0, 2, 4, '\t');
    const property = fc.property(
      fc.array(entry, { minLength: 1, maxLength: 5 }),
      indent,
      digest,
      fc.nat(),
      (entries, space, learned, at) => {
        const ranged = entries.map((fields, index) => ({
          ...fields,
          start_block_id: index * 10,
          end_block_id: index * 10 + 10,
        }));
        const before = JSON.stringify(ranged, null, space);
        const chosen = at % entries.length;
        const after = writeHashes(before, [{ ...update(chosen * 10, chosen * 10 + 10, ''), hash: learned }]);
        expect(parsed(after)).toEqual(
          parsed(before).map((slice, index) => (index === chosen ? { ...slice, knownHash: learned } : slice)),
        );
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});
