/** What is drawn on, such as process.stdout. */
export interface ScreenOutput {
  columns?: number;
  rows?: number;
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/** Control sequences of ECMA-48 and xterm. */
const ENTER = '\u001B[?1049h\u001B[?25l';
const LEAVE = '\u001B[?25h\u001B[?1049l';
const HOME = '\u001B[H';
const CLEAR_LINE = '\u001B[K';
const CLEAR_REST = '\u001B[J';
/** Terminals that know it show all that is in between at once; the others pass over it. */
const BEGIN_UPDATE = '\u001B[?2026h';
const END_UPDATE = '\u001B[?2026l';

/**
 * Draws lines in their place on the second screen of a terminal, so that what stood in the window is there
 * again afterwards.
 */
export class Screen {
  readonly #output: ScreenOutput;
  #isOpen = false;
  #isBusy = false;
  #waiting: readonly string[] | null = null;

  constructor(output: ScreenOutput) {
    this.#output = output;
  }

  /** Characters of a line, and lines. */
  get size(): { width: number; height: number } {
    const { columns, rows } = this.#output;
    return { width: columns || 80, height: rows || 24 };
  }

  /** Over a slow connection the newest lines alone are drawn. */
  draw(lines: readonly string[]): void {
    if (this.#isBusy) {
      this.#waiting = lines;
      return;
    }
    const enter = this.#isOpen ? '' : ENTER;
    this.#isOpen = true;
    const body = lines.map((line) => line + CLEAR_LINE).join('\r\n');
    this.#write(enter + BEGIN_UPDATE + HOME + body + CLEAR_REST + END_UPDATE);
  }

  /** Gives the window back. Nothing is drawn any more until the next call of `draw`. */
  close(): void {
    this.#waiting = null;
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#output.write(LEAVE);
  }

  #write(text: string): void {
    if (this.#output.write(text)) return;
    this.#isBusy = true;
    this.#output.once('drain', () => {
      this.#isBusy = false;
      const lines = this.#waiting;
      this.#waiting = null;
      if (lines) this.draw(lines);
    });
  }
}
