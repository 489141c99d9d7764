import { AttemptFailure } from '../domain/attempt-failure.ts';
import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';
import { orchestratorClient } from '../protocol/client.ts';
import type { Fetch } from '../protocol/client-http.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import type { AwsCredentialsFound } from '../storage/aws-credentials.ts';
import { freeBytes } from '../storage/free-space.ts';
import { openSource } from '../storage/source.ts';
import type { Source } from '../storage/source.ts';
import { dataDirChecks, existingPartOf } from './data-dir-checks.ts';
import { CHECK_IDS, skipped } from './finding.ts';
import { hostChecks } from './host-checks.ts';
import type { Role } from './judge-host.ts';
import { nodeosChecks } from './nodeos-checks.ts';
import { orchestratorChecks, withoutOrchestrator } from './orchestrator-checks.ts';
import { OrchestratorProbe } from './orchestrator-probe.ts';
import { keyOf, placeOf, placesOfSlices } from './places.ts';
import type { Place } from './places.ts';
import { runChecks } from './run-checks.ts';
import type { Check, CheckResult } from './run-checks.ts';
import { judgeNeed, needOf } from './slice-space.ts';
import { awsCheck, storageChecks } from './storage-checks.ts';

/** For one check. All of them run side by side, in two rounds: the second looks where the orchestrator says. */
const CHECK_MS = 20_000;
/** For one question to the orchestrator. */
const QUESTION_MS = 8000;

export interface DoctorOptions {
  role: Role;
  dataDir: string;
  /** Base URL, as parseOrchestrator gives it; null: none was named. */
  orchestrator: string | null;
  token: string | null;
  /** Locations to look at besides those of the manifest. */
  locations: readonly string[];
  nodeosPath: string | null;
  debUrlTemplate: string | null;
  minFreeDiskBytes: number;
  /** On which `serve` would listen. */
  servePort: number;
  now?: () => number;
  fetch?: Fetch;
  source?: Source;
}

/**
 * Looks at all that a worker, or an orchestrator, needs of this machine. Ends within a minute whatever
 * hangs, and changes nothing but for a file that it writes and removes.
 * @throws UserError with the exit code for usage when a location is of an unknown form
 */
export async function examine(options: DoctorOptions): Promise<CheckResult[]> {
  const named = options.locations.map(parsePlace);
  const source = options.source ?? openSource();
  const { role, nodeosPath } = options;
  try {
    const machine = runChecks(
      [...hostChecks({ ...options, nodeosGiven: nodeosPath !== null }), ...dataDirChecks(options)],
      CHECK_MS,
    );
    const asked = role === 'work' ? await askOrchestrator(options) : NOTHING_ASKED;
    const looked = await runChecks(secondRound(options, named, asked.slices, source), CHECK_MS);
    return inOrder([...(await machine), ...asked.results, ...looked]);
  } finally {
    source.close();
  }
}

interface Asked {
  results: CheckResult[];
  /** Of the first and the last slice. */
  slices: FullJobRecord[];
}

const NOTHING_ASKED: Asked = { results: [], slices: [] };

async function askOrchestrator(options: DoctorOptions): Promise<Asked> {
  const { orchestrator, token, fetch, now = Date.now } = options;
  if (orchestrator === null) return { results: await runChecks(withoutOrchestrator(), CHECK_MS), slices: [] };
  const given = fetch === undefined ? {} : { fetch };
  const common = { baseUrl: orchestrator, timeoutMs: QUESTION_MS, ...given };
  const client = orchestratorClient({ ...common, token: token ?? undefined });
  const probe = new OrchestratorProbe({ ...common, token });
  let total = 0;
  const onSummary = ({ total_jobs: jobs }: { total_jobs: number }): void => void (total = jobs);
  const checks = orchestratorChecks({ client, probe, hasToken: token !== null, now, onSummary });
  const results = await runChecks(checks, CHECK_MS);
  return { results, slices: await readEnds(probe, total) };
}

/** The first and the last slice: what lies between them is in the same places. */
async function readEnds(probe: OrchestratorProbe, total: number): Promise<FullJobRecord[]> {
  const ends = [...new Set([1, total])].filter((sliceId) => sliceId <= total);
  const signal = AbortSignal.timeout(CHECK_MS);
  // That it answered is shown already; a failure here leaves storage unlooked at, which is said there.
  const read = await Promise.all(ends.map((sliceId) => probe.slice(sliceId, signal).catch(() => null)));
  return read.filter((job) => job !== null);
}

/** Loads what AWS needs only where it is asked for. */
async function findCredentials(): Promise<AwsCredentialsFound | null> {
  const { findAwsCredentials } = await import('../storage/aws-credentials.ts');
  return findAwsCredentials();
}

function secondRound(
  options: DoctorOptions,
  named: readonly Place[],
  slices: readonly FullJobRecord[],
  source: Source,
): Check[] {
  const { role, dataDir, now = Date.now } = options;
  const places = unique([...placesOfSlices(slices), ...named]);
  const why =
    options.orchestrator === null
      ? 'no location is known: give --orchestrator or --check'
      : 'the orchestrator did not say where the files are';
  const storage = storageChecks(places, source, why);
  const usesS3 =
    places.some(({ location }) => location.kind === 's3') ||
    options.debUrlTemplate?.startsWith('s3:') === true;
  const aws = awsCheck(usesS3, findCredentials, now);
  if (role === 'serve') return places.length === 0 ? [] : [aws, ...storage];
  const space: Check = {
    id: 'slice-space',
    run: async (signal) => {
      if (slices.length === 0) return skipped('no slice is known, and so neither is its size');
      const needs = await Promise.allSettled(slices.map((job) => needOf(job, source, signal)));
      const known = needs.flatMap((need) => (need.status === 'fulfilled' ? [need.value] : []));
      return judgeNeed(known, await freeBytes(await existingPartOf(dataDir)));
    },
  };
  return [aws, ...storage, space, ...nodeosChecks(slices, { ...options, source })];
}

function unique(places: readonly Place[]): Place[] {
  const seen = new Map<string, Place>();
  for (const place of places) if (!seen.has(keyOf(place.location))) seen.set(keyOf(place.location), place);
  return [...seen.values()];
}

function parsePlace(text: string): Place {
  try {
    return placeOf(text);
  } catch (error) {
    if (!(error instanceof AttemptFailure)) throw error;
    throw new UserError({
      code: 'LOCATION',
      message: `${error.message}.`,
      hint: 'Give --check a file, or a folder with a slash at its end.',
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}

function inOrder(results: readonly CheckResult[]): CheckResult[] {
  return results.toSorted((a, b) => CHECK_IDS.indexOf(a.id) - CHECK_IDS.indexOf(b.id));
}
