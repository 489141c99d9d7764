import { DefaultRenderer, Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { ListrTask, ListrTaskWrapper } from 'listr2';
import { STEPS } from './view.ts';
import type { JobTitle, Step, View } from './view.ts';
import { describeEnd, describeJob, describeProgress, STEP_NAMES } from './wording.ts';

export interface TerminalStreams {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

/** The stream that is drawn on was found to be a terminal by our caller; listr2 would look at process.stdout. */
class JobRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

const SIDE_BY_SIDE: readonly Step[] = ['install', 'snapshot', 'blocks'];
const IN_TURN: readonly Step[] = ['load', 'replay', 'hash'];

type Task = ListrTaskWrapper<unknown, typeof JobRenderer, typeof DefaultRenderer>;

/**
 * The job that is being worked on as a list of steps with bars; a finished job becomes one line.
 * A list is drawn for each job, so that nothing is redrawn while the worker waits for one.
 */
export function createTerminalView({ stdout, stderr }: TerminalStreams): View {
  let list: JobList | null = null;
  /** The last list's removal, and the line that stays of it. */
  let settled: Promise<void> = Promise.resolve();
  return {
    notice(text) {
      if (list === null) stdout.write(`${text}\n`);
      else list.remark(text);
    },
    jobBegins(title) {
      list = new JobList(title, { stdout, stderr }, settled);
    },
    stepBegins: (step) => list?.begin(step),
    stepProgress: (step, progress) =>
      list?.show(step, `${STEP_NAMES[step].padEnd(14)}  ${describeProgress(progress, { bar: true })}`),
    stepEnds: (step, remark) => list?.end(step, remark),
    jobEnds(title, end, durationMs) {
      const finished = list;
      list = null;
      const line = `${describeEnd(title, end, durationMs)}\n`;
      settled = settled
        .then(() => finished?.close())
        .then(() => {
          stdout.write(line);
        });
    },
    async close() {
      await list?.close();
      list = null;
      await settled;
    },
  };
}

/** One step: when it is reached, and when it is over. */
interface Row {
  over: Promise<void>;
  finish(): void;
  task: Task | null;
  title: string;
}

class JobList {
  readonly #rows: Map<Step, Row>;
  readonly #run: Promise<void>;
  #job: Task | null = null;
  #remark = '';

  /** `after`: a list takes over the streams while it is drawn, so only one may be at a time. */
  constructor(title: JobTitle, streams: TerminalStreams, after: Promise<void>) {
    this.#rows = new Map(STEPS.map((step) => [step, newRow(STEP_NAMES[step])]));
    // What goes wrong in drawing must not end the work.
    this.#run = after.then(() => this.#draw(title, streams)).catch(() => {});
  }

  begin(step: Step): void {
    if (SIDE_BY_SIDE.includes(step)) return;
    // What was passed over, such as the snapshot of a slice from genesis, is over too.
    for (const earlier of STEPS.slice(0, STEPS.indexOf(step))) this.#rows.get(earlier)?.finish();
  }

  show(step: Step, title: string): void {
    const row = this.#rows.get(step);
    if (row === undefined) return;
    row.title = title;
    if (row.task !== null) row.task.title = title;
  }

  end(step: Step, remark: string | undefined): void {
    this.show(step, remark === undefined ? STEP_NAMES[step] : `${STEP_NAMES[step].padEnd(14)}  ${remark}`);
    this.#rows.get(step)?.finish();
  }

  remark(text: string): void {
    this.#remark = text;
    if (this.#job !== null) this.#job.output = text;
  }

  async close(): Promise<void> {
    for (const row of this.#rows.values()) row.finish();
    await this.#run;
  }

  async #draw(title: JobTitle, { stdout, stderr }: TerminalStreams): Promise<void> {
    const list = new Listr<unknown, typeof JobRenderer, typeof DefaultRenderer>([this.#jobTask(title)], {
      renderer: JobRenderer,
      // Its own listener would end the process with 127 on Ctrl-C, before the job is given back.
      registerSignalListeners: false,
      exitOnError: false,
      rendererOptions: {
        clearOutput: true,
        collapseSubtasks: false,
        formatOutput: 'truncate',
        logger: new ListrLogger({
          useIcons: true,
          toStderr: [],
          processOutput: new ProcessOutput(stdout, stderr, { leaveEmptyLine: false }),
        }),
      },
    });
    await list.run();
  }

  #jobTask(title: JobTitle): ListrTask<unknown, typeof JobRenderer> {
    return {
      title: describeJob(title),
      task: (_context, task) => {
        this.#job = task as Task;
        if (this.#remark !== '') task.output = this.#remark;
        return task.newListr([this.#prepare(), ...IN_TURN.map((step) => this.#step(step))]);
      },
    };
  }

  #prepare(): ListrTask<unknown, typeof JobRenderer> {
    return {
      title: 'prepare',
      task: (_context, task) =>
        task.newListr(
          SIDE_BY_SIDE.map((step) => this.#step(step)),
          { concurrent: true },
        ),
    };
  }

  #step(step: Step): ListrTask<unknown, typeof JobRenderer> {
    return { title: STEP_NAMES[step], task: (_context, task) => this.#attach(step, task as Task) };
  }

  #attach(step: Step, task: Task): Promise<void> {
    const row = this.#rows.get(step);
    if (row === undefined) return Promise.resolve();
    row.task = task;
    task.title = row.title;
    return row.over;
  }
}

function newRow(title: string): Row {
  let finish = (): void => {};
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return { over, finish, task: null, title };
}
