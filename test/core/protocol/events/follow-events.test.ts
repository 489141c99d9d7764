import { describe, expect, it } from 'vitest';
import { OrchestratorError } from '../../../../src/core/protocol/client-error.ts';
import { followEvents } from '../../../../src/core/protocol/events/follow-events.ts';
import type { ReceivedEvent } from '../../../../src/core/protocol/events/read-events.ts';

const event = (id: string): ReceivedEvent => ({ name: 'job', data: '{}', lastId: id });

type Connection = (ReceivedEvent | OrchestratorError)[];

/** Connections that give these events one after the other and end; after the last one the reader stops. */
function scene(connections: Connection[]) {
  const over = new AbortController();
  const asked: (string | null)[] = [];
  const pauses: number[] = [];
  async function* open(lastId: string | null): AsyncGenerator<ReceivedEvent> {
    asked.push(lastId);
    for (const step of connections.shift() ?? []) {
      if (step instanceof OrchestratorError) throw step;
      yield step;
    }
    if (connections.length === 0) over.abort();
  }
  const pause = async (ms: number): Promise<void> => void pauses.push(ms);
  const followed = followEvents({ open, signal: over.signal, pause, random: () => 1 });
  return { asked, pauses, followed };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const lost = () => new OrchestratorError('unreachable', 'the connection was cut');

describe('following events', () => {
  it('goes on behind the last event after the connection was lost', async () => {
    const { asked, followed } = scene([[event('1'), lost()], [event('2')]]);
    const seen = await all(followed);
    expect(asked).toEqual([null, '1']);
    expect(seen.map((item) => (item.kind === 'event' ? item.event.lastId : item.error.message))).toEqual([
      '1',
      'the connection was cut',
      '2',
    ]);
  });

  it('says that a stream which ended is lost, too', async () => {
    const { followed } = scene([[event('1')], []]);
    expect((await all(followed)).map(({ kind }) => kind)).toEqual(['event', 'lost']);
  });

  it('waits longer each time until an event comes', async () => {
    const { pauses, followed } = scene([[lost()], [lost()], [lost()], [event('1'), lost()], []]);
    await all(followed);
    expect(pauses).toEqual([1000, 2000, 4000, 1000]);
  });

  it('waits as long as the orchestrator asks for', async () => {
    const busy = new OrchestratorError('unavailable', 'busy', { status: 503, retryAfterMs: 30_000 });
    const { pauses, followed } = scene([[busy], []]);
    await all(followed);
    expect(pauses).toEqual([30_000]);
  });

  it('ends with the error when the orchestrator refuses', async () => {
    const { followed } = scene([[new OrchestratorError('refused', 'no')]]);
    await expect(all(followed)).rejects.toThrow('no');
  });
});
