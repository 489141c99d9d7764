/**
 * Why a host comes to its end by itself.
 * - idle: it had no work for as long as `--idle-timeout`.
 * - lifetime: it is as old as `--max-lifetime`.
 * - reclaimed: its owner takes it back soon (EC2: spot interruption, rebalance recommendation).
 */
export type HostEndKind = 'idle' | 'lifetime' | 'reclaimed';

/**
 * The reason of the signal with which a worker is told that its host ends. The name is a literal because
 * minification renames classes.
 */
export class HostEnds extends Error {
  override readonly name = 'HostEnds';
  readonly kind: HostEndKind;

  /** @param message a sentence without its full stop, for a log and for the job that is given back */
  constructor(kind: HostEndKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** For the return of a job, or of a result, when somebody tells the worker to stop, and kills it after ten seconds. */
const TOLD_MS = 3000;

/**
 * The same when the host comes to its end by itself. EC2 leaves it two minutes from the notice, of which nodeos
 * may take some; what is not delivered then is lost with the disk, and hours of work with it.
 */
const HOST_ENDS_MS = 80_000;

/** How long an orchestrator that does not answer is waited for at the end of a worker. @param reason why it ends */
export function giveBackMs(reason: unknown): number {
  return reason instanceof HostEnds ? HOST_ENDS_MS : TOLD_MS;
}
