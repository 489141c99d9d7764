import { join } from 'node:path';
import { AttemptFailure } from '../domain/attempt-failure.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import { checkBlockLog } from '../storage/block-log-check.ts';
import { describeGap, selectBlockFiles } from '../storage/block-files.ts';
import type { BlockFile, BlockSelection } from '../storage/block-files.ts';
import { fetchFile } from '../storage/fetch-file.ts';
import { diskFull, freeBytes } from '../storage/free-space.ts';
import { listFolder } from '../storage/list-folder.ts';
import { describeLocation, joinLocation } from '../storage/location.ts';
import type { Location } from '../storage/location.ts';
import type { PrepareContext } from './prepare-context.ts';
import { runAll } from './run-all.ts';

/** Block files that are fetched at the same time. */
const AT_ONCE = 3;

/** Where nodeos reads stride files, in the attempt's folder (config-ini.ts names it too). */
export const RETAINED_FOLDER = join('data', 'blocks', 'retained');

export interface ReadyBlocks {
  /** Files are in the retained folder. Without any, all blocks come from peers. */
  hasBlockFiles: boolean;
  /** Where they came from, and what they are called here. Absent: there are none. */
  files?: readonly BlockFile[];
}

/**
 * Puts the block files of the slice where nodeos reads them. When it resolves it is certain that they
 * hold all blocks that are needed without a hole, or that a peer was given to deliver the rest:
 * nodeos itself would wait for a missing block for ever.
 */
export async function prepareBlocks(
  job: Pick<FullJobRecord, 'start_block_num' | 'end_block_num'>,
  folder: Location | null,
  peers: readonly string[],
  context: PrepareContext,
): Promise<ReadyBlocks> {
  const { source, signal } = context;
  const listing = folder === null ? [] : await listFolder({ source, at: folder, signal });
  const slice = { startBlock: job.start_block_num, endBlock: job.end_block_num };
  const selection = selectBlockFiles(listing, slice);
  const place = folder === null ? 'a folder that is not known' : describeLocation(folder);
  requireCover(selection, place, peers);
  if (folder === null || selection.files.length === 0) return { hasBlockFiles: false };
  await requireSpace(selection, context.directory);
  await fetchAll(selection.files, folder, context);
  return { hasBlockFiles: true, files: selection.files };
}

function requireCover(selection: BlockSelection, place: string, peers: readonly string[]): void {
  const gap = describeGap(selection, place);
  if (gap === null || peers.length > 0) return;
  throw new AttemptFailure('blocks-log', gap, {
    hint: 'Put the missing files there, name another folder with blocks_path, or give the worker a --peer that has these blocks.',
  });
}

/** What is stored is less than what is unpacked: when not even that fits, there is no use in starting. */
async function requireSpace({ files }: BlockSelection, directory: string): Promise<void> {
  const needed = totalOf(files);
  const free = await freeBytes(directory);
  if (needed !== null && needed > free) {
    throw diskFull('there is not enough space for the block files', { target: directory, needed, free });
  }
}

async function fetchAll(
  files: readonly BlockFile[],
  folder: Location,
  context: PrepareContext,
): Promise<void> {
  const total = totalOf(files);
  const done = new Map<string, number>();
  const onBytes = (name: string, bytes: number): void => {
    done.set(name, bytes);
    context.onBytes({ done: [...done.values()].reduce((sum, each) => sum + each, 0), total });
  };
  await runAll(files, AT_ONCE, context.signal, (file, signal) =>
    fetchOne(file, folder, { ...context, signal }, onBytes),
  );
}

async function fetchOne(
  file: BlockFile,
  folder: Location,
  { source, directory, signal }: PrepareContext,
  onBytes: (name: string, bytes: number) => void,
): Promise<void> {
  const fetchTo = async (name: string, target: string): Promise<string> => {
    const to = join(directory, RETAINED_FOLDER, target);
    const onProgress = ({ done }: { done: number }): void => onBytes(name, done);
    await fetchFile({ source, from: joinLocation(folder, name), to, kind: 'blocks', signal, onProgress });
    return to;
  };
  const log = await fetchTo(file.log, file.logName);
  const index = file.index === null ? null : await fetchTo(file.index, file.indexName);
  await checkBlockLog(log, index, { first: file.first, last: file.last });
}

function totalOf(files: readonly BlockFile[]): number | null {
  let total = 0;
  for (const { size } of files) {
    if (size === null) return null;
    total += size;
  }
  return total;
}
