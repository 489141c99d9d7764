import type { RunRecord } from '../../../protocol/run-record.ts';
import type { Headline } from '../../shell/headline.ts';

/** What became of a run, in few words; null: its files cannot be read. */
export function runOutcome(run: RunRecord): Pick<Headline, 'outcome' | 'tone'> | null {
  const { jobs_failed, jobs_remaining, verdicts, is_current, damage } = run;
  if (jobs_failed === null || jobs_remaining === null || verdicts === null) return null;
  if (jobs_failed > 0) return { outcome: 'FAILED', tone: 'bad' };
  if (jobs_remaining > 0) return { outcome: is_current ? 'RUNNING' : 'NOT FINISHED', tone: 'plain' };
  if (damage.length > 0) return { outcome: 'NOT KNOWN', tone: 'warn' };
  if (verdicts.UNVERIFIABLE > 0) return { outcome: 'COMPLETE, NOT ALL VERIFIED', tone: 'warn' };
  return { outcome: 'PASSED', tone: 'good' };
}
