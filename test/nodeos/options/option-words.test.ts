import { expect, test } from 'vitest';
import { OPTION_WORDS } from '../../../src/nodeos/options/option-words.ts';
import { ALLOWED_OPTIONS } from '../../../src/nodeos/options/options-table.ts';

test('every option that a manifest may set is explained, and no other', () => {
  expect(Object.keys(OPTION_WORDS).toSorted()).toEqual([...ALLOWED_OPTIONS.keys()].toSorted());
});
