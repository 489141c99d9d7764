import { useRef } from 'preact/hooks';
import { formatCount } from '../../../format/count.ts';
import type {
  BeginRunRequest,
  BegunRunRecord,
  ManifestCheckRecord,
} from '../../../protocol/control-record.ts';
import { ApiError, getJson } from '../../data/api.ts';
import { summary } from '../../data/store.ts';
import { Action } from '../../parts/action.tsx';
import type { Checked, Wanted } from './use-check.ts';

interface BeginProps {
  wanted: Wanted;
  checked: Checked;
  onBegun: () => void;
}

/** A request of which it is not known whether it was carried out. */
interface Unanswered {
  wanted: Wanted;
  record: ManifestCheckRecord;
}

/**
 * Begins the run that is wanted. The same request sent again begins no other one: after an answer that was
 * lost it is the first one that is sent once more, although another run may be the current one by then.
 */
export function Begin({ wanted, checked, onBegun }: BeginProps) {
  const unanswered = useRef<Unanswered | null>(null);
  const isWell = checked.state === 'done' && checked.record?.valid === true;
  const record =
    unanswered.current?.wanted === wanted ? unanswered.current.record : isWell ? checked.record : null;
  const begin = async (): Promise<string> => {
    if (record === null) throw new Error('What was checked is not what is wanted now: look at it again.');
    unanswered.current = { wanted, record };
    try {
      const begun = await getJson<BegunRunRecord>('/run', {
        method: 'POST',
        body: requestOf(wanted, record),
      });
      unanswered.current = null;
      onBegun();
      return `Run ${begun.run_id} has begun, with ${jobs(begun.total_jobs)}.`;
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) unanswered.current = null;
      throw error;
    }
  };
  return (
    <Action
      label="Begin another run"
      title={`End run ${record?.run_id ?? ''} and begin another?`}
      confirm="Begin"
      danger
      disabled={record === null}
      run={begin}
    >
      {record !== null && <WhatWillHappen record={record} />}
    </Action>
  );
}

function WhatWillHappen({ record }: { record: ManifestCheckRecord }) {
  const now = summary.value;
  const held = now?.host_count ?? record.jobs_held;
  return (
    <>
      <p>
        <b>Run {record.run_id} ends</b> with {jobs(now?.jobs_remaining ?? 0)} not finished. Its results are
        kept, and stand on the page Runs.
      </p>
      <p>
        {held === 0
          ? 'No host is at work on a job now.'
          : `${formatCount(held)} ${held === 1 ? 'host loses the job it is' : 'hosts lose the jobs they are'} at work on, and what was done of ${held === 1 ? 'it' : 'them'}. They go on with jobs of the new run.`}
      </p>
      <p>
        <b>The new run</b> has {jobs(record.total_jobs ?? 0)} with {formatCount(record.total_blocks ?? 0)}{' '}
        blocks, for nodeos {record.requested_versions.join(', ')}. Jobs are handed out at once, also when run{' '}
        {record.run_id} is paused.
      </p>
      {record.same_as_current === true && <p>Its manifest is the same as that of run {record.run_id}.</p>}
    </>
  );
}

/** Whoever confirms has been told that hosts lose their jobs. */
function requestOf(
  { manifest, folder, version, options }: Wanted,
  { run_id }: ManifestCheckRecord,
): BeginRunRequest {
  return {
    manifest,
    ...(manifest === null || folder.trim() === '' ? {} : { manifest_folder: folder.trim() }),
    ...(version.trim() === '' ? {} : { nodeos_version: version.trim() }),
    nodeos_options: [...options],
    force: true,
    current_run_id: run_id,
  };
}

function jobs(count: number): string {
  return count === 1 ? '1 job' : `${formatCount(count)} jobs`;
}
