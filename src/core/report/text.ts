import { formatCount } from '../format/count.ts';
import type { HashConflictRecord } from '../protocol/summary-record.ts';
import { STAND_IN_NOTICE } from './notices.ts';
import type { ReportedFailure, ReportedSlice, ReportModel } from './model.ts';

/** The final report for a person: what counts first, then each problem with what is known of it. */
export function renderText(report: ReportModel): string {
  const sections = [
    [headline(report), ...notices(report)],
    figures(report),
    failures(report.failures),
    list('Suspect snapshots', report.suspects, (suspect) => [
      `block ${suspect.block}: ${suspect.snapshot_path}`,
      `  ${suspect.reason}`,
    ]),
    list('Hash conflicts', report.conflicts, (conflict) => [
      `block ${conflict.block}, slice ${conflict.configid}, ${conflict.version}`,
      `  replayed to    ${conflict.actual ?? 'not known'}`,
      `  snapshot gave  ${conflict.snapshot ?? 'not known'}`,
      ...conflict.older_snapshots.map((hash) => `  and before     ${hash}`),
      `  manifest knew  ${conflict.known ?? 'not known'}`,
      ...conflict.attempts.map(attemptHash),
    ]),
    list(
      'Not verifiable (no hash is known for the end block, and no slice starts there)',
      report.unverifiable,
      slice,
    ),
    list('Waiting for the hash of the next snapshot', report.pending, slice),
  ];
  const lines = sections.filter((section) => section.length > 0).map((section) => section.join('\n'));
  return `${lines.join('\n\n')}\n`;
}

/** Attempts at one slice that arrived at different states: the build or a host cannot be relied on. */
function attemptHash({ attempt, worker_id, hash, late }: HashConflictRecord['attempts'][number]): string {
  const host = worker_id ?? 'host not known';
  return `  attempt ${attempt} of this slice (${host}) arrived at ${hash}${late ? ', reported late' : ''}`;
}

function headline(report: ReportModel): string {
  const { total, failed, remaining } = report.jobs;
  const unproven = report.verdicts.UNVERIFIABLE;
  switch (report.outcome) {
    case 'failed':
      return `Run ${report.runId}: FAILED. ${failed} of ${total} jobs failed${remaining > 0 ? `, ${remaining} remain` : ''}.`;
    case 'unfinished':
      return `Run ${report.runId}: NOT FINISHED. ${remaining} of ${total} jobs remain.`;
    case 'passed':
      return unproven === 0
        ? `Run ${report.runId}: PASSED. All ${total} jobs complete and verified.`
        : `Run ${report.runId}: COMPLETE, NOT ALL VERIFIED. ${total - unproven} of ${total} jobs verified; ${unproven} could not be compared with anything.`;
  }
}

function notices(report: ReportModel): string[] {
  return report.standIn ? [STAND_IN_NOTICE] : [];
}

function figures(report: ReportModel): string[] {
  const { blocks, jobs, verdicts } = report;
  return [
    `Blocks processed  ${formatCount(blocks.processed)} of ${formatCount(blocks.total)} (${blocks.percent.toFixed(1)} %)`,
    `Jobs succeeded    ${jobs.succeeded}`,
    `Jobs failed       ${jobs.failed}`,
    `Jobs remaining    ${jobs.remaining}`,
    `Verdicts          ${verdicts.VERIFIED} verified, ${verdicts.MISMATCH} mismatched, ${verdicts.PENDING} pending, ${verdicts.UNVERIFIABLE} not verifiable`,
    `nodeos            ${report.nodeosVersions.length > 0 ? report.nodeosVersions.join(', ') : 'no version reported yet'}`,
  ];
}

function failures(failed: readonly ReportedFailure[]): string[] {
  return list('Failed jobs', failed, (job) => {
    const lines = [
      `Job Id: ${job.jobId}, Configuration Slice: ${job.sliceId}, Status: ${job.status}`,
      `  blocks    ${job.startBlock} to ${job.endBlock}`,
      `  cause     ${job.cause ?? 'not reported'}`,
      `  host      ${job.workerId ?? 'not known'}`,
    ];
    if (job.status !== 'HASH_MISMATCH') {
      lines.push(`  message   ${(job.message ?? 'none').replaceAll('\n', '\n            ')}`);
    } else {
      // The message of a mismatch says no more than the two hashes.
      lines.push(
        `  expected  ${job.expectedHash ?? 'not known'}`,
        `  actual    ${job.actualHash ?? 'not known'}`,
      );
    }
    return lines;
  });
}

function slice(reported: ReportedSlice): string[] {
  return [
    `Job Id: ${reported.jobId}, Configuration Slice: ${reported.sliceId}, blocks ${reported.startBlock} to ${reported.endBlock}`,
    `  replayed to    ${reported.actualHash ?? 'not known'}`,
  ];
}

function list<T>(title: string, items: readonly T[], render: (item: T) => string[]): string[] {
  if (items.length === 0) return [];
  return [`${title} (${items.length})`, ...items.flatMap(render).map(indent)];
}

function indent(text: string): string {
  return text.replaceAll(/^/gmu, '  ');
}
