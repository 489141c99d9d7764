import { describe, expect, it } from 'vitest';
import { showValue } from '../../../../src/core/domain/manifest/show-value.ts';

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
