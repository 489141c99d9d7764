import type { IncomingMessage } from 'node:http';
import { HttpError } from './reply.ts';

/** A caller that sends more than this is cut off; up to there it gets to read its 413. */
const DISCARD_LIMIT = 16 * 1024 * 1024;

/**
 * Reads a request's body as UTF-8.
 * @throws HttpError 413 when it is longer than `limit` bytes
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > DISCARD_LIMIT) break;
      if (length <= limit) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch (error) {
    // Nobody reads this answer; it keeps a caller that went away from looking like a defect.
    throw new HttpError(400, `The body was cut off: ${(error as Error).message}`, { code: 'BODY_CUT_OFF' });
  }
  if (length > limit) throw tooLarge(limit);
  return Buffer.concat(chunks).toString('utf8');
}

function tooLarge(limit: number): HttpError {
  return new HttpError(413, `The body is larger than ${limit / 1024} KiB`, {
    code: 'BODY_TOO_LARGE',
    headers: { Connection: 'close' },
  });
}
