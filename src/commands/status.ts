import { Flags } from '@oclif/core';
import { linesOf } from '../core/protocol/log-text.ts';
import { UserError } from '../core/domain/user-error.ts';
import { ExitCode } from '../core/domain/exit-codes.ts';
import { nearest } from '../core/domain/nearest.ts';
import type { HostRecord } from '../core/protocol/host-record.ts';
import type { SummaryRecord } from '../core/protocol/summary-record.ts';
import type { FullJobRecord } from '../core/protocol/full-record.ts';
import { renderGlance } from '../core/report/glance.ts';
import { renderHostsTable } from '../core/report/hosts-table.ts';
import { chooseJobs } from '../core/report/status-choice.ts';
import { paint } from '../core/report/status-colour.ts';
import { COLUMN_NAMES } from '../core/report/status-columns.ts';
import { renderSlice, type SliceLog } from '../core/report/status-slice.ts';
import { DROPPED_FIRST, renderStatusTable } from '../core/report/status-table.ts';
import { BaseCommand } from './support/base-command.ts';
import { jsonFlag, orchestratorFlag } from './support/flags.ts';
import { listOf } from './support/list-flag.ts';
import { connect } from './support/job-changes.ts';
import { readHosts, type RunView } from './support/orchestrator.ts';
import { describe, type ExitCodes } from './support/prose.ts';
import { runFlags, runSource, type RunSource } from './support/run-source.ts';
import { type Terminal, terminalOf } from './support/terminal.ts';
import { contradiction, readToken, tokenFlags } from './support/token.ts';
import { watchRun } from './support/watch-run.ts';

/** What chooses or orders jobs. */
const OF_JOBS = ['failed', 'running', 'sort', 'reverse', 'columns'] as const;

/** What does not go together with the flag, because it says nothing there, or there is nothing to read. */
const ALONE = {
  hosts: [...OF_JOBS, 'slice', 'watch', 'from', 'run'],
  slice: [...OF_JOBS, 'watch'],
  watch: ['from', 'run'],
} as const;

export default class Status extends BaseCommand {
  static override summary = 'Show the jobs of the run and how far they are.';
  static exitCodes: ExitCodes = {
    ok: 'shown, whatever the state of the run',
    failed: 'there is no such slice',
    usage: 'wrong usage',
    interrupted: '--watch was ended by Ctrl-C',
    unreachable: 'the orchestrator cannot be reached, or refuses, or there is no such run or directory',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Prints the run at a glance and a table of its jobs, or with --slice everything that is known about
    one slice, or with --hosts a table of its hosts. With --json: {"summary": ..., "jobs": [...]}, the records of
    the orchestrator as docs/json-output.md has them; --failed, --running, --slice and --sort choose and order the
    jobs there too. With --hosts: {"summary": ..., "hosts": [...]}.

    --watch draws the run anew in its place whenever something changes, as much of it as the window holds, failed jobs
    first; an orchestrator that is restarted is waited for. Piped, it prints a line for each job whose state changes,
    and with --json one object a line: {"type": "run" | "job" | "summary" | "lost", ...}.

    Columns: ${COLUMN_NAMES.join(', ')}. Those up to "cause" are shown unless --columns names others.
    --sort begins with what is looked for: problems, the fastest, the farthest, the most attempts, the least
    time left.

    --run N shows a past run, and --from DIR reads the data directory of an orchestrator that need not run.

    In a terminal that is too narrow columns are left out: first those that are empty, then
    ${DROPPED_FIRST.join(', ')}. What is still too wide is cut off. Piped, everything is shown, without
    control codes. Colours: in a terminal only, and not with --no-color or NO_COLOR.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --running --sort left',
    '<%= config.bin %> <%= command.id %> --failed --columns slice,status,cause,host,message',
    '<%= config.bin %> <%= command.id %> --watch',
    '<%= config.bin %> <%= command.id %> --slice 17',
    '<%= config.bin %> <%= command.id %> --hosts',
    '<%= config.bin %> <%= command.id %> --orchestrator 10.0.0.5 --json',
    '<%= config.bin %> <%= command.id %> --from /srv/replay-data --failed',
  ];
  static override flags = {
    failed: Flags.boolean({ description: 'only jobs in ERROR, TIMEOUT and HASH_MISMATCH' }),
    running: Flags.boolean({ description: 'only jobs that a host is at work on; with --failed: both' }),
    slice: Flags.integer({
      description: 'everything about the slice at this position of the manifest',
      helpValue: 'N',
      min: 1,
    }),
    hosts: Flags.boolean({
      description: 'the hosts instead of the jobs: what each is at, how it is, and what it costs',
    }),
    watch: Flags.boolean({
      char: 'w',
      description: 'go on showing the run while it changes, until Ctrl-C',
    }),
    sort: Flags.string({ description: 'column to sort by', helpValue: 'KEY' }),
    reverse: Flags.boolean({ description: 'the other way round' }),
    columns: Flags.string({
      description: 'columns of the table, with commas between them',
      helpValue: 'LIST',
    }),
    'no-color': Flags.boolean({ description: 'no colours in a terminal either' }),
    orchestrator: orchestratorFlag,
    ...tokenFlags,
    ...runFlags,
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Status);
    for (const [name, others] of Object.entries(ALONE)) {
      const other = others.find((candidate) => flags[candidate]);
      if (flags[name as keyof typeof ALONE] && other) {
        throw contradiction(`--${name} and --${other} cannot be given together.`);
      }
    }
    const sort = flags.sort === undefined ? null : checkColumn(flags.sort, '--sort');
    const columns = flags.columns === undefined ? null : chosenColumns(flags.columns);
    if (flags.hosts) {
      const token = await readToken(flags, raw);
      const { summary, hosts } = await readHosts(connect(flags.orchestrator, token));
      if (flags.json) this.printJson({ summary, hosts });
      else showHosts(summary, hosts, terminal(flags['no-color']));
      return;
    }
    if (flags.watch) {
      const { failed, running, reverse, json } = flags;
      const client = connect(flags.orchestrator, await readToken(flags, raw));
      const { colour } = terminal(flags['no-color']);
      await watchRun({ client, choice: { failed, running, sort, reverse }, columns, json, colour });
      return;
    }
    const source = await runSource(flags, raw);
    const run = await source.read();
    if (flags.slice === undefined) {
      const { failed, running, reverse } = flags;
      const jobs = chooseJobs(run.jobs, { failed, running, sort, reverse });
      if (flags.json) this.printJson({ summary: run.summary, jobs });
      else showTable(run, jobs, { failed, running, columns, noColour: flags['no-color'] });
      return;
    }
    const job = findSlice(run, flags.slice);
    const log = await lastLog(source, job);
    if (flags.json) this.printJson({ summary: run.summary, jobs: [job], log });
    else show(renderSlice({ job, summary: run.summary, log }), terminal(flags['no-color']));
  }
}

interface Look {
  failed: boolean;
  running: boolean;
  columns: readonly string[] | null;
  noColour: boolean;
}

function showTable({ summary }: RunView, jobs: readonly FullJobRecord[], look: Look): void {
  const { columns, noColour } = look;
  const { width, colour } = terminal(noColour);
  const table = jobs.length > 0 ? renderStatusTable(jobs, { columns, width }) : nothing(look);
  show(`${renderGlance(summary, width)}\n${table}`, { colour });
}

function showHosts(summary: SummaryRecord, hosts: readonly HostRecord[], window: Terminal): void {
  show(`${renderGlance(summary, window.width)}\n${renderHostsTable(hosts, window.width)}`, window);
}

function terminal(noColour: boolean): Terminal {
  return terminalOf(process.stdout, process.env, noColour);
}

function show(text: string, { colour }: Pick<Terminal, 'colour'>): void {
  process.stdout.write(`${colour ? paint(text) : text}\n`);
}

function nothing({ failed, running }: Look): string {
  if (failed && running) return 'No job has failed, and none is being worked on.';
  return failed ? 'No job has failed.' : running ? 'No job is being worked on.' : 'The run has no jobs.';
}

function findSlice({ jobs }: RunView, slice: number): FullJobRecord {
  const job = jobs.find(({ replay_slice_id: position }) => position === slice);
  if (job !== undefined) return job;
  throw new UserError({
    code: 'SLICE_NOT_FOUND',
    message: `There is no slice ${slice} in this run; it has ${jobs.length}.`,
    hint: 'Slices are counted from 1, in the order of the manifest.',
  });
}

/** The log of the newest attempt that left one. */
async function lastLog(source: RunSource, job: FullJobRecord): Promise<SliceLog | null> {
  for (const { number } of job.attempts.toReversed()) {
    const text = await source.jobLog({ jobId: job.job_id, attempt: number });
    if (text !== null) return { attempt: number, lines: linesOf(text) };
  }
  return null;
}

function chosenColumns(list: string): string[] {
  const names = new Set(listOf(list));
  if (names.size === 0) throw noColumn('--columns names none.');
  return [...names].map((name) => checkColumn(name, '--columns'));
}

function checkColumn(name: string, flag: string): string {
  if (COLUMN_NAMES.includes(name)) return name;
  throw noColumn(`${flag}: there is no column ${JSON.stringify(name)}.`, nearest(name, COLUMN_NAMES));
}

function noColumn(message: string, meant: string | null = null): UserError {
  const hint = `${meant === null ? '' : `Did you mean ${meant}? `}Columns: ${COLUMN_NAMES.join(', ')}.`;
  return new UserError({ code: 'USAGE', message, hint, exitCode: ExitCode.usage });
}
