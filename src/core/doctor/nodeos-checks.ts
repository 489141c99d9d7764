import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { AttemptFailure } from '../domain/attempt-failure.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import { describeLocation, parseLocation } from '../storage/location.ts';
import { SourceError } from '../storage/source-error.ts';
import type { Source } from '../storage/source.ts';
import { NODEOS_FOLDER, versionOf } from '../worker/prepare-nodeos.ts';
import { cacheKey } from '../../nodeos/install/install-cache.ts';
import { findNodeos } from '../../nodeos/install/install-deb.ts';
import { probeNodeos } from '../../nodeos/install/probe.ts';
import { packageSource } from '../../nodeos/install/release.ts';
import type { PackageSource } from '../../nodeos/install/release.ts';
import { failed, ok, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import type { Check } from './run-checks.ts';

/** Where the releases are listed: looked at while no slice says which one is wanted. */
const RELEASES = 'https://github.com/AntelopeIO/spring/releases';

export interface NodeosOptions {
  dataDir: string;
  /** `--nodeos`; null: packages are installed. */
  nodeosPath: string | null;
  debUrlTemplate: string | null;
  source: Pick<Source, 'head'>;
}

/** The nodeos that is given runs; else, for each version that slices want, it is here or can be fetched. */
export function nodeosChecks(jobs: readonly FullJobRecord[], options: NodeosOptions): Check[] {
  const { nodeosPath } = options;
  if (nodeosPath !== null) {
    return [{ id: 'nodeos', subject: nodeosPath, run: (signal) => checkGiven(nodeosPath, signal) }];
  }
  const wanted = [...new Set(jobs.map((job) => job.manifest_nodeos_version ?? versionOf(job).version))];
  if (wanted.length === 0) {
    return [{ id: 'nodeos', run: (signal) => checkReleases(options, signal) }];
  }
  return wanted.map((version) => ({
    id: 'nodeos',
    subject: subjectOf(version),
    run: (signal) => checkVersion(version, options, signal),
  }));
}

async function checkGiven(path: string, signal: AbortSignal): Promise<Finding> {
  try {
    const { version } = await probeNodeos(path, { signal });
    return ok(`It runs and is ${version}`, { version });
  } catch (error) {
    return asFinding(error);
  }
}

async function checkVersion(wanted: string, options: NodeosOptions, signal: AbortSignal): Promise<Finding> {
  const { dataDir, debUrlTemplate } = options;
  try {
    const source = packageSource(wanted, debUrlTemplate ?? undefined);
    if (source.kind === 'file') await access(source.path);
    const place = join(dataDir, NODEOS_FOLDER, await cacheKey(source));
    const installed = await findNodeos(place).catch(() => null);
    if (installed !== null) {
      const { version } = await probeNodeos(installed, { signal });
      return ok(`${version} is installed, and runs`, { version, installed: true });
    }
    return await checkPackage(source, options, signal);
  } catch (error) {
    return asFinding(error);
  }
}

async function checkPackage(
  source: PackageSource,
  options: NodeosOptions,
  signal: AbortSignal,
): Promise<Finding> {
  if (source.kind === 'file') return ok(`The package ${source.path} is there`, { installed: false });
  const location = parseLocation(source.url);
  await options.source.head(location, signal);
  return ok(`Its package can be fetched from ${describeLocation(location)}`, { installed: false });
}

/** Which versions will be wanted is not known: that GitHub does not answer may or may not matter. */
async function checkReleases(
  { debUrlTemplate, source }: NodeosOptions,
  signal: AbortSignal,
): Promise<Finding> {
  if (debUrlTemplate !== null) return ok('Packages come from --deb-url; no slice says which one is wanted');
  try {
    await source.head(parseLocation(RELEASES), signal);
    return ok('The releases on GitHub can be reached');
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return warning(`The releases on GitHub cannot be reached: ${error.message}`, MEND);
  }
}

const MEND = 'Let this machine reach GitHub, name a mirror with --deb-url, or give a nodeos with --nodeos.';

function asFinding(error: unknown): Finding {
  if (error instanceof AttemptFailure) return failed(error.message, error.hint ?? MEND);
  if (error instanceof SourceError)
    return failed(`Its package cannot be fetched: ${error.message}`, error.hint ?? MEND);
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
    return failed(
      `Its package is not here: ${(error as Error).message}`,
      'The path must exist on every replay host. A URL works everywhere.',
    );
  }
  throw error;
}

/** An address may carry a password or a signature. */
function subjectOf(wanted: string): string {
  try {
    return /^(?:https?|s3):/iu.test(wanted) ? describeLocation(parseLocation(wanted)) : wanted;
  } catch {
    return 'nodeos';
  }
}
