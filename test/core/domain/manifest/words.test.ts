import { describe, expect, it } from 'vitest';
import { FIELD_NAMES } from '../../../../src/core/domain/manifest/fields.ts';
import { nearest } from '../../../../src/core/domain/manifest/nearest.ts';
import { showValue } from '../../../../src/core/domain/manifest/show-value.ts';

describe('nearest', () => {
  it.each([
    ['start_block', 'start_block_id'],
    ['end_block_num', 'end_block_id'],
    ['Leap_Version', 'leap_version'],
    ['spring_verison', 'spring_version'],
    ['snapshotPath', 'snapshot_path'],
    ['integrity_hash', null],
    ['comment', null],
    ['', null],
    ['x'.repeat(100_000), null],
  ])('to %.20s is %s', (word, expected) => {
    expect(nearest(word, FIELD_NAMES)).toBe(expected);
  });
});

describe('showValue', () => {
  it.each<[unknown, string]>([
    ['text', '"text"'],
    ['a "quote"\n', '"a \\"quote\\"\\n"'],
    [5, '5'],
    [null, 'null'],
    [[1, 'x'], '[1,"x"]'],
    ['https://me:secret@host/a', '"https://***@host/a"'],
    ['https://host/a?X-Amz-Signature=secret', '"https://host/a?***"'],
    [['https://host/a?X-Amz-Signature=secret'], '["https://host/a?***"]'],
    ['s3://bucket/a?b', '"s3://bucket/a?b"'],
  ])('%j is %s', (value, expected) => {
    expect(showValue(value)).toBe(expected);
  });

  it('is cut when it is long', () => {
    expect(showValue('x'.repeat(100))).toBe(`"${'x'.repeat(79)}…`);
  });
});
