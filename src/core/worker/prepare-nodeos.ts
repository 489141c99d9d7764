import { join } from 'node:path';
import { AttemptFailure } from '../domain/attempt-failure.ts';
import { bareVersion } from '../domain/version.ts';
import { installNodeos } from '../../nodeos/install/install.ts';
import type { InstalledNodeos } from '../../nodeos/install/install.ts';
import { packageSource } from '../../nodeos/install/release.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import { fetchFile } from '../storage/fetch-file.ts';
import { describeLocation, parseLocation } from '../storage/location.ts';
import type { PrepareContext } from './prepare-context.ts';

/** Folder of the work directory for the versions that are installed. */
export const NODEOS_FOLDER = 'nodeos';

export interface NodeosChoice {
  dataDir: string;
  /** `--nodeos`, already probed; null: install what the slice asks for. */
  given: InstalledNodeos | null;
  debUrlTemplate: string | null;
}

/** The version that the slice names, and the product that its field stands for. */
export function versionOf(job: FullJobRecord): {
  field: 'leap_version' | 'spring_version';
  version: string;
} {
  return job.spring_version === undefined
    ? { field: 'leap_version', version: job.leap_version ?? '' }
    : { field: 'spring_version', version: job.spring_version };
}

/** Finds or installs the nodeos for a slice. */
export async function prepareNodeos(
  job: FullJobRecord,
  choice: NodeosChoice,
  context: PrepareContext,
): Promise<InstalledNodeos> {
  const nodeos = choice.given ?? (await install(job, choice, context));
  const wanted = versionOf(job).field === 'spring_version' ? 'spring' : 'leap';
  if (nodeos.product !== wanted) {
    // Leap and Spring hash the same state differently: the verdict would be a mismatch for certain.
    throw new AttemptFailure(
      'install',
      `The slice is for ${wanted}, and ${nodeos.path} is ${nodeos.product} ${nodeos.version}`,
      {
        hint: 'Give this worker the right --nodeos, or none so that the right one is installed.',
      },
    );
  }
  return nodeos;
}

/** What a person should know about the program that is used; null when it is the version of the slice. */
export function versionRemark(job: FullJobRecord, nodeos: InstalledNodeos): string | null {
  const { version } = versionOf(job);
  // Whose results are labelled anyway.
  if (nodeos.standIn) return null;
  if (job.manifest_nodeos_version !== null || bareVersion(nodeos.version) === bareVersion(version))
    return null;
  return `The slice names version ${version}; ${nodeos.path} is ${nodeos.version}.`;
}

/** Where the nodeos of a slice is installed from, as it may be shown; null when nothing tells it. */
export function packageFor(job: FullJobRecord, debUrlTemplate: string | null): string | null {
  try {
    const wanted = job.manifest_nodeos_version ?? versionOf(job).version;
    const source = packageSource(wanted, debUrlTemplate ?? undefined);
    return source.kind === 'file' ? source.path : describeLocation(parseLocation(source.url));
  } catch (error) {
    if (error instanceof AttemptFailure) return null;
    throw error;
  }
}

function install(
  job: FullJobRecord,
  { dataDir, debUrlTemplate }: NodeosChoice,
  { source, signal }: PrepareContext,
): Promise<InstalledNodeos> {
  return installNodeos({
    version: job.manifest_nodeos_version ?? versionOf(job).version,
    cacheDir: join(dataDir, NODEOS_FOLDER),
    debUrlTemplate: debUrlTemplate ?? undefined,
    fetchDeb: ({ from, to, signal: fetchSignal }) =>
      fetchFile({
        source,
        from: parseLocation(from),
        to,
        kind: 'package',
        decompress: false,
        signal: fetchSignal,
      }),
    signal,
  });
}
