import { useSignal } from '@preact/signals';
import { formatUsd } from '../../../format/usd.ts';
import type { FleetUpAnswer } from '../../../protocol/fleet-record.ts';
import { Action } from '../../parts/action.tsx';
import { hostsOf } from './hosts-of.ts';
import { useFleetRequest } from './use-request.ts';

/** Launches as many hosts as are written, and says before what that costs. */
export function StartHosts({ most }: { most: number }) {
  const text = useSignal('1');
  const count = /^\d{1,4}$/u.test(text.value) ? Number(text.value) : 0;
  const { plan, ask, leave, perform } = useFleetRequest<FleetUpAnswer>('/fleet/up', { count });
  const start = async (): Promise<string> => outcome(await perform(), count);
  return (
    <>
      <label class="field">
        How many hosts to start
        <input
          type="number"
          class="count"
          min={1}
          max={most}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
      </label>
      <Action
        label="Start hosts"
        title={`Start ${hostsOf(count)}?`}
        confirm="Start"
        disabled={count < 1 || count > 1000}
        run={start}
        onOpen={ask}
        onClose={leave}
      >
        <div role="status">
          <WhatWillStart {...plan.value} />
        </div>
      </Action>
    </>
  );
}

function WhatWillStart({ answer, problem }: { answer: FleetUpAnswer | null; problem: string | null }) {
  if (problem !== null) return <p class="problem">{problem}</p>;
  if (answer === null) return <p class="loading">Asking whether that can be done…</p>;
  const { count, price_per_hour: price, notes } = answer;
  return (
    <>
      <p>
        <b>{hostsOf(count)}</b> will be launched,{' '}
        {price === null
          ? 'at prices that are not known'
          : `for at most ${formatUsd(price * count)} an hour together`}
        , and go to work by themselves.
      </p>
      {notes.map((note) => (
        <p key={note}>Not more, because {note}.</p>
      ))}
    </>
  );
}

function outcome({ started, shortfalls }: FleetUpAnswer, asked: number): string {
  const words = `${hostsOf(started.length)} of ${asked} launched.`;
  const missing = shortfalls.map(({ zone, type, reason }) =>
    [[zone, type].filter((part) => part !== null).join(', '), reason].filter(Boolean).join(': '),
  );
  if (started.length === 0 && missing.length > 0) throw new Error([words, ...missing].join('\n'));
  return [words, ...missing].join(' ');
}
