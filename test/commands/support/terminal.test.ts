import { describe, expect, it } from 'vitest';
import { terminalOf } from '../../../src/commands/support/terminal.ts';

const WINDOW = { isTTY: true, columns: 80 };

describe('what stdout can show', () => {
  it.each([
    ['a terminal', WINDOW, {}, false, { width: 80, colour: true }],
    [
      'a terminal that does not say how wide it is',
      { isTTY: true, columns: 0 },
      {},
      false,
      { width: null, colour: true },
    ],
    ['a pipe', {}, {}, false, { width: null, colour: false }],
    ['NO_COLOR', WINDOW, { NO_COLOR: '1' }, false, { width: 80, colour: false }],
    ['NO_COLOR that is empty', WINDOW, { NO_COLOR: '' }, false, { width: 80, colour: true }],
    ['a dumb terminal', WINDOW, { TERM: 'dumb' }, false, { width: 80, colour: false }],
    ['--no-color', WINDOW, {}, true, { width: 80, colour: false }],
  ])('%s', (_, output, environment, noColour, expected) => {
    expect(terminalOf(output, environment, noColour)).toEqual(expected);
  });
});
