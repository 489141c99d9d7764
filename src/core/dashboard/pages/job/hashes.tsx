import type { FullJobRecord } from '../../../protocol/full-record.ts';
import type { HashConflictRecord } from '../../../protocol/summary-record.ts';
import { formatCount } from '../../../format/count.ts';
import { summary } from '../../data/store.ts';
import { Copied } from '../../parts/copied.tsx';
import { hostAddress, sliceAddress } from '../../routing/addresses.ts';
import { expectedHashes, verdictSentence } from './expected.ts';

/** What the slice arrived at, what it should have arrived at, and who says so. */
export function Hashes({ job, next }: { job: FullJobRecord; next: readonly FullJobRecord[] }) {
  const conflict =
    summary.value?.hash_conflicts.find(
      ({ block, configid }) => block === job.end_block_num && configid === job.replay_slice_id,
    ) ?? null;
  const { actual_integrity_hash: actual } = job;
  const expected = expectedHashes(job, next, conflict);
  return (
    <section class="card job-hashes" aria-labelledby="hashes-title">
      <h2 id="hashes-title">The state at block {formatCount(job.end_block_num)}</h2>
      <p class={job.verdict === 'MISMATCH' ? 'tone-bad' : undefined}>
        {verdictSentence(job, next.length > 0)}
      </p>
      <dl>
        <dt>Arrived at</dt>
        <dd>
          {actual === null ? (
            <span class="unknown">not yet known</span>
          ) : (
            <Copied text={actual} name="the hash that it arrived at" />
          )}
        </dd>
        {expected.map(({ hash, from, isNewest }) => (
          <>
            <dt>{isNewest ? 'Expected' : 'Also'}</dt>
            <dd>
              <Copied text={hash} name="the expected hash" />
              <p class="hash-from">
                {actual !== null && <Compared isSame={hash === actual} />} {from}
              </p>
            </dd>
          </>
        ))}
        {expected.length === 0 && (
          <>
            <dt>Expected</dt>
            <dd class="unknown">not known</dd>
          </>
        )}
        {(conflict?.attempts.length ?? 0) > 0 && <Disagreement conflict={conflict!} />}
      </dl>
      <Suspects job={job} />
    </section>
  );
}

function Compared({ isSame }: { isSame: boolean }) {
  return isSame ? (
    <strong class="tone-good">= the same.</strong>
  ) : (
    <strong class="tone-bad">≠ different.</strong>
  );
}

/** Attempts at one slice that arrived at different hashes: some host computes wrongly, or nodeos does. */
function Disagreement({ conflict }: { conflict: HashConflictRecord }) {
  return (
    <>
      <dt class="tone-bad">Attempts disagree</dt>
      <dd>
        <ul>
          {conflict.attempts.map(({ attempt, worker_id: worker, hash, late }) => (
            <li>
              Attempt {attempt}
              {worker !== null && (
                <>
                  {' '}
                  on <a href={hostAddress(worker)}>{worker}</a>
                </>
              )}
              {late ? ', told when the job had been taken from it' : ''}:
              <Copied text={hash} name={`the hash of attempt ${attempt}`} />
            </li>
          ))}
        </ul>
      </dd>
    </>
  );
}

/** Snapshots at its ends that a neighbour contradicts. */
function Suspects({ job }: { job: FullJobRecord }) {
  const suspects = (summary.value?.suspect_snapshots ?? []).filter(
    ({ starting_configid: starting, ending_configid: ending }) =>
      starting === job.replay_slice_id || ending === job.replay_slice_id,
  );
  return (
    <>
      {suspects.map(
        ({ block, snapshot_path, reason, starting_configid: starting, ending_configid: ending }) => (
          <p class="notice">
            <strong>The snapshot at block {formatCount(block)} is suspect:</strong> {reason}. It is{' '}
            <code>{snapshot_path}</code>, between slices <a href={sliceAddress(ending)}>{ending}</a> and{' '}
            <a href={sliceAddress(starting)}>{starting}</a>.
          </p>
        ),
      )}
    </>
  );
}
