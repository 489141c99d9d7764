import { pythonJson } from '../../protocol/python-json.ts';
import { toRunRecord } from '../../protocol/run-record.ts';
import type { Context } from '../context.ts';
import { JSON_TYPE, type Reply } from '../http/reply.ts';
import { currentRun } from './asked-run.ts';

/** GET /runs: all runs that the data directory holds, oldest first, the current one last. */
export async function getRuns(context: Context): Promise<Reply> {
  const past = await context.runs.list();
  const { summary } = currentRun(context);
  const jobs = Array.from(context.store.view.all(), ({ job }) => job);
  const { createdAt } = context.store.run.info;
  const current = toRunRecord(summary(), jobs, { createdAt, isCurrent: true });
  return { status: 200, type: JSON_TYPE, body: pythonJson([...past, current]) };
}
