/** In the folder of a run: up to which claim of the run a worker's failures were cleared. */
export const CLEARED_FILE = 'hosts.json';

/** The claims by worker; null when the text is not that of such a file. */
export function parseCleared(text: string): Map<string, number> | null {
  try {
    const { cleared } = JSON.parse(text) as { cleared: Record<string, number> };
    const entries = Object.entries(cleared);
    return entries.every(([, claim]) => Number.isSafeInteger(claim)) ? new Map(entries) : null;
  } catch {
    return null;
  }
}
