import { describe, expect, it } from 'vitest';
import { Screen } from '../../../../src/core/report/watch/screen.ts';

/** A terminal that takes what is written at once, or only when it is told to. */
function terminal() {
  const written: string[] = [];
  let drained = (): void => undefined;
  const output = {
    isSlow: false,
    write(text: string) {
      written.push(text);
      return !this.isSlow;
    },
    once: (_event: 'drain', listener: () => void) => void (drained = listener),
  };
  return { output, written, drain: () => drained() };
}

describe('a screen', () => {
  it('draws over what it drew before, and gives the window back', () => {
    const { output, written } = terminal();
    const screen = new Screen(output);
    screen.draw(['one', 'two']);
    screen.draw(['three']);
    screen.close();
    screen.close();
    expect(written).toEqual([
      '\u001B[?1049h\u001B[?25l\u001B[?2026h\u001B[Hone\u001B[K\r\ntwo\u001B[K\u001B[J\u001B[?2026l',
      '\u001B[?2026h\u001B[Hthree\u001B[K\u001B[J\u001B[?2026l',
      '\u001B[?25h\u001B[?1049l',
    ]);
  });

  it('writes nothing when nothing was drawn', () => {
    const { output, written } = terminal();
    new Screen(output).close();
    expect(written).toEqual([]);
  });

  it('leaves out what a slow terminal could not show in time', () => {
    const { output, written, drain } = terminal();
    const screen = new Screen(output);
    output.isSlow = true;
    for (const line of ['one', 'two', 'three']) screen.draw([line]);
    expect(written).toHaveLength(1);
    output.isSlow = false;
    drain();
    expect(written.slice(1).join('')).toContain('three');
    expect(written.join('')).not.toContain('two');
  });
});
