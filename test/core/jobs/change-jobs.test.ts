import { describe, expect, it } from 'vitest';
import { changeJobs, type JobClient } from '../../../src/core/jobs/change-jobs.ts';
import { decideRetry } from '../../../src/core/jobs/retry.ts';
import { OrchestratorError, type OrchestratorErrorKind } from '../../../src/core/protocol/client-error.ts';
import { aJob } from '../report/builders.ts';

const decide = decideRetry({ takenBy: null, onlyFailed: false });

interface Script {
  /** What becomes of each update; a kind is the error with which it fails. Then all succeed. */
  updates?: (OrchestratorErrorKind | 'ok')[];
  jobs?: number;
}

/** An orchestrator whose jobs have all failed. Each read of a job gives a new version of it. */
function aClient({ updates = [], jobs = 100 }: Script = {}) {
  const sent: string[] = [];
  let reads = 0;
  const client: JobClient = {
    getJob: async (jobId) => {
      reads += 1;
      return jobId > jobs ? null : { job: aJob({ job_id: jobId, status: 'ERROR' }), etag: `"${reads}"` };
    },
    update: async (jobId, etag) => {
      sent.push(`${jobId} ${etag}`);
      const fate = updates.shift() ?? 'ok';
      if (fate !== 'ok') throw new OrchestratorError(fate, `it says ${fate}`);
      return etag;
    },
  };
  return { client, sent };
}

describe('changing jobs', () => {
  it('says of each what became of it, in the order that was asked for', async () => {
    const { client } = aClient({ jobs: 2 });
    const { outcomes, error } = await changeJobs(client, [2, 9, 1], decide);
    expect(outcomes.map(({ jobId, outcome }) => [jobId, outcome])).toEqual([
      [2, 'queued'],
      [9, 'not-found'],
      [1, 'queued'],
    ]);
    expect(error).toBeNull();
  });

  it('asks for each once, however many there are', async () => {
    const { client, sent } = aClient();
    const ids = Array.from({ length: 100 }, (_, at) => at + 1);
    const { outcomes } = await changeJobs(client, ids, decide);
    expect(outcomes.every(({ done }) => done)).toBe(true);
    expect(new Set(sent).size).toBe(100);
  });

  it('reads a job again that has changed, and names its new version', async () => {
    const { client, sent } = aClient({ updates: ['stale', 'conflict'] });
    const { outcomes } = await changeJobs(client, [1], decide);
    expect(outcomes).toMatchObject([{ outcome: 'queued', done: true }]);
    expect(sent).toEqual(['1 "1"', '1 "2"', '1 "3"']);
  });

  it('gives up on a job that changes each time', async () => {
    const { client } = aClient({ updates: Array.from({ length: 9 }, () => 'stale' as const) });
    const { outcomes } = await changeJobs(client, [1], decide);
    expect(outcomes).toMatchObject([{ outcome: 'changing', done: false }]);
  });

  it.each(['refused', 'unreachable'] as const)('asks for no more when it is %s', async (kind) => {
    const updates = Array.from({ length: 100 }, () => kind);
    const { client, sent } = aClient({ updates });
    const ids = Array.from({ length: 100 }, (_, at) => at + 1);
    const { outcomes, error } = await changeJobs(client, ids, decide);
    expect(error?.kind).toBe(kind);
    expect(sent.length).toBeLessThan(10);
    expect(outcomes[0]?.outcome).toBe('failed');
    expect(outcomes.at(-1)?.outcome).toBe('not-asked');
    expect(outcomes[0]?.message.startsWith('may or may not')).toBe(kind === 'unreachable');
  });
});
