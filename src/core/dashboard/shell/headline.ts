import type { SummaryRecord } from '../../protocol/summary-record.ts';
import { formatCount } from '../../format/count.ts';

export interface Headline {
  run: string;
  outcome: string;
  text: string;
  tone: 'good' | 'bad' | 'warn' | 'plain';
}

/** How the run stands, in few words. PASSED is said only when every slice was compared with something. */
export function headline(summary: SummaryRecord): Headline {
  const { run_id, jobs_failed, jobs_remaining, total_jobs, verdicts, is_running } = summary;
  const run = `Run ${run_id}`;
  const [failed, remaining, total] = [jobs_failed, jobs_remaining, total_jobs].map(formatCount);
  if (jobs_failed > 0) {
    const rest = jobs_remaining > 0 ? `, ${remaining} remain` : '';
    return { run, outcome: 'FAILED', text: `${failed} of ${total} jobs failed${rest}`, tone: 'bad' };
  }
  if (jobs_remaining > 0 || is_running) {
    return { run, outcome: 'RUNNING', text: `${remaining} of ${total} jobs remain`, tone: 'plain' };
  }
  if (verdicts.UNVERIFIABLE > 0) {
    const unproven = formatCount(verdicts.UNVERIFIABLE);
    const text = `${unproven} of ${total} jobs could not be compared with anything`;
    return { run, outcome: 'COMPLETE, NOT ALL VERIFIED', text, tone: 'warn' };
  }
  return { run, outcome: 'PASSED', text: `all ${total} jobs complete and verified`, tone: 'good' };
}
