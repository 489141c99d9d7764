import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Logger } from '../log/logger.ts';
import { formatDuration } from '../format/duration.ts';
import type { VersionedJob } from '../protocol/client-job.ts';
import type { JobUpdate } from '../protocol/full-record.ts';
import { attemptDirectory, createAttemptDirectory, keepLogs } from './attempt-directory.ts';
import { attemptFailureOf } from './attempt-failure-of.ts';
import { AttemptProgress } from './attempt-progress.ts';
import { work } from './attempt-work.ts';
import type { AttemptTools, NodeosSettings, WorkDone } from './attempt-work.ts';
import type { Clock } from './clock.ts';
import { checkInodes } from './disk-check.ts';
import type { OwnAttempt } from './fence.ts';
import { giveBackMs, HostEnds } from './life/host-ends.ts';
import { JobNote } from './job-note.ts';
import { JobReporter } from './job-reporter.ts';
import type { Delivery, ReportClient } from './job-reporter.ts';
import { leaseTimes } from './lease-times.ts';
import type { LeaseTimes } from './lease-times.ts';
import { LogSender, type LogClient } from './log-sender.ts';
import type { AttemptEnd } from './loop.ts';
import type { JobEnd, View } from './view/view.ts';

/**
 * An orchestrator that refuses us for so long means it: our token was revoked, or has expired. Another host has
 * the job by then. A list of tokens that was lost for a moment is put right in that time.
 */
export const REFUSED_MS = 15 * 60_000;

export interface AttemptDeps {
  client: ReportClient & LogClient & { baseUrl: string };
  clock: Clock;
  logger: Logger;
  view: View;
  tools: AttemptTools;
  settings: NodeosSettings;
  dataDir: string;
  workerId: string;
  progressIntervalMs: number;
  /** The worker is told to stop. */
  signal: AbortSignal;
  /** Told when work at a claimed job begins, and when it is over and only has to be reported. */
  busy?: ((isBusy: boolean) => void) | undefined;
}

/**
 * One attempt at one job, from the claim to the accepted result.
 *
 * - claiming: STARTED is sent. Someone else was faster: `taken`.
 * - working: attempt-work.ts takes the slice through its stages; the state is reported at an interval
 *   that keeps the lease, whether or not there is anything new.
 * - ended: by a result (COMPLETE, ERROR), which is kept on disk until it is accepted; by the worker
 *   being told to stop, which gives the job back; or because the job was taken from us, and then
 *   nothing more is reported.
 */
export async function runAttempt(offer: VersionedJob, deps: AttemptDeps): Promise<AttemptEnd> {
  return new RunningAttempt(offer, deps).run();
}

function whyStopped(workerId: string, reason: unknown): string {
  if (!(reason instanceof HostEnds)) return `The worker ${workerId} was told to stop.`;
  return `The host of the worker ${workerId} ends: ${reason.message}.`;
}

type WorkEnd = { kind: 'result'; update: JobUpdate; shown: JobEnd } | { kind: 'stopped' };

class RunningAttempt {
  readonly #offer: VersionedJob;
  readonly #deps: AttemptDeps;
  readonly #own: OwnAttempt;
  readonly #progress: AttemptProgress;
  readonly #reporter: JobReporter;
  readonly #note: JobNote;
  readonly #log: LogSender;
  /** Ends the work: told to stop, or the job was taken from us. */
  readonly #stop = new AbortController();
  readonly #begun: number;
  #times: LeaseTimes;
  #isWorking = false;

  constructor(offer: VersionedJob, deps: AttemptDeps) {
    const { job } = offer;
    this.#offer = offer;
    this.#deps = deps;
    this.#own = {
      jobId: job.job_id,
      attempt: job.attempt + 1,
      workerId: deps.workerId,
      startBlock: job.start_block_num,
      endBlock: job.end_block_num,
    };
    this.#begun = deps.clock.now();
    this.#times = leaseTimes(job.lease_seconds, deps.progressIntervalMs);
    this.#progress = new AttemptProgress(() => deps.clock.now());
    this.#reporter = new JobReporter({
      client: deps.client,
      clock: deps.clock,
      logger: deps.logger,
      own: this.#own,
      etag: offer.etag,
      status: job.status,
      times: () => this.#times,
      onLost: (reason) => this.#stop.abort(new Error(reason)),
      onContact: (answering, reason) => this.#showContact(answering, reason),
      onRefused: (forMs) => this.#whenRefused(forMs),
    });
    this.#log = new LogSender({
      client: deps.client,
      clock: deps.clock,
      logger: deps.logger,
      own: this.#own,
    });
    const { dataDir, logger } = deps;
    this.#note = new JobNote({ dataDir, logger, own: this.#own, etag: () => this.#reporter.etag });
  }

  async run(): Promise<AttemptEnd> {
    const { signal } = this.#deps;
    const interrupt = (): void => {
      this.#reporter.stop();
      this.#stop.abort(signal.reason);
    };
    if (signal.aborted) return 'interrupted';
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      return await this.#claimAndWork();
    } finally {
      signal.removeEventListener('abort', interrupt);
      this.#reporter.stop();
    }
  }

  async #claimAndWork(): Promise<AttemptEnd> {
    await this.#note.claim();
    // So that another worker, which was given the same name by mistake, is not taken for this one.
    const claimId = randomUUID();
    const claim = await this.#reporter.deliver({ status: 'STARTED', stage: 'install', claim_id: claimId });
    if (claim === 'lost') return this.#forget('taken');
    if (claim === 'undelivered') return this.#giveBack();
    this.#deps.view.jobBegins(this.#title);
    const directory = attemptDirectory(this.#deps.dataDir, this.#own);
    this.#busy(true);
    const end = await this.#work(directory).finally(() => this.#busy(false));
    const result = await this.#conclude(end);
    await this.#cleanUp(directory, result);
    return result;
  }

  #busy(isBusy: boolean): void {
    this.#isWorking = isBusy;
    this.#deps.busy?.(isBusy);
  }

  /** What nobody would take is not worked on. A finished result is kept, and offered for as long as this host is there. */
  #whenRefused(forMs: number): void {
    if (!this.#isWorking || forMs < REFUSED_MS) return;
    this.#reporter.giveUp(`the orchestrator has refused this host for ${formatDuration(forMs)}`);
  }

  /** What a failure left may be looked at by a person; it is removed before the next job is taken. */
  async #cleanUp(directory: string, end: AttemptEnd): Promise<void> {
    try {
      await keepLogs(this.#deps.dataDir, directory, this.#own);
      if (end !== 'failed') await rm(directory, { recursive: true, force: true });
    } catch (error) {
      // A full disk, most likely. The result is told already; the next job will meet the same obstacle.
      this.#deps.logger.warn({ jobId: this.#own.jobId, err: error }, 'The attempt could not be cleaned up');
    }
  }

  async #work(directory: string): Promise<WorkEnd> {
    const over = new AbortController();
    const heartbeat = this.#reportRegularly(over.signal);
    const log = this.#log.run(AbortSignal.any([over.signal, this.#stop.signal]));
    try {
      const end = await this.#runToItsEnd(directory);
      if (end.kind === 'result' && this.#reporter.lostReason === null) {
        await this.#note.result(end.update, directory);
      }
      return end;
    } finally {
      over.abort();
      await Promise.all([heartbeat, log]);
    }
  }

  async #runToItsEnd(directory: string): Promise<WorkEnd> {
    try {
      await createAttemptDirectory(directory);
      return this.#complete(await this.#runStages(directory));
    } catch (error) {
      return this.#stop.signal.aborted ? { kind: 'stopped' } : await this.#fail(error);
    }
  }

  #runStages(directory: string): Promise<WorkDone> {
    const { tools, settings, view, clock } = this.#deps;
    return work({
      job: this.#offer.job,
      directory,
      tools,
      settings,
      progress: this.#progress,
      view,
      now: () => clock.now(),
      onLogLine: (line) => this.#log.line(line),
      signal: this.#stop.signal,
      events: {
        loading: () => this.#enter('LOADING_SNAPSHOT'),
        startHash: (start) => this.#reporter.startHash(start),
        replaying: () => this.#enter('WORKING'),
      },
    });
  }

  #enter(status: 'LOADING_SNAPSHOT' | 'WORKING'): void {
    this.#progress.become(status);
    this.#reporter.send(this.#progress.update());
  }

  async #reportRegularly(over: AbortSignal): Promise<void> {
    for (;;) {
      await this.#deps.clock.sleep(this.#times.heartbeatMs, over);
      if (over.aborted) return;
      this.#reporter.progress(this.#progress.update());
    }
  }

  #complete({ outcome, nodeos }: WorkDone): WorkEnd {
    this.#progress.end('hash');
    const update: JobUpdate = {
      status: 'COMPLETE',
      last_block_processed: outcome.head,
      actual_integrity_hash: outcome.hash,
      ...this.#progress.facts(),
    };
    return {
      kind: 'result',
      update,
      shown: { kind: 'complete', hash: outcome.hash, standIn: nodeos.standIn },
    };
  }

  async #fail(thrown: unknown): Promise<WorkEnd> {
    const { failed: stage, block } = this.#progress;
    const { cause, message: said, unexpected } = attemptFailureOf(thrown, stage);
    const message = cause === 'disk-full' ? await this.#withInodes(said) : said;
    if (unexpected) this.#deps.logger.error({ jobId: this.#own.jobId, err: thrown }, message);
    this.#progress.end(stage);
    const update: JobUpdate = {
      status: 'ERROR',
      stage,
      error_cause: cause,
      error_message: message,
      ...(block === null ? {} : { last_block_processed: block }),
      ...this.#progress.facts(),
    };
    return { kind: 'result', update, shown: { kind: 'error', cause, message } };
  }

  /** The system says of a disk without inodes only that it is full. */
  async #withInodes(message: string): Promise<string> {
    const inodes = await checkInodes(this.#deps.dataDir);
    return inodes.ok ? message : `${message.replace(/\.$/, '')}. ${inodes.message}.`;
  }

  async #conclude(end: WorkEnd): Promise<AttemptEnd> {
    if (this.#reporter.lostReason !== null) return this.#dropped();
    if (end.kind === 'stopped') return this.#giveBack();
    if (this.#log.hasLines) this.#reporter.log((call) => this.#log.finish(call));
    let delivery = await this.#reporter.deliver(end.update);
    if (delivery === 'undelivered') delivery = await this.#reporter.giveBack(end.update, this.#giveBackMs);
    return this.#settled(end, delivery);
  }

  async #settled(end: WorkEnd & { kind: 'result' }, delivery: Delivery): Promise<AttemptEnd> {
    if (delivery === 'lost') return this.#dropped();
    this.#show(end.shown);
    // Not delivered: it stays on disk, and the next start of this worker sends it.
    if (delivery === 'undelivered') return 'interrupted';
    return this.#forget(end.update.status === 'COMPLETE' ? 'complete' : 'failed');
  }

  get #giveBackMs(): number {
    return giveBackMs(this.#deps.signal.reason);
  }

  async #giveBack(): Promise<AttemptEnd> {
    const update: JobUpdate = {
      status: 'WAITING_4_WORKER',
      error_cause: 'interrupted',
      error_message: whyStopped(this.#own.workerId, this.#deps.signal.reason),
      ...this.#progress.facts(),
    };
    const delivery = await this.#reporter.giveBack(update, this.#giveBackMs);
    this.#show({ kind: 'given-back' });
    return delivery === 'undelivered' ? 'interrupted' : this.#forget('interrupted');
  }

  #dropped(): Promise<AttemptEnd> {
    const reason = this.#reporter.lostReason ?? '';
    this.#deps.logger.warn({ jobId: this.#own.jobId, reason }, 'The job was taken from this worker');
    this.#show({ kind: 'dropped', reason });
    return this.#forget('lost');
  }

  async #forget(end: AttemptEnd): Promise<AttemptEnd> {
    await this.#note.forget();
    return end;
  }

  get #title(): { jobId: number; startBlock: number; endBlock: number; attempt: number } {
    return this.#own;
  }

  #show(end: JobEnd): void {
    this.#deps.view.jobEnds(this.#title, end, this.#deps.clock.now() - this.#begun);
  }

  /** An orchestrator that was started again may give another lease than before. */
  async #learnLease(): Promise<void> {
    const { client, progressIntervalMs } = this.#deps;
    const fresh = await client.getJob(this.#own.jobId, { signal: this.#stop.signal }).catch(() => null);
    if (fresh !== null) this.#times = leaseTimes(fresh.job.lease_seconds, progressIntervalMs);
  }

  #showContact(answering: boolean, reason: string): void {
    const { view, client } = this.#deps;
    if (answering) {
      void this.#learnLease();
      this.#log.sendAgain();
    }
    view.notice(
      answering
        ? `The orchestrator at ${client.baseUrl} answers again.`
        : `The orchestrator at ${client.baseUrl}: ${reason}. The work goes on; its reports are sent later.`,
    );
  }
}
