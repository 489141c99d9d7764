import { describe, expect, it } from 'vitest';
import { readLog } from '../../../src/core/jobs/read-log.ts';
import type { AttemptRecord } from '../../../src/core/protocol/full-record.ts';
import { aJob } from '../report/builders.ts';

function anAttempt(number: number): AttemptRecord {
  return {
    number,
    worker_id: `host-${number}`,
    instance_id: null,
    start_time: '2026-11-22T10:00:00',
    end_time: '2026-11-22T11:00:00',
    outcome: 'ERROR',
    error_cause: 'nodeos-crash',
    error_message: null,
    last_block_processed: 1500,
    actual_integrity_hash: null,
    nodeos_version: null,
    stage_times: {},
    late_results: [],
  };
}

/** Two attempts, of which the first left a log. */
const client = {
  getJob: async (jobId: number) =>
    jobId === 7 ? { job: aJob({ job_id: 7, attempts: [anAttempt(1), anAttempt(2)] }), etag: '"1"' } : null,
  jobLog: async ({ attempt }: { attempt: number }) => (attempt === 1 ? 'one\ntwo\n' : null),
};

describe('the log of an attempt', () => {
  it('comes as lines, with the attempt', async () => {
    const log = await readLog(client, 7, 1);
    expect(log).toMatchObject({ jobId: 7, attempt: { worker_id: 'host-1' }, lines: ['one', 'two'] });
  });

  it.each([
    ['no such job', 8, null, 'JOB_NOT_FOUND'],
    ['no such attempt', 7, 3, 'ATTEMPT_NOT_FOUND'],
    ['no log of the last one', 7, null, 'LOG_NOT_FOUND'],
  ])('says that there is %s', async (_, jobId, number, code) => {
    await expect(readLog(client, jobId, number)).rejects.toMatchObject({ code, exitCode: 1 });
  });
});
