import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';

/**
 * Sends a body whose parts are made one at a time, no faster than the caller reads, and lets other
 * requests have their turn in between. Ends early when the caller is gone.
 */
export async function sendParts(parts: Iterable<string>, response: ServerResponse): Promise<void> {
  for (const part of parts) {
    if (response.destroyed) return;
    // An empty chunk would end the body.
    if (part === '') continue;
    if (response.write(part)) await setImmediate();
    else await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.once('drain', go).once('close', go);
  });
}
