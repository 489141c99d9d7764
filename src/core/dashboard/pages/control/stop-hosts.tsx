import type { FleetDownAnswer } from '../../../protocol/fleet-record.ts';
import { fleet } from '../../data/fleet.ts';
import { Action } from '../../parts/action.tsx';
import { jobAddress } from '../../routing/addresses.ts';
import { hostsOf } from './hosts-of.ts';
import { useFleetRequest } from './use-request.ts';

/** Jobs that are named before they are lost. */
const MOST = 12;

interface StopProps {
  label: string;
  wish: { idle: true } | { all: true };
}

/** Stops hosts for good, and says before how many these are and which jobs are lost. */
export function StopHosts({ label, wish }: StopProps) {
  const { plan, ask, leave, perform } = useFleetRequest<FleetDownAnswer>('/fleet/down', wish);
  const stop = async (): Promise<string> => {
    const { stopped, failed } = await perform();
    if (failed.length === 0) return `Stopping ${hostsOf(stopped.length)}.`;
    const lines = failed.map(({ id, reason }) => `${id} could not be stopped: ${reason}`);
    throw new Error([`Stopping ${hostsOf(stopped.length)}.`, ...lines].join('\n'));
  };
  return (
    <Action label={label} title={`${label}?`} confirm="Stop" danger run={stop} onOpen={ask} onClose={leave}>
      <div role="status">
        <WhatWillStop {...plan.value} />
      </div>
      {fleet.value !== null && fleet.value.autoscale !== null && (
        <p>
          The orchestrator starts hosts by itself: while jobs are open and the run is not paused, it will
          start others in their place.
        </p>
      )}
    </Action>
  );
}

function WhatWillStop({ answer, problem }: { answer: FleetDownAnswer | null; problem: string | null }) {
  if (problem !== null) return <p class="problem">{problem}</p>;
  if (answer === null) return <p class="loading">Asking which hosts these are…</p>;
  const { ids, job_ids: jobs } = answer;
  if (ids.length === 0) return <p>There is no such host now.</p>;
  return (
    <>
      <p>
        <b>{hostsOf(ids.length)}</b> will be stopped for good.
      </p>
      {jobs.length === 0 ? (
        <p>None of them is at work on a job.</p>
      ) : (
        <p>
          {jobs.length === 1 ? 'A job is lost and begins' : `${jobs.length} jobs are lost and begin`} anew on
          another host:{' '}
          {jobs.slice(0, MOST).map((job, at) => (
            <span key={job}>
              {at > 0 && ', '}
              <a href={jobAddress(job)}>job {job}</a>
            </span>
          ))}
          {jobs.length > MOST && ` and ${jobs.length - MOST} more`}.
        </p>
      )}
    </>
  );
}
