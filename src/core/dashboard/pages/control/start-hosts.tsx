import { useSignal } from '@preact/signals';
import { outlookText } from '../../../format/outlook.ts';
import { formatUsd } from '../../../format/usd.ts';
import type { FleetUpAnswer } from '../../../protocol/fleet-record.ts';
import { timeNow } from '../../data/clock.ts';
import { Action } from '../../parts/action.tsx';
import { hostsOf } from '../../parts/hosts-of.ts';
import { UnderWay } from '../../parts/under-way.tsx';
import { useFleetRequest } from '../../parts/use-fleet-request.ts';
import { LaunchOutcome, launchedWords, type Launched } from './launch-outcome.tsx';

/** Launches as many hosts as are written, or as open jobs can use, and says before what that costs. */
export function StartHosts({ most }: { most: number }) {
  const text = useSignal('1');
  const launched = useSignal<Launched | null>(null);
  const count = /^\d{1,4}$/u.test(text.value) ? Number(text.value) : 0;
  const onLaunched = (one: Launched): void => {
    launched.value = one;
  };
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
      <div class="fleet-stops">
        <Start
          label="Start hosts"
          title={`Start ${hostsOf(count)}?`}
          count={count}
          disabled={count < 1 || count > 1000}
          onLaunched={onLaunched}
        />
        <Start
          label="Start as many as jobs can use"
          title="Start as many hosts as open jobs can use?"
          count="auto"
          onLaunched={onLaunched}
        />
      </div>
      {launched.value !== null && <LaunchOutcome launched={launched.value} />}
    </>
  );
}

interface StartProps {
  label: string;
  title: string;
  count: number | 'auto';
  disabled?: boolean;
  onLaunched: (launched: Launched) => void;
}

function Start({ label, title, count, disabled = false, onLaunched }: StartProps) {
  const request = useFleetRequest<FleetUpAnswer>('/fleet/up', { count });
  const { plan, isUnderWay, ask, leave, perform } = request;
  const { answer: planned, problem } = plan.value;
  const start = async (): Promise<string> => {
    const answer = await perform();
    const one = { asked: count === 'auto' ? answer.count : count, at: timeNow(), answer };
    onLaunched(one);
    return launchedWords(one);
  };
  return (
    <>
      <Action
        label={label}
        title={title}
        confirm="Start"
        disabled={disabled}
        impossible={problem !== null || planned?.count === 0}
        run={start}
        onOpen={ask}
        onClose={leave}
      >
        <div role="status">
          <WhatWillStart {...plan.value} />
        </div>
        <UnderWay isUnderWay={isUnderWay.value} what="Starting them" />
      </Action>
      <UnderWay isUnderWay={isUnderWay.value} what="Starting hosts" />
    </>
  );
}

function WhatWillStart({ answer, problem }: { answer: FleetUpAnswer | null; problem: string | null }) {
  if (problem !== null) return <p class="problem">{problem}</p>;
  if (answer === null) return <p class="loading">Asking whether that can be done…</p>;
  const { count, price_per_hour: price, notes, outlook } = answer;
  return (
    <>
      {count === 0 ? (
        <p>
          <b>No host</b> will be launched.
        </p>
      ) : (
        <>
          <p>
            <b>{hostsOf(count)}</b> will be launched,{' '}
            {price === null
              ? 'at prices that are not known'
              : `for at most ${formatUsd(price * count)} an hour together`}
            , and go to work by themselves.
          </p>
          <p>{outlookText(count, outlook)}</p>
        </>
      )}
      {notes.map((note) => (
        <p key={note}>Not more, because {note}.</p>
      ))}
    </>
  );
}
