/** Why an attempt at a job failed. The cause, not the message, decides what happens next. */
export const CAUSES = [
  /** The worker was told to stop (Ctrl-C, SIGTERM, spot notice) and gave the job back. */
  'interrupted',
  /** The worker was not heard from again. */
  'host-lost',
  /** A snapshot, genesis or block file could not be fetched. */
  'download',
  /** The snapshot arrived but is damaged: wrong length, checksum, or nodeos refuses it. */
  'corrupt-snapshot',
  /** The block files do not cover the slice, are damaged, or belong to another chain. */
  'blocks-log',
  /** nodeos could not be installed, or the installed file does not run. */
  'install',
  'disk-full',
  'out-of-memory',
  /** nodeos ended in a way that no other cause explains. */
  'nodeos-crash',
  /** nodeos is alive, but nothing moves any more. */
  'stalled',
  /** The slice was replayed, and its final hash is not the expected one. */
  'hash-mismatch',
  /** nodeos ended without an error and without evidence that it did the work. */
  'no-evidence',
  /** It can never work as it is written: unknown version, no such snapshot, refused options. */
  'bad-job',
] as const;

export type Cause = (typeof CAUSES)[number];
