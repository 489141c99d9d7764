import { describe, expect, test } from 'vitest';
import { linesOf, textOfLines } from '../../../src/core/protocol/log-text.ts';

describe('lines as text', () => {
  test.each([[[]], [['']], [['a']], [['a', '', 'b', '']]])('%j comes back as it was', (lines) => {
    expect(linesOf(textOfLines(lines))).toEqual(lines);
  });

  test('need no line feed at the end', () => {
    expect(linesOf('a\nb')).toEqual(['a', 'b']);
    expect(linesOf('a\n\n')).toEqual(['a', '']);
  });
});
