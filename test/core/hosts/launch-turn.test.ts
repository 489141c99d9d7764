import { expect, test } from 'vitest';
import { inLaunchTurn } from '../../../src/core/hosts/launch-turn.ts';
import type { OrchestratorClient } from '../../../src/core/protocol/client.ts';
import type { LaunchTurnAnswer } from '../../../src/core/protocol/launch-turn.ts';

/** An orchestrator that answers in this order, and then that it is granted; null: it knows no turns. */
function scene(answers: (LaunchTurnAnswer | null | Error)[] = []) {
  const asked: number[] = [];
  const said: string[] = [];
  let now = 0;
  const client = {
    launchTurn: async ({ seconds }: { seconds: number }) => {
      asked.push(seconds);
      const answer = answers.length === 0 ? { granted: true, by: null, seconds } : answers.shift()!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as OrchestratorClient;
  const ports = {
    client,
    fleet: 'eos',
    token: 'token-01',
    patienceMs: 3000,
    say: (line: string) => said.push(line),
    now: () => now,
    sleep: async (ms: number, signal: AbortSignal) => {
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
  };
  const stop = new AbortController();
  return {
    ports,
    asked,
    said,
    stop,
    turn: <T>(work: () => Promise<T>) => inLaunchTurn(ports, stop.signal, work),
  };
}

const BUSY: LaunchTurnAnswer = { granted: false, by: 'Ada', seconds: 30 };

test('the work is done in its turn, which is given back', async () => {
  const { turn, asked } = scene();
  expect(await turn(async () => 7)).toBe(7);
  expect([asked[0], asked.at(-1)]).toEqual([30, 0]);
});

test('it is given back also when the work fails', async () => {
  const { turn, asked } = scene();
  await expect(turn(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(asked.at(-1)).toBe(0);
});

test('it is prolonged for as long as the work takes', async () => {
  const { turn, asked } = scene();
  await turn(async () => {
    while (asked.length < 4) await new Promise((resolve) => setImmediate(resolve));
  });
  expect(asked.slice(0, 4)).toEqual([30, 30, 30, 30]);
});

test('others are waited for, which is said once', async () => {
  const { turn, said } = scene([BUSY, BUSY]);
  expect(await turn(async () => 7)).toBe(7);
  expect(said).toEqual(['Hosts of eos are being launched by Ada: waiting until that is done.']);
});

test('but not for ever', async () => {
  const { turn } = scene([1, 2, 3, 4, 5, 6, 7].map(() => BUSY));
  let begun = false;
  await expect(turn(async () => (begun = true))).rejects.toMatchObject({ code: 'FLEET_BUSY' });
  expect(begun).toBe(false);
});

test('an orchestrator that knows no turns keeps nobody from launching', async () => {
  const { turn } = scene([null]);
  expect(await turn(async () => 7)).toBe(7);
});

test('a question that is not answered in between ends nothing', async () => {
  const { turn, asked } = scene([{ granted: true, by: null, seconds: 60 }, new Error('lost')]);
  await turn(async () => {
    while (asked.length < 3) await new Promise((resolve) => setImmediate(resolve));
  });
  expect(asked.length).toBeGreaterThanOrEqual(3);
});

test('Ctrl-C while waiting asks for nothing more', async () => {
  const { turn, stop, asked } = scene([1, 2, 3, 4, 5, 6, 7].map(() => BUSY));
  const done = turn(async () => 7);
  stop.abort();
  await expect(done).rejects.toThrow('aborted');
  expect(asked.length).toBeLessThanOrEqual(2);
});
