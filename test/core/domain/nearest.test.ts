import { describe, expect, it } from 'vitest';
import { FIELD_NAMES } from '../../../src/core/domain/manifest/fields.ts';
import { nearest } from '../../../src/core/domain/nearest.ts';

const COMMANDS = ['demo', 'jobs', 'report', 'serve', 'status', 'tokens', 'work'];

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

  it.each([
    ['statsu', 'status'],
    ['sevre', 'serve'],
    ['wrok', 'work'],
    ['job', 'jobs'],
    ['krow', null],
    ['frobnicate', null],
  ])('to %s is the command %s: two letters that are swapped are one mistake', (word, expected) => {
    expect(nearest(word, COMMANDS)).toBe(expected);
  });

  it('is nothing where there is nothing to choose from', () => {
    expect(nearest('word', [])).toBeNull();
  });
});
