import { versionKey } from '../../domain/ledger.ts';
import { isHeld } from '../../domain/transition.ts';
import { bareVersion } from '../../domain/version.ts';
import { parseConfigUpdate, type ConfigUpdate } from '../../protocol/parse-config-update.ts';
import { describe, parseObject, present, type Fields } from '../../protocol/fields.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import type { JobView } from '../../store/job-table.ts';
import type { Overlay } from '../../store/overlay.ts';
import type { StoredJob } from '../../store/stored-job.ts';
import type { Context } from '../context.ts';
import { HttpError, JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { BODY_LIMIT } from './post-job.ts';

/** POST /config: the snapshot at a block has this hash, so the slice that ends there must arrive at it. */
export async function postConfig(request: ApiRequest, context: Context): Promise<Reply> {
  const fields = parseObject(await request.body(BODY_LIMIT));
  const update = parseConfigUpdate(fields);
  const { store, manifest } = context;
  const ending = await store.change((jobs) => {
    const source = holdsFrom(jobs, update.endBlock, request.callerKey);
    const target = chooseSlice(jobs, update, source);
    if (!target) throw noSuchConfig(fields);
    observe(jobs, { update, target, source, at: context.now().toISOString() });
    return () => target.job.slice;
  });
  context.logger.info(
    { block: update.endBlock, slice: ending.sliceId, hash: update.hash, worker: request.workerId },
    'learned the hash of a snapshot',
  );
  const key = versionKey(ending);
  const known = store.view
    .at(update.endBlock)
    .map(({ job }) => job.slice)
    .filter((slice) => slice.endBlock === update.endBlock && versionKey(slice) === key);
  await manifest?.record(known.map((slice) => ({ slice, hash: update.hash })));
  const body = pythonJson({ sliceid: ending.sliceId, message: 'updated integrity hash' });
  return { status: 200, type: JSON_TYPE, body };
}

/** The job that the caller holds and that starts from that snapshot. */
function holdsFrom(jobs: JobView, block: number, caller: string): StoredJob | null {
  const startsThere = jobs
    .at(block)
    .filter(({ job }) => job.slice.startBlock === block && isHeld(job.status));
  return startsThere.find(({ holder }) => holder === caller) ?? null;
}

/**
 * The slice that ends at the block. Of several versions it is the one that was named, else the one that
 * the caller is replaying, else the first of the manifest. A hash never goes to another version.
 */
function chooseSlice(jobs: JobView, update: ConfigUpdate, source: StoredJob | null): StoredJob | null {
  const ending = jobs.at(update.endBlock).filter(({ job }) => job.slice.endBlock === update.endBlock);
  const { version } = update;
  if (version) {
    const named = ending.filter(
      ({ job: { slice } }) =>
        slice.versionField === version.field && bareVersion(slice.version) === bareVersion(version.version),
    );
    return named[0] ?? null;
  }
  if (!source) return ending[0] ?? null;
  const key = versionKey(source.job.slice);
  return ending.find(({ job }) => versionKey(job.slice) === key) ?? null;
}

interface Sighting {
  update: ConfigUpdate;
  target: StoredJob;
  source: StoredJob | null;
  /** UTC, ISO 8601. */
  at: string;
}

/** The same hash once more is nothing new. */
function observe(jobs: Overlay, { update, target, source, at }: Sighting): void {
  const key = versionKey(target.job.slice);
  const sameSource = source && versionKey(source.job.slice) === key ? source.job : null;
  const nodeosVersion = sameSource?.nodeosVersion ?? null;
  const newest = jobs.observationsAt(update.endBlock).findLast((seen) => seen.versionKey === key);
  if (newest?.hash === update.hash && newest.nodeosVersion === nodeosVersion) return;
  const jobId = sameSource?.jobId ?? null;
  jobs.observe({ block: update.endBlock, versionKey: key, nodeosVersion, hash: update.hash, jobId, at });
}

/** The number is repeated as it was asked. */
function noSuchConfig(fields: Fields): HttpError {
  const asked = present(fields, 'end_block_num');
  const number = typeof asked === 'string' ? asked : describe(asked);
  return new HttpError(404, `Config Record with ${number} Not found`, { code: 'SLICE_NOT_FOUND' });
}
