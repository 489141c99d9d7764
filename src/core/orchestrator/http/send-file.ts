import { open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';

/** A part of a file as the body of an answer. */
export interface FileBody {
  path: string;
  /** Offset of the first byte. */
  from: number;
  /** Bytes. */
  length: number;
}

/** What one caller has in our memory, twice at most: in the buffer, and on its way to the socket. */
const PART = 256 * 1024;

/**
 * Sends it no faster than the caller reads. A caller that takes nothing for `stallMs` is cut off; how long
 * the whole takes does not matter, since a hundred hosts may fetch the program at the same time.
 */
export async function sendFile(body: FileBody, response: ServerResponse, stallMs: number): Promise<void> {
  const timer = setTimeout(() => response.destroy(), stallMs).unref();
  const file = await open(body.path, 'r');
  try {
    let sent = 0;
    while (sent < body.length && !response.destroyed) {
      const size = Math.min(PART, body.length - sent);
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(size), 0, size, body.from + sent);
      // Shorter than was announced: the caller must not take it for the whole.
      if (bytesRead === 0) response.destroy();
      else await taken(response, buffer.subarray(0, bytesRead));
      sent += bytesRead;
      timer.refresh();
    }
    if (!response.destroyed) response.end();
  } finally {
    clearTimeout(timer);
    await file.close();
  }
}

/** Resolves when the part has left for the caller, or the caller has left. */
function taken(response: ServerResponse, part: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('close', go);
      resolve();
    };
    response.once('close', go);
    // Not `drain`: Bun may say so before anything was sent.
    response.write(part, go);
  });
}
