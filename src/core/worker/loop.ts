import { isHeld } from '../domain/transition.ts';
import { JOB_STATUSES } from '../domain/job.ts';
import type { VersionedJob } from '../protocol/client-job.ts';
import { OrchestratorError } from '../protocol/client-error.ts';
import type { SummaryRecord } from '../protocol/summary-record.ts';
import { watchContact } from './contact.ts';
import type { Contact, ContactPorts } from './contact.ts';
import { createPause } from './pause.ts';

/**
 * How an attempt ended, for the loop.
 * - taken: another worker had claimed the job first.
 * - lost: the job was taken from us while we worked on it.
 */
export type AttemptEnd = 'complete' | 'failed' | 'taken' | 'lost' | 'interrupted';

/** failed: with `once`, the one job ended in an error. */
export type LoopEnd = 'done' | 'failed' | 'interrupted';

export interface LoopPorts extends ContactPorts {
  nextJob(): Promise<VersionedJob | null>;
  summary(): Promise<SummaryRecord>;
  work(offer: VersionedJob): Promise<AttemptEnd>;
  /** Clears the work directory. Why no job can be taken now (too little disk), or null. */
  obstacle(): Promise<string | null>;
  /** The orchestrator gives this host no jobs, for a reason that it says. Called before each pause. */
  whenSetAside(reason: string): Promise<void>;
}

export interface LoopOptions {
  /** Take one job, then end. */
  once: boolean;
  /** End when no job waits and no host holds one. */
  exitWhenDrained: boolean;
}

/** What a question for work brought. */
type Answer =
  | { kind: 'job'; offer: VersionedJob }
  /** No job waits, but one may still come. */
  | { kind: 'none' }
  /** None can come any more. Only asked for with `exitWhenDrained`. */
  | { kind: 'drained' }
  | { kind: 'set-aside'; reason: string }
  /** Nothing was asked: this host could not take a job. */
  | { kind: 'unable'; reason: string };

/**
 * Takes one job after the other. It knows the orchestrator and the work only as functions.
 * Throws a UserError when the orchestrator refuses us, is something else, or is silent for too long.
 */
export async function runLoop(ports: LoopPorts, options: LoopOptions): Promise<LoopEnd> {
  const contact = watchContact(ports, !options.once && !options.exitWhenDrained);
  const pause = createPause(ports);
  while (!ports.signal.aborted) {
    const obstacle = await ports.obstacle();
    const answer = await ask(ports, contact, options, obstacle);
    if (ports.signal.aborted) break;
    if (answer === 'no-answer') {
      await pause(null);
      continue;
    }
    switch (answer.kind) {
      case 'drained':
        return 'done';
      case 'none':
        await pause('No job waits. Asking again until one does.');
        break;
      case 'unable':
        await pause(`No job is taken: ${answer.reason}`);
        break;
      case 'set-aside':
        await ports.whenSetAside(answer.reason);
        await pause(null);
        break;
      case 'job': {
        const end = await ports.work(answer.offer);
        if (end === 'interrupted') return 'interrupted';
        if (options.once && (end === 'complete' || end === 'failed')) {
          return end === 'complete' ? 'done' : 'failed';
        }
        // A host on which everything fails must not burn through all the jobs of a run.
        if (end === 'complete') pause.reset();
        else await pause(null);
        break;
      }
      default:
        answer satisfies never;
    }
  }
  return 'interrupted';
}

async function ask(
  ports: LoopPorts,
  contact: Contact,
  { exitWhenDrained }: LoopOptions,
  obstacle: string | null,
): Promise<Answer | 'no-answer'> {
  const unable: Answer | null = obstacle === null ? null : { kind: 'unable', reason: obstacle };
  if (unable !== null && !exitWhenDrained) return unable;
  return contact.ask(async () => {
    const answer = unable ?? (await askForJob(ports));
    if (answer.kind === 'job' || !exitWhenDrained) return answer;
    return isDrained(await ports.summary()) ? { kind: 'drained' } : answer;
  });
}

async function askForJob(ports: LoopPorts): Promise<Answer> {
  try {
    const offer = await ports.nextJob();
    return offer === null ? { kind: 'none' } : { kind: 'job', offer };
  } catch (error) {
    if (!(error instanceof OrchestratorError) || error.kind !== 'set-aside') throw error;
    return { kind: 'set-aside', reason: error.message.replace(/^it answered 403: /, '') };
  }
}

/**
 * Nothing waits and nobody holds a job that could come back. A verdict may still be pending then:
 * that does not bring work for a host, since only another run of a job could change it.
 */
export function isDrained({ statuses }: Pick<SummaryRecord, 'statuses'>): boolean {
  const open = JOB_STATUSES.filter((status) => status === 'WAITING_4_WORKER' || isHeld(status));
  return open.every((status) => (statuses[status] ?? 0) === 0);
}
