/** Finds out what is news of a run, and puts it into the outbox. Sends nothing itself. */
import type { SetAsideHost } from '../domain/host-health.ts';
import type { Job } from '../domain/job.ts';
import { formatUtc } from '../domain/time.ts';
import type { Summary } from '../domain/summary.ts';
import { notification, toldHost, toldOfJob, toldSummary, type Facts, type Source } from './describe.ts';
import { harmless } from './harmless.ts';
import { hostNews, hostNewsId, type HostTold } from './host-news.ts';
import { jobNews, jobNewsId, type JobTold } from './job-news.ts';
import type { Kind, Notification } from './notification.ts';
import type { Outbox } from './outbox.ts';
import { endId, endNews, isEnded, quietId, quietNews } from './run-news.ts';
import type { EndTold, QuietTold, RunState } from './run-news.ts';
import { backText, endText, quietText, setAsideText } from './wording.ts';

export interface NewsDeskParts {
  source: Source;
  outbox: Pick<Outbox, 'told' | 'note' | 'hasRoom'>;
  /** Keys of all targets. */
  targets: readonly string[];
  summary: () => Summary;
  now: () => Date;
  /** Is to be sent. */
  publish: (notification: Notification) => void;
}

interface News {
  subject: string;
  told: object;
  id: string;
  kind: Kind;
  text: string;
  page: string;
  standIn: boolean;
  facts: Facts;
}

const RUN_PAGE = '/status';

export class NewsDesk {
  readonly #parts: NewsDeskParts;
  /** Whether what is found is told, or only remembered as told. */
  #silent = false;
  #missed = false;

  constructor(parts: NewsDeskParts) {
    this.#parts = parts;
  }

  /** Something was news, and there was no room for it. */
  get missedSome(): boolean {
    return this.#missed;
  }

  /** What is looked at meanwhile counts as told. */
  silently(look: () => void): void {
    this.#silent = true;
    look();
    this.#silent = false;
  }

  /** Everything is looked at anew: what was missed is found. */
  again(look: () => void): void {
    this.#missed = false;
    look();
  }

  job(job: Job): void {
    const subject = `job ${job.jobId}`;
    const before = this.#parts.outbox.told(subject) as JobTold | null;
    const told = jobNews(job, before);
    if (told === null) return;
    const { job: facts, text, standIn } = toldOfJob(job, told, before);
    const id = jobNewsId(job.jobId, told);
    const page = `/job?jobid=${job.jobId}`;
    this.#note({ subject, told, id, kind: told.kind, text, page, standIn, facts: { job: facts } });
  }

  host(host: SetAsideHost): void {
    const subject = `host ${host.workerId}`;
    const told = hostNews(host, this.#parts.outbox.told(subject) as HostTold | null);
    if (told === null) return;
    const facts = toldHost(host);
    const id = hostNewsId(host.workerId, told);
    const shown = { page: RUN_PAGE, standIn: false, facts: { host: facts } };
    this.#note({ subject, told, id, kind: 'host-set-aside', text: setAsideText(facts), ...shown });
  }

  end(state: RunState): void {
    if (!isEnded(state)) return;
    const { source, summary: numbers, outbox } = this.#parts;
    const summary = numbers();
    const facts = toldSummary(source.runId, summary);
    const told = endNews(state, facts.outcome, outbox.told('end') as EndTold | null);
    if (told === null) return;
    const shown = { page: RUN_PAGE, standIn: summary.standIn, facts: { summary: facts } };
    this.#note({ subject: 'end', told, id: endId(told), kind: 'run-ended', text: endText(facts), ...shown });
  }

  /** @param quietMs for how long jobs have waited and no host has worked; null: not too long */
  quiet(state: RunState, quietMs: number | null): void {
    const told = quietNews(state, quietMs !== null, this.#parts.outbox.told('hosts') as QuietTold | null);
    if (told === null) return;
    const summary = this.#parts.summary();
    const facts = { summary: toldSummary(this.#parts.source.runId, summary) };
    const shown = { page: RUN_PAGE, standIn: summary.standIn, facts };
    const news = told.over
      ? { kind: 'hosts-back' as const, text: backText(state) }
      : { kind: 'no-host-at-work' as const, text: quietText(state, quietMs ?? 0) };
    this.#note({ subject: 'hosts', told, id: quietId(told), ...news, ...shown });
  }

  #note({ subject, told, facts, ...about }: News): void {
    const { outbox, source, targets, now, publish } = this.#parts;
    if (this.#silent) {
      outbox.note(subject, told, null, []);
      return;
    }
    if (!outbox.hasRoom) {
      this.#missed = true;
      return;
    }
    const text = `Run ${source.runId}: ${about.text}`.replace(/^Run \d+: (?=Run \d)/u, '');
    const made = notification(source, { ...about, text: harmless(text, 2000) }, facts, formatUtc(now()));
    outbox.note(subject, told, made, targets);
    publish(made);
  }
}
