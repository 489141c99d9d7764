import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AttemptFailure } from '../../core/domain/attempt-failure.ts';
import type { ProcessExit } from '../conclusion/conclusion.ts';
import { cleanEnv } from './process-env.ts';
import { cannotExecute, lifeline } from './process-lifeline.ts';
import { keepLog } from './process-log.ts';
import { killGroup, removeRecord, writeRecord } from './process-record.ts';
import { markOf } from './process-strays.ts';

export interface ProcessRequest {
  readonly path: string;
  readonly args: readonly string[];
  /** The attempt's folder; the process is recorded there. */
  readonly directory: string;
  /** All that it prints is appended here. */
  readonly logFile: string;
  onLine(line: string): void;
  /** Milliseconds from SIGTERM to SIGKILL. */
  readonly graceMs: number;
}

export interface NodeosProcess {
  readonly pid: number;
  /**
   * How it ended, once its last line was handed over. Rejects with AttemptFailure `disk-full` when its
   * log could not be kept.
   */
  readonly exit: Promise<ProcessExit>;
  /** Asks it to stop, and ends it when it has not after the time of grace. Resolves when it is gone. */
  stop(): Promise<void>;
}

/** After the process is gone its pipes may be held open by something it started. */
const PIPES_MS = 2000;

/**
 * Starts nodeos: without a shell, with a clean environment, and as the leader of a process group of its
 * own, so that Ctrl-C in a terminal reaches us and not it. It does not outlive us where that can be had.
 * @throws AttemptFailure `install` when it cannot be started at all
 */
export async function startNodeos(request: ProcessRequest): Promise<NodeosProcess> {
  const child = await spawnNodeos(request);
  const pid = child.pid!;
  const dieWithUs = () => killGroup(pid, 'SIGKILL');
  process.once('exit', dieWithUs);

  let gone = false;
  let stopping: Promise<void> | null = null;
  let notStarted: string | null = null;
  const ended = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => {
      gone = true;
      process.off('exit', dieWithUs);
      resolve({ code, signal });
    });
  });
  const stop = (): Promise<void> => (stopping ??= stopGroup(pid, ended, () => gone, request.graceMs));
  const onLine = (line: string): void => {
    notStarted ??= cannotExecute(line);
    request.onLine(line);
  };
  const log = keepLog([child.stderr!, child.stdout!], request.logFile, onLine, () => void stop());
  const exit = ended.then(async (status) => {
    // Nothing that it started may stay behind and hold its ports or its folder.
    killGroup(pid, 'SIGKILL');
    await closePipes(child);
    await log.finished();
    await removeRecord(request.directory);
    if (notStarted !== null) throw cannotStart(request.path, notStarted);
    return status;
  });
  // Whoever stops it may not wait for its exit: that must not count as an unhandled rejection.
  exit.catch(() => undefined);
  await writeRecord(request.directory, pid).catch(() => undefined);
  return { pid, exit, stop };
}

async function spawnNodeos({ path, args, directory }: ProcessRequest): Promise<ChildProcess> {
  try {
    await access(path, constants.X_OK);
    const [command, ...rest] = [...(await lifeline()), path, ...args];
    const child = spawn(command!, rest, {
      cwd: directory,
      env: { ...cleanEnv(process.env), ...(await markOf(directory)) },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      shell: false,
    });
    await once(child, 'spawn');
    return child;
  } catch (error) {
    throw cannotStart(path, (error as Error).message, error);
  }
}

function cannotStart(path: string, reason: string, cause?: unknown): AttemptFailure {
  return new AttemptFailure('install', `nodeos cannot be started: ${reason}`, {
    hint: `Does it run on this host? Try: ${path} --version`,
    cause,
  });
}

async function stopGroup(
  pid: number,
  ended: Promise<unknown>,
  isGone: () => boolean,
  graceMs: number,
): Promise<void> {
  if (isGone()) return;
  killGroup(pid, 'SIGTERM');
  const patience = new AbortController();
  await Promise.race([ended, sleep(graceMs, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
  if (!isGone()) killGroup(pid, 'SIGKILL');
  await ended;
}

async function closePipes(child: ChildProcess): Promise<void> {
  const pipes = [child.stderr!, child.stdout!];
  const timer = setTimeout(() => pipes.forEach((pipe) => pipe.destroy()), PIPES_MS);
  await Promise.all(pipes.map(async (pipe) => pipe.closed || once(pipe, 'close')));
  clearTimeout(timer);
}
