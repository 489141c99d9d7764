import { describe, expect, it } from 'vitest';
import { harmless } from '../../../src/core/report/status-text.ts';

describe('what a host sent', () => {
  it.each([
    ['plain text', 'block 1500, ünïcödé ✓', 'block 1500, ünïcödé ✓'],
    ['colours', '\u001B[31merror\u001B[0m', 'error'],
    ['a title of the window', '\u001B]0;owned\u0007text', 'text'],
    ['a bell, a backspace and a bare carriage return', 'a\u0007b\u0008c\rd', 'abcd'],
    ['lines and tabs', 'a\r\nb\tc\n', 'a\nb c\n'],
    ['a C1 control code', 'a\u009B31mb', 'ab'],
    ['writing that is turned round', 'a\u202Eb', 'ab'],
  ])('loses nothing but what a terminal would act on: %s', (_, text, shown) => {
    expect(harmless(text)).toBe(shown);
  });
});
