import type { FleetDownAnswer } from '../../protocol/fleet-record.ts';
import { fleet } from '../data/fleet.ts';
import { jobAddress } from '../routing/addresses.ts';
import { Action } from './action.tsx';
import { hostsOf } from './hosts-of.ts';
import { UnderWay } from './under-way.tsx';
import { useFleetRequest } from './use-fleet-request.ts';

/** Jobs that are named before they are lost. */
const MOST = 12;

interface StopProps {
  label: string;
  /** The question; default: the label. */
  title?: string;
  wish: { idle: true } | { all: true } | { ids: readonly string[] };
  disabled?: boolean;
}

/** Stops hosts for good, and says before how many these are and which jobs are lost. */
export function StopHosts({ label, title = `${label}?`, wish, disabled = false }: StopProps) {
  const request = useFleetRequest<FleetDownAnswer>('/fleet/down', wish);
  const { plan, isUnderWay, ask, leave, perform } = request;
  const { answer, problem } = plan.value;
  const stop = async (): Promise<string> => {
    const { stopped, failed, kept, remaining, pending } = await perform(agreedTo);
    const lines = [
      ...failed.map(({ id, reason }) => `${id} could not be stopped: ${reason}`),
      ...kept.map(({ id, reason }) => `${id}: ${reason}.`),
      ...remaining.map((id) => `${id} is still listed as running.`),
      ...(pending > 0 ? [`What becomes of a launch of ${hostsOf(pending)} is not known yet.`] : []),
    ];
    if (lines.length === 0) return `Stopping ${hostsOf(stopped.length)}.`;
    throw new Error([`Stopping ${hostsOf(stopped.length)}.`, ...lines].join('\n'));
  };
  return (
    <Action
      label={label}
      title={title}
      confirm="Stop"
      danger
      disabled={disabled}
      impossible={problem !== null || answer === null || answer.ids.length === 0}
      run={stop}
      onOpen={ask}
      onClose={leave}
    >
      <div role="status">
        <WhatWillStop {...plan.value} />
      </div>
      <UnderWay isUnderWay={isUnderWay.value} what="Stopping them" />
      {fleet.value !== null && fleet.value.autoscale !== null && (
        <p>
          The orchestrator starts hosts by itself: while jobs are open and the run is not paused, it will
          start others in their place.
        </p>
      )}
    </Action>
  );
}

/** Jobs that are lost are those that were named: hosts may have begun others while somebody read. */
function agreedTo(before: FleetDownAnswer | null, now: FleetDownAnswer): void {
  const named = new Set(before?.job_ids);
  const more = now.job_ids.filter((job) => !named.has(job));
  if (more.length === 0) return;
  const words = more.length === 1 ? `job ${more[0]}` : `${more.length} more jobs`;
  throw new Error(`Nothing was stopped: meanwhile these hosts have begun ${words}. Look again.`);
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
