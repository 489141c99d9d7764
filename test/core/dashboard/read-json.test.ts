import { expect, test } from 'vitest';
import { readJson } from '../../../src/core/dashboard/data/read-json.ts';

test.each([
  ['a plain text', { text: 'nodeos ended' }, { text: 'nodeos ended' }],
  ['one in another script', { text: 'שלום' }, { text: 'שלום' }],
  ['one that turns around', { text: 'exe.\u202Egnp' }, { text: 'exe.\ufffdgnp' }],
  ['several, deep inside', [{ a: ['\u2066x\u2069', 7, null] }], [{ a: ['\ufffdx\ufffd', 7, null] }]],
])('%s', (_, value, expected) => {
  const escaped = JSON.stringify(value).replaceAll(
    /[\u0080-\uffff]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  expect([readJson(JSON.stringify(value)), readJson(escaped)]).toEqual([expected, expected]);
});
