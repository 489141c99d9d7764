import { Counter, Gauge, Registry } from 'prom-client';
import { CAUSES } from '../../domain/cause.ts';
import type { Attempt, Job } from '../../domain/job.ts';
import type { SummaryRecord } from '../../protocol/summary-record.ts';

/** The run as it is now, for one scrape. What is not known has no sample. */
export function runMetrics(summary: SummaryRecord, jobs: Iterable<Job>, version: string): Registry {
  const registry = new Registry();
  const gauge = (name: string, help: string, value: number | null): void => {
    if (value !== null) new Gauge({ name, help, registers: [registry] }).set(value);
  };
  const gauges = (
    name: string,
    help: string,
    label: string,
    values: Readonly<Record<string, number>>,
  ): void => {
    const made = new Gauge({ name, help, labelNames: [label], registers: [registry] });
    for (const [key, value] of Object.entries(values)) made.set({ [label]: key }, value);
  };
  const counters = (name: string, help: string, label: string, values: ReadonlyMap<string, number>): void => {
    const made = new Counter({ name, help, labelNames: [label], registers: [registry] });
    for (const [key, value] of values) made.inc({ [label]: key }, value);
  };
  gauges('replay_build_info', 'The version of the orchestrator, as a label.', 'version', { [version]: 1 });
  gauge('replay_run_id', 'Number of the run in its data directory.', summary.run_id);
  gauge('replay_run_active', '1 while some job waits or is held by a host.', Number(summary.is_running));
  gauges('replay_jobs', 'Jobs of the run, by status.', 'status', summary.statuses);
  gauges('replay_verdicts', 'Jobs of the run, by verdict.', 'verdict', summary.verdicts);
  gauge('replay_blocks', 'Blocks of all slices.', summary.total_blocks);
  gauge('replay_blocks_processed', 'Blocks of them that are done.', summary.blocks_processed);
  gauge(
    'replay_blocks_per_second',
    'Of all hosts together, as they report it now.',
    summary.blocks_per_second ?? 0,
  );
  gauge(
    'replay_blocks_per_second_average',
    'Of the run so far, while somebody worked.',
    summary.blocks_per_second_average,
  );
  const { time_left: left, cost } = summary;
  if (left !== null) {
    gauges(
      'replay_time_left_seconds',
      'Until the run is done: four of five end between low and high.',
      'estimate',
      {
        low: left.low_seconds,
        likely: left.likely_seconds,
        high: left.high_seconds,
      },
    );
  }
  gauges('replay_hosts', 'Hosts, by what they do. One that is set aside may be idle too.', 'state', {
    at_work: summary.host_count,
    idle: summary.hosts_idle,
    set_aside: summary.hosts_set_aside.length,
  });
  gauge('replay_cost_usd', 'What the hosts have cost so far.', cost?.usd ?? null);
  gauge('replay_cost_usd_per_hour', 'What the hosts that are there cost.', cost?.usd_per_hour ?? null);
  gauge('replay_hash_conflicts', 'Blocks at which hashes disagree.', summary.hash_conflicts.length);
  gauge(
    'replay_suspect_snapshots',
    'Snapshots that neighbours contradict.',
    summary.suspect_snapshots.length,
  );
  const { outcomes, causes } = endedAttempts(jobs);
  counters('replay_attempts_total', 'Attempts that have ended, by outcome.', 'outcome', outcomes);
  counters(
    'replay_attempt_failures_total',
    'Attempts that came to nothing, by cause; none: the client named no cause.',
    'cause',
    causes,
  );
  return registry;
}

const OUTCOMES = ['COMPLETE', 'ERROR', 'TIMEOUT', 'RETURNED'] as const satisfies Attempt['outcome'][];

/** Those that have not happened yet count 0, so that the first one is seen as an increase. */
function endedAttempts(jobs: Iterable<Job>): Record<'outcomes' | 'causes', Map<string, number>> {
  const outcomes = new Map<string, number>(OUTCOMES.map((outcome) => [outcome, 0]));
  const causes = new Map<string, number>([...CAUSES, 'none'].map((cause) => [cause, 0]));
  for (const { attempts } of jobs) {
    for (const { outcome, cause } of attempts) {
      if (outcome === null) continue;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (outcome !== 'COMPLETE') causes.set(cause ?? 'none', (causes.get(cause ?? 'none') ?? 0) + 1);
    }
  }
  return { outcomes, causes };
}
