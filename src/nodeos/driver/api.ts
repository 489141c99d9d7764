import { request as httpRequest } from 'node:http';

export interface ApiCall {
  readonly port: number;
  /** Milliseconds for the whole answer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface ChainInfo {
  readonly headBlock: number;
  readonly headId: string;
}

/** Both answers are below 1 KiB. */
const MOST_BYTES = 64 * 1024;

/** Asks nodeos how far it is (`/v1/chain/get_info`). */
export async function getInfo(call: ApiCall): Promise<ChainInfo> {
  const body = (await ask('/v1/chain/get_info', call)) as Record<string, unknown> | null;
  const headBlock = body?.['head_block_num'];
  const headId = body?.['head_block_id'];
  if (!Number.isSafeInteger(headBlock) || typeof headId !== 'string') {
    throw new Error('get_info says no head_block_num and head_block_id');
  }
  return { headBlock: headBlock as number, headId };
}

/**
 * Asks nodeos for the hash of its state (`/v1/producer/get_integrity_hash`), which it computes then: for
 * a large state the answer takes minutes. The body is judged by `checkIntegrityAnswer`.
 */
export async function getIntegrityHash(call: ApiCall): Promise<unknown> {
  return ask('/v1/producer/get_integrity_hash', call);
}

/**
 * One GET over a connection of its own. `fetch` is of no use here: it gives up by itself after five
 * minutes without an answer.
 */
async function ask(path: string, { port, timeoutMs, signal }: ApiCall): Promise<unknown> {
  const within = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, within]) : within;
  try {
    return await get(path, port, either);
  } catch (error) {
    signal?.throwIfAborted();
    if (within.aborted) throw new Error(`${path}: no answer within ${timeoutMs} ms`, { cause: error });
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function get(path: string, port: number, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { Accept: 'application/json', Connection: 'close' };
    const request = httpRequest(
      { host: '127.0.0.1', port, path, headers, agent: false, signal },
      (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > MOST_BYTES)
            request.destroy(new Error(`the answer is longer than ${MOST_BYTES} bytes`));
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          // 201 is what nodeos answers to get_integrity_hash. A redirect is no answer of nodeos.
          const { statusCode } = response;
          if (statusCode !== 200 && statusCode !== 201)
            reject(new Error(`answered with status ${statusCode}`));
          else resolve(parse(Buffer.concat(chunks).toString('utf8'), reject));
        });
        response.on('close', () => reject(new Error('the answer was cut off')));
      },
    );
    request.on('error', reject);
    request.end();
  });
}

function parse(text: string, reject: (error: Error) => void): unknown {
  try {
    return JSON.parse(text);
  } catch {
    reject(new Error('the answer is no JSON'));
    return undefined;
  }
}
