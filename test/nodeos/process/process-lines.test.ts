import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitLines } from '../../../src/nodeos/process/process-lines.ts';

function split(chunks: Buffer[], maxLength?: number): string[] {
  const lines: string[] = [];
  const splitter = splitLines((line) => lines.push(line), maxLength);
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

describe('lines of a stream', () => {
  test('do not depend on how the bytes arrive', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }).filter((s) => !s.includes('\n'))),
        fc.nat(),
        (texts, seed) => {
          const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
          const size = (seed % 7) + 1;
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          expect(split(chunks)).toEqual(texts);
        },
      ),
    );
  });

  test('include the last one without a line feed', () => {
    expect(split([Buffer.from('a\nb')])).toEqual(['a', 'b']);
  });

  test('are cut when they are too long, and the next one is whole', () => {
    expect(split([Buffer.from('abcde'), Buffer.from('fgh\nxy\n')], 4)).toEqual(['abcd', 'xy']);
  });
});
