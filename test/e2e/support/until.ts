const LOOK_EVERY_MS = 25;
const PATIENCE_MS = 30_000;

/**
 * Looks until there is something to see and returns it. For what a program does on its own and tells
 * nobody; where it prints a line or ends, wait for that. Rejects with what was waited for.
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`Waited ${patienceMs / 1000} s in vain for: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_EVERY_MS);
    });
  }
}
