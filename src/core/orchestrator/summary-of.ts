import type { SummaryRecord } from '../protocol/summary-record.ts';
import { toSummaryRecord } from '../protocol/to-summary-record.ts';
import type { Context } from './context.ts';
import { runHosts } from './run-hosts.ts';

/** The numbers of the current run, as they are now. */
export function summaryRecord(context: Context): SummaryRecord {
  const { store, hosts, now, pause } = context;
  const { runId } = store.run.info;
  const setAside = hosts.allSetAside();
  return toSummaryRecord(store.summary(now()), runId, setAside, runHosts(context), pause.state);
}
