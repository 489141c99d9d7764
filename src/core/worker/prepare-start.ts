import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AttemptFailure } from '../domain/attempt-failure.ts';
import { genesisProblem } from '../../nodeos/config/genesis-file.ts';
import type { SliceStart } from '../../nodeos/driver/replay-slice.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import { fetchFile } from '../storage/fetch-file.ts';
import { findFile, listFolder } from '../storage/list-folder.ts';
import { describeLocation, joinLocation } from '../storage/location.ts';
import type { Location } from '../storage/location.ts';
import type { JobFiles } from './job-files.ts';
import type { PrepareContext } from './prepare-context.ts';

/** Fetches what nodeos starts from into the attempt's folder: the snapshot, or the genesis file. */
export async function prepareStart(
  job: Pick<FullJobRecord, 'snapshot_sha256'>,
  files: JobFiles,
  context: PrepareContext,
): Promise<SliceStart> {
  const { source, signal, directory } = context;
  const common = { source, signal, onProgress: context.onBytes };
  if (files.snapshot !== null) {
    const path = join(directory, 'snapshot.bin');
    const sha256 = job.snapshot_sha256;
    await fetchFile({ ...common, from: files.snapshot, to: path, kind: 'snapshot', sha256 });
    return { kind: 'snapshot', path };
  }
  const path = join(directory, 'genesis.json');
  const from = files.genesis ?? (await findGenesis(files.chainFolder, context));
  await fetchFile({ ...common, from, to: path, kind: 'genesis' });
  requireGenesis(await readFile(path, 'utf8'), from);
  return { kind: 'genesis', path };
}

function requireGenesis(text: string, from: Location): void {
  const problem = genesisProblem(text);
  if (problem !== null) throw noGenesis(`${describeLocation(from)} is not a genesis file: ${problem}`);
}

/** The only `<net>-genesis.json` in the folder, or else `genesis.json`. */
async function findGenesis(folder: Location | null, { source, signal }: PrepareContext): Promise<Location> {
  if (folder === null)
    throw noGenesis('The slice starts from genesis, and nothing tells where its genesis file is');
  const names = (await listFolder({ source, at: folder, signal })).map(({ name }) => name);
  const named = names.filter((name) => name.endsWith('-genesis.json'));
  const place = describeLocation(folder);
  if (named.length > 1)
    throw noGenesis(`Several files in ${place} may be the genesis file: ${named.join(', ')}`);
  const found = joinLocation(folder, named[0] ?? 'genesis.json');
  // Not every web server shows what is in a folder.
  if (named.length === 1 || (await findFile({ source, at: found, signal })) !== null) return found;
  throw noGenesis(`There is neither a <net>-genesis.json nor a genesis.json in ${place}`);
}

function noGenesis(message: string): AttemptFailure {
  return new AttemptFailure('bad-job', message, { hint: 'Give the slice a genesis_path in the manifest.' });
}
