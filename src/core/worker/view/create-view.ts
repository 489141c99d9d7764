import { createLineView } from './line-view.ts';
import { createTerminalView } from './terminal-view.ts';
import type { TerminalStreams } from './terminal-view.ts';
import type { View } from './view.ts';

/** Bars in a terminal, plain lines everywhere else. */
export function createView(streams: TerminalStreams, now: () => number = Date.now): View {
  if (streams.stdout.isTTY) return createTerminalView(streams);
  return createLineView((line) => streams.stdout.write(line), now);
}
