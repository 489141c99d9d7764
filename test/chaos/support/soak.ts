/** Whether the long form of the tests was asked for: `npm run test:soak`. */
export const SOAK = process.env['REPLAY_SOAK'] === '1';

/** The seed of a run; a failed one is repeated with `REPLAY_SEED`. */
export const SEED = Number(process.env['REPLAY_SEED'] ?? 20_261_122);

/** A line with what a test has done, beside its name: a proof states its size. */
export function tell(what: string): void {
  process.stdout.write(`  ${what}\n`);
}

/** Milliseconds that a test may take; the bound is for a slow machine with much else to do. */
export const TIMEOUT_MS = SOAK ? 20 * 60_000 : 60_000;
