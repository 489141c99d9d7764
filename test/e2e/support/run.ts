import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import type { SummaryRecord } from '../../../src/core/protocol/summary-record.ts';
import { replay } from './replay.ts';
import { until } from './until.ts';

export interface StatusJson {
  summary: SummaryRecord;
  jobs: FullJobRecord[];
}

/** What `replay status --json` says. */
export async function statusOf(url: string): Promise<StatusJson> {
  const { stdout, stderr, code } = await replay(['status', '--orchestrator', url, '--json']);
  if (code !== 0) throw new Error(`replay status ended with ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as StatusJson;
}

/** The full record of one job, without a program in between. */
export async function jobOf(url: string, jobId: number): Promise<FullJobRecord> {
  const headers = { Accept: 'application/vnd.replay.job+json' };
  const response = await fetch(`${url}/job?jobid=${jobId}`, { headers });
  if (!response.ok) throw new Error(`GET /job?jobid=${jobId}: ${response.status} ${await response.text()}`);
  return (await response.json()) as FullJobRecord;
}

/** Waits until a job is as described. */
export function untilJob(
  url: string,
  jobId: number,
  what: string,
  isSo: (job: FullJobRecord) => boolean,
): Promise<FullJobRecord> {
  return until(`job ${jobId} ${what}`, async () => {
    const job = await jobOf(url, jobId);
    return isSo(job) ? job : null;
  });
}

export interface Report {
  code: number | null;
  text: string;
  json: ReportJson;
}

/** `replay report --json`, as far as the tests look at it. */
export interface ReportJson {
  outcome: string;
  failed_jobs: { job_id: number; configuration_slice: number; status: string; error_cause: string | null }[];
  suspect_snapshots: { block: number; snapshot_path: string; reason: string }[];
  hash_conflicts: { block: number; actual: string; snapshot: string; known: string }[];
  [field: string]: unknown;
}

/** The final report in both forms, which must agree on the exit code. */
export async function reportOf(url: string): Promise<Report> {
  const [text, json] = await Promise.all([
    replay(['report', '--orchestrator', url]),
    replay(['report', '--orchestrator', url, '--json']),
  ]);
  if (text.code !== json.code) throw new Error(`report: ${text.code} as text, ${json.code} as JSON`);
  if (text.stderr !== '') throw new Error(`report wrote to stderr: ${text.stderr}`);
  return { code: text.code, text: text.stdout, json: JSON.parse(json.stdout) as ReportJson };
}
