import { AttemptFailure } from '../domain/attempt-failure.ts';
import { capture } from '../../nodeos/process/process-capture.ts';
import { probeNodeos } from '../../nodeos/install/probe.ts';
import type { OrchestratorClient } from '../protocol/client.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import type { SelfCheckRecord, SelfCheckResult } from '../protocol/self-check-record.ts';
import { formatBytes } from '../format/bytes.ts';
import { describeLocation } from '../storage/location.ts';
import type { Location } from '../storage/location.ts';
import { SourceError } from '../storage/source-error.ts';
import type { Source } from '../storage/source.ts';
import { checkInodes, checkSpace, checkWritable } from './disk-check.ts';
import { availableMemory } from './host-facts.ts';
import { locateJobFiles } from './job-files.ts';

/** With less nodeos cannot even load its program and a small state beside us. */
export const MIN_MEMORY_BYTES = 512 * 1024 * 1024;

/** Certificates and signatures of requests (S3 allows 15 minutes) fail when a clock is wrong by more. */
const MAX_CLOCK_ERROR_MS = 5 * 60_000;

/** For whatever a check has to ask somebody else. */
const ANSWER_MS = 20_000;

export interface SelfCheckDeps {
  client: Pick<OrchestratorClient, 'time'>;
  source: Pick<Source, 'head'>;
  dataDir: string;
  minFreeDiskBytes: number;
  /** `--nodeos`; null: packages are unpacked here. */
  nodeosPath: string | null;
  /** The job that failed here last, whose storage is looked at; null when there is none. */
  lastFailed: FullJobRecord | null;
  /** Milliseconds since 1970. */
  now: () => number;
  signal: AbortSignal;
}

/** Looks at all that makes a host fail one job after the other. Never throws: what goes wrong is a finding. */
export async function runSelfCheck(deps: SelfCheckDeps): Promise<SelfCheckRecord> {
  const { dataDir, minFreeDiskBytes } = deps;
  const checks = await Promise.all([
    named('disk-space', checkSpace(dataDir, minFreeDiskBytes)),
    named('disk-write', checkWritable(dataDir)),
    named('inodes', checkInodes(dataDir)),
    named('memory', checkMemory()),
    named('nodeos', deps.nodeosPath === null ? checkTools(deps) : checkNodeos(deps.nodeosPath, deps)),
    named('clock', checkClock(deps)),
    named('storage', checkStorage(deps)),
  ]);
  return { ok: checks.every(({ ok }) => ok), checks };
}

type Finding = Omit<SelfCheckResult, 'name'>;

async function named(name: string, check: Promise<Finding>): Promise<SelfCheckResult> {
  try {
    return { name, ...(await check) };
  } catch (error) {
    return { name, ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

async function checkMemory(): Promise<Finding> {
  const available = await availableMemory();
  if (available === null)
    return { ok: true, message: 'this system does not tell how much memory is available' };
  const found = `${formatBytes(available)} of memory are available`;
  if (available >= MIN_MEMORY_BYTES) return { ok: true, message: found };
  return { ok: false, message: `${found}, at least ${formatBytes(MIN_MEMORY_BYTES)} are needed` };
}

async function checkTools({ signal }: SelfCheckDeps): Promise<Finding> {
  const dpkg = await firstLineOf('dpkg-deb', signal);
  if (dpkg === null) {
    return { ok: false, message: 'dpkg-deb, which unpacks nodeos packages, is missing: install "dpkg"' };
  }
  // Without the program we decompress ourselves, more slowly.
  const zstd = await firstLineOf('zstd', signal);
  return { ok: true, message: `${dpkg}; ${zstd ?? 'no zstd program, the built-in decompressor is used'}` };
}

async function firstLineOf(tool: string, signal: AbortSignal): Promise<string | null> {
  try {
    const { code, stdout, stderr } = await capture(tool, ['--version'], { timeoutMs: ANSWER_MS, signal });
    return code === 0 ? ((stdout || stderr).trim().split('\n')[0] ?? tool).slice(0, 100) : null;
  } catch {
    return null;
  }
}

async function checkNodeos(path: string, { signal }: SelfCheckDeps): Promise<Finding> {
  const { version } = await probeNodeos(path, { signal });
  return { ok: true, message: `${path} runs and is ${version}` };
}

async function checkClock({ client, now, signal }: SelfCheckDeps): Promise<Finding> {
  const theirs = await client.time({ signal, timeoutMs: ANSWER_MS });
  if (theirs === null) return { ok: true, message: 'the orchestrator does not tell its time' };
  const error = now() - theirs.getTime();
  const seconds = Math.round(Math.abs(error) / 1000);
  const found = `this clock is ${seconds} s ${error < 0 ? 'behind' : 'ahead of'} the orchestrator's`;
  if (Math.abs(error) <= MAX_CLOCK_ERROR_MS) return { ok: true, message: found };
  return { ok: false, message: `${found}: set it, and let a time service (NTP) keep it` };
}

async function checkStorage({ source, lastFailed, signal }: SelfCheckDeps): Promise<Finding> {
  const location = lastFailed === null ? null : whatToReach(lastFailed);
  if (location === null) return { ok: true, message: 'no storage is known to look at' };
  const place = describeLocation(location);
  const either = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
  try {
    await source.head(location, either);
  } catch (error) {
    // That there is no such file is said by a storage that answers, and is no fault of this host.
    if (error instanceof SourceError && error.kind === 'not-found') {
      return { ok: true, message: `the storage answers, but has no ${place}` };
    }
    const reason = error instanceof SourceError ? error.message : `no answer within ${ANSWER_MS / 1000} s`;
    return { ok: false, message: `${place} cannot be reached: ${reason}` };
  }
  return { ok: true, message: `${place} can be reached` };
}

function whatToReach(job: FullJobRecord): Location | null {
  try {
    const { snapshot, genesis, blocks } = locateJobFiles(job);
    return snapshot ?? genesis ?? blocks;
  } catch (error) {
    if (error instanceof AttemptFailure) return null;
    throw error;
  }
}
