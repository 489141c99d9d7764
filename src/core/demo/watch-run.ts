import { Listr, type ListrTask } from 'listr2';
import { hasFailed } from '../domain/transition.ts';
import type { OrchestratorClient } from '../protocol/client.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import { formatCount } from '../format/count.ts';
import { progressOf } from '../report/status-table.ts';

const LOOK_EVERY_MS = 250;

interface Row {
  update(job: FullJobRecord): void;
  /** Ends the row although its job is not settled: nobody works on it any more. */
  abandon(): void;
}

/**
 * Shows every job of the run until all are settled or `over` resolves. In a terminal the rows are
 * redrawn in place; through a pipe each row is a line when it begins and when it ends.
 */
export async function watchRun(client: OrchestratorClient, over: Promise<unknown>): Promise<void> {
  const rows = new Map<number, Row>();
  const jobs = await client.status();
  const list = new Listr(
    jobs.map((job) => rowOf(job, rows)),
    {
      concurrent: true,
      exitOnError: false,
      fallbackRenderer: 'simple',
      fallbackRendererCondition: () => !process.stdout.isTTY,
      // Ctrl-C is the command's to handle: listr2 would exit at once with a code of its own.
      registerSignalListeners: false,
      // The title says it already.
      rendererOptions: { showErrorMessage: false, collapseErrors: false },
    },
  );
  const drawn = list.run();
  do {
    for (const job of await client.status()) rows.get(job.job_id)?.update(job);
  } while ((await pause(LOOK_EVERY_MS, over)) === 'time passed');
  // One more look: the last result may have come between the last look and the end of the workers.
  for (const job of await client.status()) rows.get(job.job_id)?.update(job);
  for (const row of rows.values()) row.abandon();
  await drawn;
}

function rowOf(job: FullJobRecord, rows: Map<number, Row>): ListrTask {
  const title = `slice ${job.replay_slice_id}, blocks ${formatCount(job.start_block_num)} to ${formatCount(job.end_block_num)}`;
  return {
    title,
    task: (_context, task) =>
      new Promise<void>((resolve, reject) => {
        let settled = false;
        const settle = (finalTitle: string, end: () => void): void => {
          if (settled) return;
          settled = true;
          task.title = finalTitle;
          end();
        };
        // Through a pipe the error's message is put behind the title.
        const fail = (result: string): void =>
          settle(process.stdout.isTTY ? `${title}: ${result}` : title, () => reject(new Error(result)));
        rows.set(job.job_id, {
          update(now) {
            if (hasFailed(now)) fail(`${now.status} (${now.error_cause}) on ${now.worker_id}`);
            else if (isSettled(now)) settle(`${title}: ${now.verdict} by ${now.worker_id}`, resolve);
            else if (!settled) task.title = `${title}: ${describe(now)}`;
          },
          abandon: () => fail('not finished'),
        });
      }),
  };
}

function isSettled({ status, verdict }: FullJobRecord): boolean {
  return status === 'COMPLETE' && verdict !== 'PENDING';
}

function describe(job: FullJobRecord): string {
  if (job.status === 'WAITING_4_WORKER') return 'waiting';
  if (job.status === 'COMPLETE') return 'complete, waiting for the hash of the next snapshot';
  return `${job.stage ?? 'starting'}, ${progressOf(job).toFixed(1)} %, ${job.worker_id ?? ''}`;
}

/** Waits for the time to pass or the work to be over, whichever comes first. */
async function pause(ms: number, over: Promise<unknown>): Promise<'time passed' | 'over'> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<'time passed'>((resolve) => {
    timer = setTimeout(() => resolve('time passed'), ms);
  });
  const ended = await Promise.race([passed, over.then(() => 'over' as const)]);
  clearTimeout(timer);
  return ended;
}
