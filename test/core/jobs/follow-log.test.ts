import { describe, expect, it } from 'vitest';
import { followLog, type LogNews } from '../../../src/core/jobs/follow-log.ts';
import { OrchestratorError } from '../../../src/core/protocol/client-error.ts';
import type { ReceivedEvent } from '../../../src/core/protocol/events/read-events.ts';
import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import { aJob } from '../report/builders.ts';
import { attemptRecord } from '../protocol/records.ts';

const away = () => new OrchestratorError('unreachable', 'nothing listens there');

const lines = (from: number, ...texts: string[]): ReceivedEvent => ({
  name: 'lines',
  data: JSON.stringify({ attempt: 1, from, skipped: 0, lines: texts }),
  lastId: String(from + texts.length),
});

const end: ReceivedEvent = {
  name: 'end',
  data: JSON.stringify({ attempt: 1, outcome: 'COMPLETE', error_cause: null, error_message: null }),
  lastId: null,
};

const job = (status: FullJobRecord['status'], attempts: number): FullJobRecord =>
  aJob({
    job_id: 7,
    status,
    attempts: Array.from({ length: attempts }, (_, index) => attemptRecord({ number: index + 1 })),
  });

interface Script {
  /** What each look at the job finds; the last one again and again. */
  looks?: (FullJobRecord | null | OrchestratorError)[];
  /** What each connection gives; then it ends. */
  connections?: (ReceivedEvent | OrchestratorError)[][];
  attempt?: number;
}

/** Follows the log of job 7 with an orchestrator that goes by a script. Time passes in pauses only. */
function follow({ looks = [job('WORKING', 1)], connections = [], attempt }: Script) {
  const asked: [path: string, lastId: string | null][] = [];
  const stop = new AbortController();
  let now = 0;
  const client = {
    async getJob() {
      const look = looks.length > 1 ? looks.shift() : looks[0];
      if (look instanceof OrchestratorError) throw look;
      return look ? { job: look, etag: '"1"' } : null;
    },
    async *events(path: string, lastId: string | null) {
      asked.push([path, lastId]);
      for (const step of connections.shift() ?? [away()]) {
        if (step instanceof OrchestratorError) throw step;
        yield step;
      }
    },
  };
  const news = followLog({
    client,
    jobId: 7,
    attempt: attempt ?? null,
    patienceMs: 60_000,
    signal: stop.signal,
    now: () => now,
    pause: async (ms) => void (now += ms),
    random: () => 1,
  });
  return { news, asked, stop };
}

async function told(news: AsyncIterable<LogNews>): Promise<string[]> {
  const all: string[] = [];
  for await (const piece of news) {
    all.push(piece.kind === 'lines' ? piece.lines.lines.join(' ') : piece.kind);
  }
  return all;
}

describe('following a log', () => {
  it('tells the lines and ends with the attempt', async () => {
    const { news, asked } = follow({
      connections: [[lines(0, 'zero'), lines(1, 'one'), end, lines(2, 'never')]],
    });
    expect(await told(news)).toEqual(['zero', 'one', 'end']);
    expect(asked).toEqual([['/job/log?jobid=7&attempt=1&follow', null]]);
  });

  it('goes on behind the last line when the connection was lost', async () => {
    const { news, asked } = follow({
      connections: [[lines(0, 'zero'), away()], [away()], [lines(1, 'one')], [lines(2), end]],
    });
    expect(await told(news)).toEqual(['zero', 'lost', 'lost', 'one', 'lost', '', 'end']);
    expect(asked.map(([, lastId]) => lastId)).toEqual([null, '1', '1', '2']);
  });

  it('gives up when no answer comes for as long as is allowed', async () => {
    const { news } = follow({ connections: [[lines(0, 'zero')]] });
    await expect(told(news)).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('takes the last attempt, unless another is named', async () => {
    const looks = [job('WORKING', 3)];
    const last = follow({ looks, connections: [[end]] });
    await told(last.news);
    const first = follow({ looks, connections: [[end]], attempt: 1 });
    await told(first.news);
    expect([last.asked[0]?.[0], first.asked[0]?.[0]]).toEqual([
      '/job/log?jobid=7&attempt=3&follow',
      '/job/log?jobid=7&attempt=1&follow',
    ]);
  });

  it('waits for the first attempt, also while the orchestrator is away', async () => {
    const waiting = job('WAITING_4_WORKER', 0);
    const looks = [waiting, away(), waiting, job('STARTED', 1)];
    const { news } = follow({ looks, connections: [[end]] });
    expect(await told(news)).toEqual(['waiting', 'lost', 'end']);
  });

  it('waits for the next attempt when it is named', async () => {
    const looks = [job('WAITING_4_WORKER', 1), job('STARTED', 2)];
    const { news } = follow({ looks, connections: [[end]], attempt: 2 });
    expect(await told(news)).toEqual(['waiting', 'end']);
  });

  it.each([
    ['no such job', [null], undefined, 'JOB_NOT_FOUND'],
    ['no such attempt', [job('COMPLETE', 1)], 2, 'ATTEMPT_NOT_FOUND'],
    ['an attempt after the next', [job('WAITING_4_WORKER', 1)], 3, 'ATTEMPT_NOT_FOUND'],
  ] as const)('refuses %s', async (_, looks, attempt, code) => {
    const { news } = follow({ looks: [...looks], ...(attempt === undefined ? {} : { attempt }) });
    await expect(told(news)).rejects.toMatchObject({ code, exitCode: 1 });
  });

  it('does not wait for an orchestrator that is not there to begin with', async () => {
    await expect(told(follow({ looks: [away()] }).news)).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('ends without an error when it is stopped', async () => {
    const { news, stop } = follow({ looks: [job('WAITING_4_WORKER', 0)] });
    const seen: string[] = [];
    for await (const { kind } of news) {
      seen.push(kind);
      stop.abort();
    }
    expect(seen).toEqual(['waiting']);
  });
});
