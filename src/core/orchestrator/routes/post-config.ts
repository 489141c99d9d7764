import { versionKey, type SnapshotObservation } from '../../domain/ledger.ts';
import type { Slice } from '../../domain/slice.ts';
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
  const learned = await context.store.change((jobs) => {
    const source = holdsFrom(jobs, update, request.callerKey);
    if (source) context.leases.renew(source.job.jobId);
    const target = chooseSlice(jobs, update, source);
    if (!target) throw noSuchConfig(fields);
    const witness = witnessOf(jobs, update, source, request.workerId);
    const isNew = observe(jobs, { update, target, witness, at: context.now().toISOString() });
    return () => ({ slice: target.job.slice, isNew });
  });
  if (learned.isNew) {
    context.logger.info(
      { block: update.endBlock, slice: learned.slice.sliceId, hash: update.hash, worker: request.workerId },
      'learned the hash of a snapshot',
    );
  }
  await context.manifest?.record(
    sameEnd(context.store.view, learned.slice).map((slice) => ({ slice, hash: update.hash })),
  );
  const body = pythonJson({ sliceid: learned.slice.sliceId, message: 'updated integrity hash' });
  return { status: 200, type: JSON_TYPE, body };
}

/** All slices for which the hash counts: those of the same version that end at the same block. */
function sameEnd(jobs: JobView, { endBlock, ...slice }: Slice): Slice[] {
  const key = versionKey(slice);
  return endingAt(jobs, endBlock).flatMap(({ job }) => (versionKey(job.slice) === key ? [job.slice] : []));
}

function endingAt(jobs: JobView, block: number): StoredJob[] {
  return jobs.at(block).filter(({ job }) => job.slice.endBlock === block);
}

/** The job that the caller holds and that starts from that snapshot, with the version it has named. */
function holdsFrom(jobs: JobView, update: ConfigUpdate, caller: string): StoredJob | null {
  const { endBlock: block } = update;
  const found = jobs.at(block).find(({ job, holder }) => {
    const startsThere = job.slice.startBlock === block && isHeld(job.status);
    return startsThere && holder === caller && isNamed(job.slice, update);
  });
  return found ?? null;
}

/** With what a hash was made: it counts for no other build. */
type Witness = Pick<SnapshotObservation, 'jobId' | 'nodeosVersion'>;

/**
 * The attempt that loaded the snapshot: that of the caller's job, or the last that a worker which names
 * itself has made at such a job and lost since. Of others nothing is known.
 */
function witnessOf(
  jobs: JobView,
  update: ConfigUpdate,
  source: StoredJob | null,
  workerId: string | null,
): Witness {
  if (source) return { jobId: source.job.jobId, nodeosVersion: source.job.nodeosVersion };
  const made = jobs.at(update.endBlock).flatMap(({ job }) => {
    const { jobId, slice, attempts } = job;
    const attempt = attempts.findLast((each) => workerId !== null && each.workerId === workerId);
    const startsThere = slice.startBlock === update.endBlock && isNamed(slice, update);
    return attempt && startsThere ? [{ jobId, nodeosVersion: attempt.nodeosVersion }] : [];
  });
  return made[0] ?? { jobId: null, nodeosVersion: null };
}

/**
 * The slice that ends at the block. Of several versions it is the one that was named, else the one that
 * the caller is replaying, else the first of the manifest. A hash never goes to another version.
 */
function chooseSlice(jobs: JobView, update: ConfigUpdate, source: StoredJob | null): StoredJob | null {
  const named = endingAt(jobs, update.endBlock).filter(({ job }) => isNamed(job.slice, update));
  if (!source) return named[0] ?? null;
  const key = versionKey(source.job.slice);
  return named.find(({ job }) => versionKey(job.slice) === key) ?? null;
}

function isNamed(slice: Slice, { version }: ConfigUpdate): boolean {
  if (!version) return true;
  return slice.versionField === version.field && bareVersion(slice.version) === bareVersion(version.version);
}

interface Sighting {
  update: ConfigUpdate;
  target: StoredJob;
  witness: Witness;
  /** UTC, ISO 8601. */
  at: string;
}

/** @returns false when it is the same hash once more, which is nothing new */
function observe(jobs: Overlay, { update, target, witness, at }: Sighting): boolean {
  const key = versionKey(target.job.slice);
  const { endBlock: block, hash } = update;
  const newest = jobs.observationsAt(block).findLast((seen) => seen.versionKey === key);
  if (newest?.hash === hash && newest.nodeosVersion === witness.nodeosVersion) return false;
  jobs.observe({ block, versionKey: key, hash, at, ...witness });
  return true;
}

/** The number is repeated as it was asked. */
function noSuchConfig(fields: Fields): HttpError {
  const asked = present(fields, 'end_block_num');
  const number = typeof asked === 'string' ? asked : describe(asked);
  return new HttpError(404, `Config Record with ${number} Not found`, { code: 'SLICE_NOT_FOUND' });
}
