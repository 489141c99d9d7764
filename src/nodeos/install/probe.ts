import { AttemptFailure } from '../../core/domain/attempt-failure.ts';
import { capture } from '../process/process-capture.ts';
import type { Captured } from '../process/process-capture.ts';
import { elfArchitecture } from './probe-elf.ts';
import { parseNodeosVersion, productOf } from '../product.ts';
import type { Product } from '../product.ts';

export interface NodeosProbe {
  /** As it says it, with the `v`: `v1.2.2`. */
  readonly version: string;
  readonly product: Product;
  /** It is the stand-in for rehearsals; its results prove nothing. */
  readonly standIn: boolean;
}

/** Generous: a large program on a cold network disk. */
const PROBE_TIMEOUT_MS = 60_000;

export interface ProbeOptions {
  signal?: AbortSignal;
  /** Milliseconds. */
  timeoutMs?: number;
}

/**
 * Starts `nodeos --version` and reads what it says (recorded from Leap 5.0.3 and Spring 1.2.2: the
 * version alone on stdout; Spring also logs `nodeos started` on stderr).
 * @throws AttemptFailure `install` when it does not run here, `bad-job` for a version of no known product
 */
export async function probeNodeos(path: string, options: ProbeOptions = {}): Promise<NodeosProbe> {
  await checkArchitecture(path);
  const timeoutMs = options.timeoutMs ?? PROBE_TIMEOUT_MS;
  let said: Captured;
  try {
    said = await capture(path, ['--version'], {
      timeoutMs,
      ...(options.signal && { signal: options.signal }),
    });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw cannotStart(path, error);
  }
  if (said.timedOut) {
    throw new AttemptFailure('install', `${path} --version gave no answer within ${timeoutMs / 1000} s`);
  }
  if (said.code !== 0) throw doesNotRun(path, said);
  return readVersion(path, said.stdout);
}

/** Reads the version from what `--version` printed. Pure. */
function readVersion(path: string, stdout: string): NodeosProbe {
  for (const line of stdout.split('\n').toReversed()) {
    const parsed = parseNodeosVersion(line);
    if (!parsed) continue;
    return {
      version: `v${parsed.text}`,
      product: productOf(parsed.text),
      standIn: parsed.suffix.includes('stand-in'),
    };
  }
  const answer = JSON.stringify(stdout.trim().slice(0, 200));
  throw new AttemptFailure('install', `${path} --version says ${answer}, which is no version of nodeos`, {
    hint: 'Is this program nodeos?',
  });
}

async function checkArchitecture(path: string): Promise<void> {
  let built: string | null;
  try {
    built = await elfArchitecture(path);
  } catch (error) {
    throw cannotStart(path, error);
  }
  if (built === null || built === process.arch) return;
  throw new AttemptFailure('install', `${path} was built for ${built}; this machine is ${process.arch}`, {
    hint: 'Use a host of that architecture, or give the slice a nodeos_version that fits this one.',
  });
}

function cannotStart(path: string, error: unknown): AttemptFailure {
  const code = (error as NodeJS.ErrnoException).code;
  const reasons: Record<string, string> = {
    ENOENT: 'it does not exist (or the interpreter it names does not)',
    EACCES: 'it may not be executed by this user (permission, or a disk mounted noexec)',
    EISDIR: 'it is a folder',
    ENOEXEC: 'this system does not know its format',
  };
  const reason = (code && reasons[code]) ?? (error as Error).message;
  return new AttemptFailure('install', `${path} cannot be started: ${reason}`, { cause: error });
}

const MISSING_LIBRARY = /error while loading shared libraries: ([^\s:]+)/;
const MISSING_SYMBOLS = /version [`'](GLIBC\w*_[\d.]+)' not found/;

/** Explains a program that starts and fails at once: nearly always the dynamic loader. */
function doesNotRun(path: string, said: Captured): AttemptFailure {
  const library = MISSING_LIBRARY.exec(said.stderr)?.[1];
  if (library) {
    return new AttemptFailure('install', `${path} does not run: the shared library ${library} is missing`, {
      hint: `Install the package that contains it ("apt-file search ${library}" names it; for libfoo.so.N it is mostly libfooN).`,
    });
  }
  const symbols = MISSING_SYMBOLS.exec(said.stderr)?.[1];
  if (symbols) {
    return new AttemptFailure(
      'install',
      `${path} does not run: it needs ${symbols}, and this system is older`,
      {
        hint: 'Use a host with a newer system (Ubuntu 22.04 for the released packages), or a build for this one.',
      },
    );
  }
  const how = said.signal ? `was ended by ${said.signal}` : `ended with exit code ${said.code}`;
  const words = said.stderr.trim().split('\n').at(-1)?.slice(0, 300);
  return new AttemptFailure('install', `${path} --version ${how}${words ? `: ${words}` : ''}`);
}
