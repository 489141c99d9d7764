import { type ChildProcess, spawn } from 'node:child_process';

/** A process of this same program, started by the rehearsal. */
export interface Sibling {
  readonly name: string;
  /** The end of the process; resolves, never rejects. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Everything it printed to stderr, cut to its last part. */
  lastWords(): string;
  /** SIGTERM, and SIGKILL if it is still there after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

const KEPT = 16 * 1024;

/**
 * The command that starts this program again: the single file itself, or, when run from source, the
 * runtime with the entry file.
 */
export function selfCommand(): string[] {
  const entry = process.argv[1] ?? '';
  return entry.startsWith('/$bunfs/') ? [process.execPath] : [process.execPath, entry];
}

/** Starts a sibling; each line of its stdout goes to `onLine`. */
export function startSibling(
  name: string,
  args: readonly string[],
  onLine: (line: string) => void = () => {},
): Sibling {
  const [file, ...prefix] = selfCommand();
  // Its own process group: Ctrl-C reaches only the rehearsal, which then stops the others in order.
  const child = spawn(file!, [...prefix, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: ownSettingsOnly(process.env),
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-KEPT);
  });
  eachLine(child, onLine);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('error', (error) => {
      errors += error.message;
      resolve({ code: null, signal: null });
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return { name, ended, lastWords: () => errors, stop: (graceMs) => stop(child, ended, graceMs) };
}

/** A rehearsal is told everything by its flags: addresses or tokens of a real run must not get into it. */
function ownSettingsOnly(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ([name]: [string, unknown]) =>
    !name.startsWith('REPLAY_') || name.startsWith('REPLAY_STAND_IN_');
  return { ...Object.fromEntries(Object.entries(env).filter(kept)), REPLAY_DEFAULTS: '/dev/null' };
}

function eachLine(child: ChildProcess, onLine: (line: string) => void): void {
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
}

async function stop(child: ChildProcess, ended: Promise<unknown>, graceMs = 10_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}
