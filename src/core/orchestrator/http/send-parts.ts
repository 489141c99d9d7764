import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { createGzip } from 'node:zlib';

/**
 * Sends a body whose parts are made one at a time, no faster than the caller reads. After each part the
 * others get as much time as it took: an answer that waits for the disk needs many turns of the event
 * loop, and one turn after each part would not do. Ends early when the caller is gone.
 */
export async function sendParts(parts: Iterable<string | Buffer>, response: Writable): Promise<void> {
  let began = performance.now();
  for (const part of parts) {
    if (response.destroyed) return;
    // An empty chunk would end the body.
    const isTaken = part.length === 0 || response.write(part);
    const took = performance.now() - began;
    if (!isTaken) await drained(response);
    // Under Bun `drain` may come in the same turn, so this alone lets others in.
    await setTimeout(took);
    began = performance.now();
  }
  response.end();
}

/** The same with gzip on the way. */
export async function sendZipped(parts: Iterable<string | Buffer>, response: ServerResponse): Promise<void> {
  const zip = createGzip({ level: 5 });
  // A caller that leaves ends both; there is nobody left to be told.
  await Promise.all([pipeline(zip, response).catch(() => undefined), sendParts(parts, zip)]);
}

function drained(response: Writable): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.once('drain', go).once('close', go);
  });
}
