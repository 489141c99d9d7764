import type { ReportedJob } from '../reported-job.ts';
import { blockRange, logPlace } from '../wording.ts';
import { type Content, hash, type Markup, shown } from './parts.ts';

/** Everything that is known of each failure, one card a job. */
export function failureCards(failed: readonly ReportedJob[]): string {
  return failed.map(card).join('\n');
}

function card(job: ReportedJob): string {
  const facts = factsOf(job).map(([name, value]) => `<dt>${name}</dt><dd>${shown(value)}</dd>`);
  return [
    '<article>',
    `<h3>Job Id: ${job.jobId}, Configuration Slice: <a href="#slice-${job.jobId}">${job.sliceId}</a>, Status: ${job.status}</h3>`,
    `<dl>${facts.join('')}</dl>`,
    '</article>',
  ].join('\n');
}

function factsOf(job: ReportedJob): [string, Content][] {
  const place = logPlace(job);
  return [
    ['blocks', blockRange(job)],
    ['cause', job.cause ?? 'not reported'],
    ['host', job.workerId ?? 'not known'],
    ...whatHappened(job),
    ...(place === null ? [] : [['logs', place] as [string, Content]]),
  ];
}

function whatHappened(job: ReportedJob): [string, Content][] {
  if (job.standing !== 'mismatch') return [['message', preformatted(job.message ?? 'none')]];
  return [
    ['expected', hash(job.expectedHash)],
    ['actual', hash(job.actualHash)],
  ];
}

function preformatted(text: string): Markup {
  return { html: `<pre>${shown(text)}</pre>` };
}
