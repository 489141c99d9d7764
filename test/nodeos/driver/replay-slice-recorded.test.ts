/** What the driver does while it watches the recorded runs of real nodeos, line by line. */
import { describe, expect, test } from 'vitest';
import type { AttemptFailure } from '../../../src/core/domain/attempt-failure.ts';
import { emptyObservation, observe } from '../../../src/nodeos/log/observation.ts';
import { makeTracker } from '../../../src/nodeos/driver/replay-slice-tracker.ts';
import type { SliceRun } from '../../../src/nodeos/driver/replay-slice-types.ts';
import { runCases } from '../conclusion/cases.ts';
import type { RunCase } from '../conclusion/cases.ts';

/** Everything that a run makes the driver report, and why it would end it early. */
function watch({ lines, facts, name }: RunCase) {
  const seen = {
    stages: ['load'],
    startHash: [] as string[],
    blocks: [] as number[],
    ends: [] as AttemptFailure[],
  };
  const { startBlock, endBlock } = facts;
  const peers = name.includes('p2p') ? ['127.0.0.1:19876'] : [];
  const run = { startBlock, endBlock, peers } as unknown as SliceRun;
  const tracker = makeTracker(
    run,
    {
      stage: (stage) => void seen.stages.push(stage),
      startHash: (hash) => void seen.startHash.push(hash),
      progress: ({ block }) => block !== null && seen.blocks.push(block),
      delivered: () => Promise.resolve(),
    },
    { enter: () => {}, moved: () => {}, stop: () => {} },
    (failure) => void seen.ends.push(failure),
  );
  let observation = emptyObservation;
  for (const line of lines) {
    const next = observe(observation, line);
    if (next !== observation) tracker.line(next);
    observation = next;
  }
  return seen;
}

// Without an end block given to nodeos there is nothing to watch for; the driver never does that.
const cases = runCases()
  .filter((run) => !run.name.includes('no-terminate'))
  .map((run) => ({ name: run.name, run }));

describe('a recorded run that did its slice', () => {
  test.each(cases.filter(({ run }) => run.expected['outcome'] === 'ok'))('$name', ({ run }) => {
    const { endBlock, fromGenesis, observation } = run.facts;
    const seen = watch(run);
    expect(seen.ends).toEqual([]);
    expect(seen.stages).toEqual(['load', 'replay', 'hash']);
    expect(seen.blocks).toEqual(seen.blocks.toSorted((a, b) => a - b));
    // Leap tells only every thousandth block while it syncs from peers.
    const last = seen.blocks.at(-1)!;
    expect(run.name.startsWith('leap-5.0.3/logs/p2p') ? last > endBlock - 1000 : last === endBlock).toBe(
      true,
    );
    expect(seen.startHash).toEqual(fromGenesis ? [] : [observation.startHash]);
  });
});

describe('a recorded run that would have waited for ever for blocks is ended', () => {
  const waiting = cases.filter(
    ({ run }) =>
      run.expected['ended'] === 'us' &&
      run.expected['outcome'] === 'stalled' &&
      !run.name.includes('p2p') &&
      run.facts.observation.currentBlock !== run.facts.endBlock,
  );

  test('in a dozen forms', () => {
    expect(waiting.length).toBeGreaterThan(11);
  });

  test.each(waiting)('$name', ({ run }) => {
    expect(watch(run).ends[0]).toMatchObject({ failureCause: 'blocks-log' });
  });
});

test('a recorded run that failed by itself is ended before only when its block log is too short as well', () => {
  const ended = cases.filter(({ run }) => run.expected['outcome'] !== 'ok' && run.expected['ended'] !== 'us');
  for (const { name, run } of ended) {
    const [end] = watch(run).ends;
    const { observation, endBlock } = run.facts;
    const tooShort = observation.logLastBlock !== null && observation.logLastBlock < endBlock;
    const early = end !== undefined && end.failureCause !== run.expected['outcome'];
    expect({ name, early }).toEqual({ name, early: early && tooShort });
  }
});
