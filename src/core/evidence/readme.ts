import type { AttemptEvidence } from '../protocol/attempt-evidence.ts';
import type { AttemptRecord } from '../protocol/full-record.ts';
import { formatBytes } from '../format/bytes.ts';
import { formatDuration } from '../format/duration.ts';
import type { EvidenceOfJob } from './evidence.ts';
import { hasSecrets, maskJob, maskUrl } from './mask.ts';
import { plain } from './shell.ts';

/** What failed, in words and numbers, and which file is what. */
export function readme(input: EvidenceOfJob): string {
  const job = maskJob(input.job);
  const attempt = job.attempts.find(({ number }) => number === input.attempt) ?? null;
  const evidence = input.evidence.get(input.attempt) ?? null;
  return [
    `# Job ${job.job_id} of run ${input.run.run_id}, attempt ${input.attempt}`,
    '',
    ...outcome(input, attempt),
    '',
    table([
      ['slice of the manifest', String(job.replay_slice_id)],
      [
        'blocks',
        `${job.start_block_num} to ${job.end_block_num} (${job.end_block_num - job.start_block_num})`,
      ],
      ['starts from', code(maskUrl(evidence?.start?.location ?? job.snapshot_path))],
      ['status, verdict', `${job.status}, ${job.verdict ?? 'none'}`],
      ['expected hash', code(job.expected_integrity_hash)],
      ['arrived at', code(attempt?.actual_integrity_hash ?? null)],
      ['version asked for', code(job.spring_version ?? job.leap_version ?? null)],
      ['nodeos', code(evidence?.nodeos?.full_version ?? attempt?.nodeos_version ?? null)],
      ['options of the slice', code(job.nodeos_options.join(' '))],
      ['attempts', String(job.attempts.length)],
    ]),
    '',
    '## Attempts',
    '',
    ...job.attempts.map(attemptLine),
    '',
    '## The host',
    '',
    ...hostLines(evidence),
    '',
    '## Files',
    '',
    ...FILES,
    ...(hasSecrets(input.job)
      ? [
          '',
          'User names, passwords and queries were left out of all addresses: put them back where they are needed.',
        ]
      : []),
    '',
  ].join('\n');
}

function outcome({ job, attempt: number }: EvidenceOfJob, attempt: AttemptRecord | null): string[] {
  if (attempt === null) return [`There is no attempt ${number} on record.`];
  const lines = [sentence(attempt)];
  if (attempt.error_message !== null) lines.push('', ...quoteBlock(attempt.error_message));
  if (job.verdict === 'MISMATCH')
    lines.push('', 'The state hash at the end block is none of those that are known: see `hashes.json`.');
  return lines;
}

function sentence({
  worker_id: worker,
  outcome: ended,
  error_cause: cause,
  last_block_processed: block,
}: AttemptRecord): string {
  const who = worker === null ? 'A host without a name' : plain(worker);
  if (ended === null) return `${who} is at work on it, at block ${block}.`;
  const why = cause === null ? '' : ` with the cause ${cause}`;
  return `${who} ended it in ${ended}${why}, at block ${block}.`;
}

function attemptLine(attempt: AttemptRecord): string {
  const spent = Object.values(attempt.stage_times).reduce((sum, ms) => sum + ms, 0);
  const times = spent > 0 ? `, ${formatDuration(spent)} in its stages` : '';
  return `- ${attempt.number}: ${attempt.start_time} to ${attempt.end_time ?? 'now'}${times}. ${sentence(attempt)}`;
}

function hostLines(evidence: AttemptEvidence | null): string[] {
  if (evidence === null) {
    return [
      'The worker reported neither its host nor the command line of nodeos (an older version of replay, or it was',
      'lost before it could). `commands.sh` and `config.ini` are what replay usually runs, and may differ.',
    ];
  }
  const { host, nodeos, start, blocks, commands } = evidence;
  const never = commands.length === 0 ? ['', 'nodeos was not started in this attempt.'] : [];
  return [
    table([
      ['host', code(host.hostname)],
      ['system', code([host.os, host.kernel, host.arch].filter(Boolean).join(', '))],
      ['processor', code([host.cpus, host.cpu_model].filter(Boolean).join(' × '))],
      ['memory', host.memory_total === null ? 'not known' : formatBytes(host.memory_total)],
      ['replay', code(evidence.replay_version)],
      ['nodeos', nodeos === null ? 'none was ready' : code(nodeos.path)],
      ['its package', code(nodeos === null || nodeos.package === null ? null : maskUrl(nodeos.package))],
      ['its SHA-256', code(nodeos?.sha256 ?? null)],
      [
        start?.kind ?? 'snapshot',
        start?.bytes == null ? 'not known' : `${formatBytes(start.bytes)} unpacked`,
      ],
      [
        'block files',
        blocks === null
          ? 'none'
          : `${blocks.files.length}, blocks ${blocks.first ?? '?'} to ${blocks.last ?? '?'}`,
      ],
      ['peers', code(evidence.peers.join(' '))],
    ]),
    ...(nodeos?.stand_in === true
      ? ['', 'This nodeos is the stand-in of a rehearsal: nothing here is about a real one.']
      : []),
    ...never,
  ];
}

const FILES = [
  '- `commands.sh`: the steps to repeat it by hand: `bash commands.sh`, or one step after the other',
  '- `config.ini`: what nodeos was given; `config-read-only.ini`: the same for reading the final hash (Leap)',
  '- `manifest.json`: the slice alone, for `replay serve --config manifest.json`',
  '- `job.json`: the whole record of the job',
  '- `hashes.json`: every hash of this slice and its neighbours, conflicts, suspect snapshots',
  '- `attempts/N/record.json`: each attempt; `nodeos.log`: the last lines of its log, where it left any;',
  '  `evidence.json`: command lines, configuration, host and files, where its worker reported them',
];

/** Two columns; empty and missing values are said to be so. */
function table(rows: readonly (readonly [string, string])[]): string {
  return ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

/** Foreign text that can neither end its cell nor be markup. */
function code(text: string | null): string {
  const safe = plain(text ?? '')
    .replaceAll('`', "'")
    .replaceAll('|', '\\|');
  return safe === '' ? 'none' : `\`${safe}\``;
}

function quoteBlock(text: string): string[] {
  return text.split(/\r?\n/u).map((line) => `    ${plain(line)}`);
}
