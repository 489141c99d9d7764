import type { FullJobRecord } from '../protocol/full-record.ts';
import { formatBytes } from '../format/bytes.ts';
import type { AwsCredentialsFound } from '../storage/aws-credentials.ts';
import { describeGap, selectBlockFiles } from '../storage/block-files.ts';
import { describeLocation } from '../storage/location.ts';
import { SourceError } from '../storage/source-error.ts';
import type { ListedFile, Source } from '../storage/source.ts';
import { failed, ok, skipped, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import type { Place } from './places.ts';
import type { Check } from './run-checks.ts';

type Looking = Pick<Source, 'head' | 'list'>;

/** One check for each place; one that says why there is none. */
export function storageChecks(places: readonly Place[], source: Looking, why: string): Check[] {
  if (places.length === 0) return [{ id: 'storage', run: async () => skipped(why) }];
  return places.map((place) => ({
    id: 'storage',
    subject: describeLocation(place.location),
    run: (signal) => checkPlace(place, source, signal),
  }));
}

async function checkPlace(place: Place, source: Looking, signal: AbortSignal): Promise<Finding> {
  try {
    if (place.kind === 'folder') return await checkFolder(place, source, signal);
    return await checkFile(place, source, signal);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return failed(error.message, error.hint ?? MENDS[error.kind]);
  }
}

async function checkFile(place: Place, source: Looking, signal: AbortSignal): Promise<Finding> {
  try {
    const { size } = await source.head(place.location, signal);
    return ok(size === null ? 'It is there' : `It is there, ${formatBytes(size)}`, { bytes: size });
  } catch (error) {
    const isFolder = error instanceof SourceError && error.kind === 'not-a-file' && place.kind === 'either';
    if (!isFolder) throw error;
    return checkFolder(place, source, signal);
  }
}

async function checkFolder(place: Place, source: Looking, signal: AbortSignal): Promise<Finding> {
  const listing = await source.list(place.location, signal);
  const bytes = sum(listing);
  const values = { files: listing.length, bytes };
  if (listing.length === 0) {
    return place.slices.length === 0
      ? warning('It answers, and there is no file in it', 'Check the name of the folder.', values)
      : warning('It answers, and there is no block file in it', NO_BLOCKS, values);
  }
  const gaps = place.slices.map((job) => gapOf(listing, job, describeLocation(place.location)));
  const gap = gaps.find((found) => found !== null);
  if (gap !== undefined) return warning(gap, NO_BLOCKS, values);
  return ok(`${listing.length} files can be seen${bytes === null ? '' : `, ${formatBytes(bytes)}`}`, values);
}

function gapOf(listing: readonly ListedFile[], job: FullJobRecord, place: string): string | null {
  const slice = { startBlock: job.start_block_num, endBlock: job.end_block_num };
  return describeGap(selectBlockFiles(listing, slice), place);
}

/** Bytes as stored; null when some file does not say. */
export function sum(files: readonly { size: number | null }[]): number | null {
  let total = 0;
  for (const { size } of files) {
    if (size === null) return null;
    total += size;
  }
  return total;
}

const NO_BLOCKS =
  'Put the block files there, name another folder with blocks_path, or give the worker a --peer that has the blocks.';

const MENDS: Readonly<Record<SourceError['kind'], string>> = {
  'not-found': 'Check the path. If it is on a share, mount that on this machine.',
  forbidden: 'Give this machine the right to read it.',
  'no-credentials': 'Give this machine AWS credentials.',
  'wrong-region': 'Set AWS_REGION to the region of the bucket.',
  changed: 'Try again when nobody writes it.',
  'not-a-file': 'Name a file, or a folder with a slash at its end.',
  refused: 'Check the address with the owner of the server.',
  busy: 'Try again; if it lasts, ask the owner of the server.',
  connection: 'Check the name, the network, firewalls and proxies between this machine and the server.',
};

/** Session credentials that end sooner do not outlast a slice. */
const SHORT_MS = 3_600_000;

export function awsCheck(
  isNeeded: boolean,
  find: () => Promise<AwsCredentialsFound | null>,
  now: () => number,
): Check {
  const run = async (): Promise<Finding> =>
    isNeeded ? judgeCredentials(await find(), now()) : skipped('nothing that is known to be needed is in S3');
  return { id: 'aws-credentials', run };
}

export function judgeCredentials(found: AwsCredentialsFound | null, now: number): Finding {
  if (found === null) {
    return failed(
      'No AWS credentials were found',
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or attach an instance profile to the machine.',
      { source: null, expires_at: null },
    );
  }
  const { source, expiration } = found;
  const values = { source, expires_at: expiration?.toISOString() ?? null };
  const what = `AWS credentials come from ${source}`;
  // Those of an instance profile are renewed by themselves, an hour or more before.
  const left = expiration === null ? Number.POSITIVE_INFINITY : expiration.getTime() - now;
  if (left <= 0) return failed(`${what}, and have expired`, 'Renew them.', values);
  if (left >= SHORT_MS) return ok(what, values);
  return warning(
    `${what}, and end in ${Math.floor(left / 60_000)} minutes`,
    'Renew them unless that happens by itself: a slice takes hours.',
    values,
  );
}
