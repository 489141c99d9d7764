import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { arch, cpus, hostname, release, totalmem } from 'node:os';
import { pipeline } from 'node:stream/promises';
import { capture } from '../../../nodeos/process/process-capture.ts';
import type { AttemptEvidence } from '../../protocol/attempt-evidence.ts';

const ANSWER_MS = 5000;

/** What tells one build of nodeos from another. */
export interface BuildFacts {
  /** What `--full-version` says; null when it says nothing. */
  fullVersion: string | null;
  /** Of the program, lower-case hex. */
  sha256: string | null;
  bytes: number | null;
}

/** The same program is read once: a build with symbols has gigabytes. By path, length and time of change. */
const known = new Map<string, Promise<BuildFacts>>();

/** Looks at a program. Never rejects: what cannot be told is null. */
export async function buildFacts(path: string): Promise<BuildFacts> {
  const info = await stat(path).catch(() => null);
  const key = `${path}\0${info?.size ?? ''}\0${info?.mtimeMs ?? ''}`;
  const facts = known.get(key) ?? readBuild(path, info?.size ?? null);
  known.set(key, facts);
  return facts;
}

async function readBuild(path: string, bytes: number | null): Promise<BuildFacts> {
  const [fullVersion, sha256] = await Promise.all([
    readFullVersion(path).catch(() => null),
    sha256Of(path).catch(() => null),
  ]);
  return { fullVersion, sha256, bytes };
}

/** Spring logs a line of its own beside the version; that goes to stderr. */
async function readFullVersion(path: string): Promise<string | null> {
  const { code, stdout } = await capture(path, ['--full-version'], { timeoutMs: ANSWER_MS });
  const line = stdout.trim().split('\n').at(-1)?.trim() ?? '';
  return code === 0 && line !== '' ? line.slice(0, 200) : null;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** This host, as far as it may matter to a result. Never rejects. */
export async function hostOfAttempt(): Promise<AttemptEvidence['host']> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const processors = cpus();
  return {
    hostname: hostname(),
    os: /^PRETTY_NAME="?(?<name>[^"\n]+)"?$/mu.exec(text)?.groups?.['name'] ?? null,
    kernel: release(),
    arch: arch(),
    cpu_model: processors[0]?.model.trim() ?? null,
    cpus: processors.length,
    memory_total: totalmem(),
  };
}
