import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The artefact that is shipped; every end-to-end test drives this file and nothing of its insides. */
export const REPLAY = resolve(import.meta.dirname, '../../../dist/replay');

if (!existsSync(REPLAY)) {
  throw new Error('dist/replay is missing: run "npm run build" first, or "npm test", which does.');
}

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  /** Added to a bare environment: nothing of the developer's own reaches the program. */
  env?: Record<string, string>;
  /** A command that replaces itself by the program whose words follow: `unshare -m …`. */
  under?: readonly string[];
}

/** A started program: its output so far, its end, and the means to wait for a line. */
export interface Running {
  child: ChildProcess;
  /** For messages: the command and its arguments. */
  readonly what: string;
  readonly ended: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves with the end of the program; never rejects because of an exit code. */
  finished: Promise<Finished>;
  /** Resolves with the match once the output has it; rejects when the program ends without it. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal?: NodeJS.Signals): void;
}

/** Environment of the programs under test: no Node, no user configuration. */
const BARE_ENVIRONMENT = { PATH: '/usr/bin:/bin', HOME: '/nonexistent', LANG: 'C.UTF-8' };

/** Starts `replay` with the given arguments. */
export function startReplay(args: readonly string[], options: RunOptions = {}): Running {
  const [program, ...words] = [...(options.under ?? []), REPLAY, ...args];
  const child = spawn(program!, words, {
    cwd: options.cwd,
    env: { ...BARE_ENVIRONMENT, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8');
    child[name].on('data', (text: string) => {
      output[name] += text;
      for (const watcher of watchers) watcher();
    });
  }
  let ended = false;
  const finished = new Promise<Finished>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => {
      ended = true;
      done({ code, signal, ...output });
    });
  });
  return {
    child,
    what: `replay ${args.join(' ')}`,
    get ended() {
      return ended;
    },
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    finished,
    kill: (signal = 'SIGTERM') => child.kill(signal),
    waitFor: (pattern) =>
      new Promise((found, fail) => {
        const look = (): void => {
          const match = pattern.exec(output.stdout) ?? pattern.exec(output.stderr);
          if (match === null) return;
          watchers.delete(look);
          found(match);
        };
        watchers.add(look);
        look();
        void finished.then(({ code, stdout, stderr }) => {
          fail(new Error(`replay ${args[0]} ended with ${code} before ${pattern}:\n${stdout}\n${stderr}`));
        });
      }),
  };
}

/** Runs `replay` to its end. */
export function replay(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return startReplay(args, options).finished;
}
