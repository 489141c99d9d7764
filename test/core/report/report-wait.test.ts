import { describe, expect, it } from 'vitest';
import { OrchestratorError } from '../../../src/core/protocol/client-error.ts';
import type { SummaryRecord } from '../../../src/core/protocol/summary-record.ts';
import { WaitLines } from '../../../src/core/report/wait-lines.ts';
import { waitForEnd } from '../../../src/core/report/wait.ts';
import { aJob, aSummary } from './builders.ts';

const RUNNING = aSummary({ is_running: true, jobs_succeeded: 1, jobs_remaining: 1, blocks_processed: 3000 });
const ENDED = aSummary();
const AWAY = new OrchestratorError('unreachable', 'connection refused');
const BUSY = new OrchestratorError('unavailable', 'it is stopping');
const REFUSED = new OrchestratorError('refused', 'no token');

/** Waits for an orchestrator that gives one answer after the other; the last for ever. */
function wait(answers: (SummaryRecord | Error)[], { patienceMs = 10_000 } = {}) {
  const controller = new AbortController();
  const seen: (SummaryRecord | Error)[] = [];
  const pauses: number[] = [];
  let time = 0;
  let asked = 0;
  const result = waitForEnd({
    client: {
      async summary() {
        const answer = answers[Math.min(asked, answers.length - 1)]!;
        asked += 1;
        if (answer instanceof Error) throw answer;
        return answer;
      },
      status: async () => [aJob()],
    },
    patienceMs,
    signal: controller.signal,
    now: () => time,
    async pause(ms) {
      time += ms;
      pauses.push(ms);
      if (pauses.length > 100) controller.abort(new Error('enough'));
    },
    onLook: (look) => seen.push(look),
  });
  return { result, seen, pauses };
}

describe('waiting for the end of a run', () => {
  it('returns at once when the run is at its end', async () => {
    const { result, pauses } = wait([ENDED]);
    expect(await result).toEqual({ summary: ENDED, jobs: [aJob()] });
    expect(pauses).toEqual([]);
  });

  it('looks every few seconds and shows what it sees', async () => {
    const { result, seen, pauses } = wait([RUNNING, RUNNING, ENDED]);
    expect((await result).summary).toBe(ENDED);
    expect(seen).toEqual([RUNNING, RUNNING, ENDED]);
    expect(pauses).toEqual([3000, 3000]);
  });

  it('goes on when a job went back into the queue while the jobs were read', async () => {
    const { result, seen } = wait([ENDED, RUNNING, ENDED]);
    expect((await result).summary).toBe(ENDED);
    expect(seen).toEqual([ENDED, ENDED]);
  });

  it('outlives a restart of the orchestrator, as often as there is one', async () => {
    const { result, seen } = wait([RUNNING, BUSY, AWAY, AWAY, RUNNING, AWAY, AWAY, AWAY, ENDED]);
    expect((await result).summary).toBe(ENDED);
    expect(seen.filter((look) => look instanceof Error)).toHaveLength(6);
  });

  it('gives up an orchestrator that stays away', async () => {
    const { result, pauses } = wait([RUNNING, AWAY]);
    await expect(result).rejects.toBe(AWAY);
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBe(10_000);
  });

  it('does not wait for one that refuses', async () => {
    const { result, pauses } = wait([REFUSED]);
    await expect(result).rejects.toBe(REFUSED);
    expect(pauses).toEqual([]);
  });

  it('does not answer for another run than the one it began with', async () => {
    const { result } = wait([RUNNING, AWAY, { ...ENDED, run_id: 2 }]);
    await expect(result).rejects.toMatchObject({ code: 'RUN_REPLACED', exitCode: 4 });
  });

  it('ends when it is told to', async () => {
    await expect(wait([RUNNING]).result).rejects.toThrow('enough');
    await expect(wait([AWAY], { patienceMs: 1e9 }).result).rejects.toThrow('enough');
  });
});

describe('the progress of waiting', () => {
  function show(columns: number | null, looks: [at: number, seen: SummaryRecord | Error][]): string {
    let text = '';
    let time = 0;
    const lines = new WaitLines({ write: (more) => (text += more), columns, now: () => time });
    for (const [at, seen] of looks) {
      time = at;
      lines.show(seen);
    }
    lines.end();
    return text;
  }

  it('is a line when a number of jobs changes, and else one a minute', () => {
    const text = show(null, [
      [0, RUNNING],
      [3000, { ...RUNNING, blocks_processed: 3100 }],
      [60_000, { ...RUNNING, blocks_processed: 3200 }],
      [63_000, AWAY],
      [66_000, AWAY],
      [69_000, ENDED],
    ]);
    expect(text)
      .toBe(`[##################------] 75.0 % of 4,000 blocks, 1 succeeded, 0 failed, 1 remaining, 0 hosts at work
[###################-----] 80.0 % of 4,000 blocks, 1 succeeded, 0 failed, 1 remaining, 0 hosts at work
No answer: connection refused. Trying again.
[########################] 100.0 % of 4,000 blocks, 2 succeeded, 0 failed, 0 remaining, 0 hosts at work
`);
  });

  it('is drawn in its place on a terminal, within its width, and gone at the end', () => {
    expect(show(30, [[0, { ...RUNNING, blocks_per_second: 1234, eta: '2026-11-22T12:00:00' }]])).toBe(
      '\r\u001B[K[##################------] 75\r\u001B[K',
    );
  });
});
