import { describe, expect, test } from 'vitest';
import { pythonJson } from '../../../src/core/protocol/python-json.ts';
import { recordText } from '../../../src/core/protocol/job-text.ts';

describe('JSON as Python writes it', () => {
  // Each result is what Python 3's json.dumps gives for the same value.
  test.each([
    [{ a: 1, b: null }, '{"a": 1, "b": null}'],
    [[], '[]'],
    [{}, '{}'],
    [[1, 'x', true, false, null], '[1, "x", true, false, null]'],
    [{ a: { b: [{ c: 0.5 }] } }, '{"a": {"b": [{"c": 0.5}]}}'],
    ['a: b, c', '"a: b, c"'],
    ['"\\/\b\f\n\r\t', '"\\"\\\\/\\b\\f\\n\\r\\t"'],
    ['é\u2028😀\u007f\u0001', '"\\u00e9\\u2028\\ud83d\\ude00\\u007f\\u0001"'],
  ])('%j', (value, expected) => {
    expect(pythonJson(value)).toBe(expected);
    expect(JSON.parse(pythonJson(value))).toEqual(value);
  });

  test('leaves undefined members out', () => {
    expect(pythonJson({ a: undefined, b: 1 })).toBe('{"b": 1}');
  });
});

test('the text form writes null as None and leaves undefined out', () => {
  expect(recordText({ a: 1, b: null, c: '', d: undefined, e: 'x y' })).toBe('a=1, b=None, c=, e=x y');
});
