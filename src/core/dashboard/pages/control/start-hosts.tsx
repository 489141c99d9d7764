import { useSignal } from '@preact/signals';
import { outlookText } from '../../../format/outlook.ts';
import { formatUsd } from '../../../format/usd.ts';
import type { FleetUpAnswer } from '../../../protocol/fleet-record.ts';
import { timeNow } from '../../data/clock.ts';
import { Action } from '../../parts/action.tsx';
import { hostsOf } from '../../parts/hosts-of.ts';
import { Shortfalls } from '../../parts/shortfalls.tsx';
import { Time } from '../../parts/time.tsx';
import { UnderWay } from '../../parts/under-way.tsx';
import { useFleetRequest } from '../../parts/use-fleet-request.ts';

/** A launch that was answered, and when. */
interface Launched {
  asked: number;
  at: Date;
  answer: FleetUpAnswer;
}

/** Launches as many hosts as are written, and says before what that costs. */
export function StartHosts({ most }: { most: number }) {
  const text = useSignal('1');
  const launched = useSignal<Launched | null>(null);
  const count = /^\d{1,4}$/u.test(text.value) ? Number(text.value) : 0;
  const request = useFleetRequest<FleetUpAnswer>('/fleet/up', { count });
  const { plan, isUnderWay, ask, leave, perform } = request;
  const start = async (): Promise<string> => {
    const answer = await perform();
    launched.value = { asked: count, at: timeNow(), answer };
    return wordsOf(answer, count);
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
      <Action
        label="Start hosts"
        title={`Start ${hostsOf(count)}?`}
        confirm="Start"
        disabled={count < 1 || count > 1000}
        impossible={plan.value.problem !== null}
        run={start}
        onOpen={ask}
        onClose={leave}
      >
        <div role="status">
          <WhatWillStart {...plan.value} />
        </div>
        <UnderWay isUnderWay={isUnderWay.value} what="Starting them" />
      </Action>
      <UnderWay isUnderWay={isUnderWay.value} what={`Starting ${hostsOf(count)}`} />
      {launched.value !== null && <Outcome launched={launched.value} />}
    </>
  );
}

function WhatWillStart({ answer, problem }: { answer: FleetUpAnswer | null; problem: string | null }) {
  if (problem !== null) return <p class="problem">{problem}</p>;
  if (answer === null) return <p class="loading">Asking whether that can be done…</p>;
  const { count, price_per_hour: price, notes, outlook } = answer;
  return (
    <>
      <p>
        <b>{hostsOf(count)}</b> will be launched,{' '}
        {price === null
          ? 'at prices that are not known'
          : `for at most ${formatUsd(price * count)} an hour together`}
        , and go to work by themselves.
      </p>
      <p>{outlookText(count, outlook)}</p>
      {notes.map((note) => (
        <p key={note}>Not more, because {note}.</p>
      ))}
    </>
  );
}

/** It stays until the next launch: what was missing is not read in the few seconds of a message. */
function Outcome({ launched: { asked, at, answer } }: { launched: Launched }) {
  const { shortfalls, notes, started } = answer;
  if (started.length >= asked) return null;
  return (
    <div class="launch-outcome">
      <p>
        <Time at={at} seconds />: <b>{wordsOf(answer, asked)}</b>
        {shortfalls.length > 0 && ' The rest could not be had:'}
      </p>
      {notes.map((note) => (
        <p key={note}>Not more, because {note}.</p>
      ))}
      <Shortfalls shortfalls={shortfalls} />
    </div>
  );
}

function wordsOf({ started }: FleetUpAnswer, asked: number): string {
  return `${hostsOf(started.length)} of ${asked} launched.`;
}
