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
