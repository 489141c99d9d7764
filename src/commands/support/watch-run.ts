import { setTimeout as pause } from 'node:timers/promises';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { asUserError, OrchestratorError } from '../../core/protocol/client-error.ts';
import type { OrchestratorClient } from '../../core/protocol/client.ts';
import { mirrorRun } from '../../core/protocol/events/run-mirror.ts';
import type { JobChoice } from '../../core/report/status-choice.ts';
import { jsonView, lineView } from '../../core/report/watch/line-view.ts';
import { Screen } from '../../core/report/watch/screen.ts';
import { ScreenView } from '../../core/report/watch/screen-view.ts';
import type { WatchView } from '../../core/report/watch/watch-view.ts';
import { onStopRequest } from './signals.ts';

export interface WatchOptions {
  client: OrchestratorClient;
  choice: JobChoice;
  columns: readonly string[] | null;
  json: boolean;
  colour: boolean;
}

/**
 * Shows the run while it changes, until a signal ends it. Leaves the exit code in `process.exitCode`.
 * @throws UserError when the orchestrator cannot be reached at the beginning, or refuses
 */
export async function watchRun(options: WatchOptions): Promise<void> {
  const { client } = options;
  const stop = onStopRequest();
  const { view, dispose } = viewOf(options);
  let hasBegun = false;
  try {
    const changes = mirrorRun({
      client,
      signal: stop.signal,
      pause: (ms, signal) => pause(ms, undefined, { signal }).catch(() => undefined),
      random: Math.random,
    });
    for await (const change of changes) {
      if (change.kind === 'lost' && !hasBegun) throw change.error;
      hasBegun = true;
      view.show(change);
    }
    process.exitCode = ExitCode.interrupted;
  } catch (error) {
    throw error instanceof OrchestratorError ? explained(error, client.baseUrl) : error;
  } finally {
    view.close();
    dispose();
    stop.dispose();
  }
}

function viewOf(options: WatchOptions): { view: WatchView; dispose: () => void } {
  const { choice, columns, json, colour } = options;
  const write = (text: string): void => void process.stdout.write(text);
  if (json) return { view: jsonView(write, choice), dispose: () => undefined };
  if (!process.stdout.isTTY || process.env['TERM'] === 'dumb') {
    return { view: lineView({ write, choice, now: () => new Date() }), dispose: () => undefined };
  }
  const view = new ScreenView({
    screen: new Screen(process.stdout),
    choice,
    columns,
    colour,
    write,
    now: () => performance.now(),
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  });
  return { view, dispose: followTerminal(view) };
}

/** The window is drawn anew in another size, and given back when the process stops or ends. */
function followTerminal(view: ScreenView): () => void {
  const redraw = (): void => view.redraw();
  const leave = (): void => view.close();
  const suspend = (): void => {
    view.close();
    // The default effect of SIGTSTP, which listening to it has taken away.
    process.kill(process.pid, 'SIGSTOP');
  };
  process.stdout.on('resize', redraw);
  process.on('SIGCONT', redraw);
  process.on('SIGTSTP', suspend);
  process.on('exit', leave);
  return () => {
    process.stdout.off('resize', redraw);
    process.off('SIGCONT', redraw);
    process.off('SIGTSTP', suspend);
    process.off('exit', leave);
  };
}

function explained(error: OrchestratorError, baseUrl: string): UserError {
  if (error.kind !== 'not-found') return asUserError(error, baseUrl);
  return new UserError({
    code: 'ORCHESTRATOR_TOO_OLD',
    message: `The orchestrator at ${baseUrl} does not tell its changes (GET /events): it is an older version.`,
    hint: 'Run `replay status` without --watch, or bring the orchestrator up to date.',
    exitCode: ExitCode.unreachable,
    cause: error,
  });
}
