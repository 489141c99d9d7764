import { mkdir, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { AttemptFailure } from '../../core/domain/attempt-failure.ts';
import { cacheKey, makeStaging, publish, removeOldStaging } from './install-cache.ts';
import { dependsOf, findNodeos, unpackDeb } from './install-deb.ts';
import { probeNodeos } from './probe.ts';
import type { NodeosProbe } from './probe.ts';
import { packageSource } from './release.ts';
import type { PackageSource } from './release.ts';

/** Fetches one file, whole or not at all, to a name that does not exist yet. */
export type FetchDeb = (request: { from: string; to: string; signal: AbortSignal }) => Promise<unknown>;

export interface InstallRequest {
  /** A version, the URL of a .deb, or the absolute path of one. */
  version: string;
  /** Shared by all workers that are given the same one; made when it is not there. */
  cacheDir: string;
  /** See {@link packageSource}; undefined for the releases on GitHub. */
  debUrlTemplate?: string | undefined;
  fetchDeb: FetchDeb;
  signal: AbortSignal;
}

export interface InstalledNodeos extends NodeosProbe {
  /** Absolute path of the program. */
  path: string;
}

/**
 * Makes sure that a nodeos is there, and that it runs. It is unpacked into a staging folder and put
 * into its place by one rename: two workers that install at once do no harm, and whoever is killed
 * leaves nothing that looks finished.
 * @throws AttemptFailure `install`, `disk-full` or `bad-job`; the reason of the signal when aborted
 */
export async function installNodeos(request: InstallRequest): Promise<InstalledNodeos> {
  const { cacheDir, signal } = request;
  signal.throwIfAborted();
  const source = packageSource(request.version, request.debUrlTemplate);
  try {
    await mkdir(cacheDir, { recursive: true });
    const place = join(cacheDir, await keyOf(source));
    return (await useInstalled(place, signal)) ?? (await install(source, place, request));
  } catch (error) {
    signal.throwIfAborted();
    throw asFailure(error, cacheDir);
  }
}

async function useInstalled(place: string, signal: AbortSignal): Promise<InstalledNodeos | null> {
  const path = await findNodeos(place).catch(() => null);
  return path === null ? null : { path, ...(await probeNodeos(path, { signal })) };
}

async function install(
  source: PackageSource,
  place: string,
  request: InstallRequest,
): Promise<InstalledNodeos> {
  const { cacheDir, signal } = request;
  await removeOldStaging(cacheDir, Date.now());
  const staging = await makeStaging(cacheDir);
  try {
    const deb = source.kind === 'file' ? source.path : join(staging, 'nodeos.deb');
    if (source.kind !== 'file') await fetchPackage(source.url, deb, request);
    const tree = join(staging, 'tree');
    await unpackDeb(deb, tree, signal);
    await checkRuns(tree, deb, nameOf(source), signal);
    await publish(tree, place);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  const installed = await useInstalled(place, signal);
  if (installed) return installed;
  throw new AttemptFailure('install', `${place} was installed and is gone again`, {
    hint: 'Does something else clean up the folder of --data-dir?',
  });
}

async function fetchPackage(from: string, to: string, request: InstallRequest): Promise<void> {
  try {
    await request.fetchDeb({ from, to, signal: request.signal });
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof AttemptFailure && error.failureCause === 'disk-full') throw error;
    throw new AttemptFailure('install', `The nodeos package cannot be fetched: ${(error as Error).message}`, {
      hint: 'Check the version of the slice and, behind a mirror, --deb-url.',
      cause: error,
    });
  }
}

/** A package that does not run here is not put into the cache; its own list of needs goes into the hint. */
async function checkRuns(tree: string, deb: string, name: string, signal: AbortSignal): Promise<void> {
  const path = await findNodeos(tree);
  if (path === null) {
    throw new AttemptFailure('install', `${name} contains no program bin/nodeos`, {
      hint: 'Is it the package of nodeos (and not one of its development files or contracts)?',
    });
  }
  try {
    await probeNodeos(path, { signal });
  } catch (error) {
    if (!(error instanceof AttemptFailure)) throw error;
    const depends = await dependsOf(deb, signal);
    const needs = depends ? `The package says that it needs: ${depends}.` : '';
    const hint = [error.hint, needs].filter(Boolean).join(' ');
    const message = `${name}: ${error.message.replace(`${tree}/`, '')}`;
    throw new AttemptFailure(error.failureCause, message, { cause: error, ...(hint && { hint }) });
  }
}

async function keyOf(source: PackageSource): Promise<string> {
  if (source.kind === 'file' && !isAbsolute(source.path)) {
    throw new AttemptFailure(
      'bad-job',
      `nodeos_version "${source.path}" is not an absolute path on this host`,
      {
        hint: 'A .deb is named by its absolute path, or by a URL.',
      },
    );
  }
  try {
    return await cacheKey(source);
  } catch (error) {
    throw new AttemptFailure('install', `The nodeos package cannot be read: ${(error as Error).message}`, {
      hint: 'The path must exist on every replay host. A URL works everywhere.',
      cause: error,
    });
  }
}

/** How a package is called in messages: an address may carry a password or a signature, which is left out. */
function nameOf(source: PackageSource): string {
  if (source.kind === 'file') return source.path;
  if (!URL.canParse(source.url)) return source.url;
  const { protocol, host, pathname } = new URL(source.url);
  return `${protocol}//${host}${pathname}`;
}

function asFailure(error: unknown, cacheDir: string): unknown {
  if (error instanceof AttemptFailure) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const cause = code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'install';
  return new AttemptFailure(cause, `nodeos cannot be installed into ${cacheDir}: ${message}`, {
    cause: error,
  });
}
