import { onTestFinished } from 'vitest';
import { orchestratorClient } from '../../../src/core/protocol/client.ts';
import type { ReceivedEvent } from '../../../src/core/protocol/events/read-events.ts';

export interface EventReader {
  /** The next event of this name; others before it are passed over. */
  next(name: string): Promise<{ lastId: string | null; data: Record<string, unknown> }>;
  /** All that is left, until the stream ends. */
  rest(): Promise<ReceivedEvent[]>;
  close(): Promise<void>;
}

/** Reads an event stream of a running orchestrator as our own client does. */
export function readStream(
  url: string,
  path: string,
  { lastId = null, token }: { lastId?: string | null; token?: string } = {},
): EventReader {
  const over = new AbortController();
  const client = orchestratorClient({ baseUrl: url, token });
  const events = client.events(path, lastId, over.signal)[Symbol.asyncIterator]();
  const close = async (): Promise<void> => {
    over.abort();
    await events.return?.().catch(() => undefined);
  };
  onTestFinished(close);
  return {
    async next(name) {
      for (;;) {
        const { done, value } = await events.next();
        if (done === true) throw new Error(`the stream ended before ${name}`);
        if (value.name === name) {
          return { lastId: value.lastId, data: JSON.parse(value.data) as Record<string, unknown> };
        }
      }
    },
    async rest() {
      const all: ReceivedEvent[] = [];
      for (;;) {
        const { done, value } = await events.next();
        if (done === true) return all;
        all.push(value);
      }
    },
    close,
  };
}
