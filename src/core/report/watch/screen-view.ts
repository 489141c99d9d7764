import type { MirroredRun } from '../../protocol/events/run-mirror.ts';
import { renderGlance } from '../glance.ts';
import { paint } from '../status-colour.ts';
import type { JobChoice } from '../status-choice.ts';
import { renderFrame } from './frame.ts';
import type { Screen } from './screen.ts';
import type { WatchView } from './watch-view.ts';

export interface ScreenViewOptions {
  screen: Pick<Screen, 'draw' | 'close' | 'size'>;
  choice: JobChoice;
  columns: readonly string[] | null;
  colour: boolean;
  /** Writes below what stood in the window before. */
  write: (text: string) => void;
  /** Milliseconds of a clock that never goes back. */
  now: () => number;
  /** Calls back once, later; returns what calls it off. */
  after: (delayMs: number, callback: () => void) => () => void;
}

/** A hundred hosts report every few seconds; nobody reads faster than this. Milliseconds. */
const REDRAW_MS = 250;

/** The window is drawn anew this soon at least while the orchestrator is not heard. */
const LOST_TICK_MS = 1_000;

/** The run in its place in a window. */
export class ScreenView implements WatchView {
  readonly #options: ScreenViewOptions;
  #run: MirroredRun | null = null;
  #lost: { reason: string; at: number } | null = null;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isDrawn = false;
  #cancel: (() => void) | null = null;

  constructor(options: ScreenViewOptions) {
    this.#options = options;
  }

  show: WatchView['show'] = (change) => {
    if (change.kind === 'lost') {
      this.#lost = { reason: change.error.message, at: this.#lost?.at ?? this.#options.now() };
    } else {
      this.#run = change.run;
      this.#lost = null;
    }
    const wait = this.#drawnAt + REDRAW_MS - this.#options.now();
    this.#cancel?.();
    if (wait <= 0) this.redraw();
    else this.#cancel = this.#options.after(wait, () => this.redraw());
  };

  /** Draws at once, as when the window has another size. */
  redraw(): void {
    const { screen, choice, columns, colour, now, after } = this.#options;
    this.#cancel?.();
    this.#cancel = null;
    if (!this.#run) return;
    const lost = this.#lost && { reason: this.#lost.reason, sinceMs: now() - this.#lost.at };
    const { width, height } = screen.size;
    const text = renderFrame({ run: this.#run, choice, columns, lost, width, height }).join('\n');
    screen.draw((colour ? paint(text) : text).split('\n'));
    this.#drawnAt = now();
    this.#isDrawn = true;
    if (this.#lost) this.#cancel = after(LOST_TICK_MS, () => this.redraw());
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = null;
    const { screen, write } = this.#options;
    screen.close();
    // What was drawn is gone with the second screen; what it said last stays.
    if (this.#run && this.#isDrawn) write(`${renderGlance(this.#run.summary, screen.size.width)}\n`);
    this.#isDrawn = false;
  }
}
