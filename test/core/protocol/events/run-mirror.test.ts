import { describe, expect, it } from 'vitest';
import { OrchestratorError } from '../../../../src/core/protocol/client-error.ts';
import { mirrorRun, type RunChange } from '../../../../src/core/protocol/events/run-mirror.ts';
import type { ReceivedEvent } from '../../../../src/core/protocol/events/read-events.ts';
import { aJob, aSummary } from '../../report/builders.ts';

const lost = () => new OrchestratorError('unreachable', 'the connection was cut');

function event(name: string, data: object | string, lastId: string): ReceivedEvent {
  return { name, data: typeof data === 'string' ? data : JSON.stringify(data), lastId };
}

const hello = (resumed: boolean, lastId: string) => event('hello', { run_id: 1, resumed }, lastId);

interface Scene {
  /** What each connection tells; an error cuts it. */
  connections: (ReceivedEvent | Error)[][];
  /** What /status answers, one after the other; the last one stays. */
  states?: (string | Error)[];
}

/** The orchestrator's jobs are told by the name of their worker. */
function play({ connections, states = ['read'] }: Scene) {
  const over = new AbortController();
  const asked: (string | null)[] = [];
  const client = {
    async *events(_path: string, lastId: string | null) {
      asked.push(lastId);
      for (const step of connections.shift() ?? []) {
        if (step instanceof Error) throw step;
        yield step;
      }
      if (connections.length === 0) over.abort();
    },
    async status() {
      const state = states.length > 1 ? states.shift()! : states[0]!;
      if (state instanceof Error) throw state;
      return [aJob({ job_id: 1, worker_id: state }), aJob({ job_id: 2, worker_id: state })];
    },
    summary: async () => aSummary({ host_count: 7 }),
  };
  const changes = mirrorRun({ client, signal: over.signal, pause: async () => undefined, random: () => 0 });
  return { asked, changes };
}

/** Each change in a word, with the worker of job 1 after it. */
async function told(changes: AsyncIterable<RunChange>): Promise<string[]> {
  const list: string[] = [];
  for await (const change of changes) {
    list.push(change.kind === 'lost' ? 'lost' : `${change.kind} ${change.run.jobs.get(1)?.worker_id}`);
  }
  return list;
}

describe('the copy of a run', () => {
  it('is read first, and then follows the changes', async () => {
    const { changes } = play({
      connections: [
        [
          hello(false, '0'),
          event('job', aJob({ job_id: 1, worker_id: 'new' }), '1'),
          event('summary', aSummary({ host_count: 9 }), '1'),
          event('something-new', '?', '1'),
        ],
      ],
    });
    await expect(told(changes)).resolves.toEqual(['read read', 'job new', 'summary new']);
  });

  it('tells how a job was before', async () => {
    const { changes } = play({
      connections: [[hello(false, '0'), event('job', aJob({ job_id: 2, status: 'ERROR' }), '1')]],
    });
    await changes.next();
    const { value } = await changes.next();
    expect(value).toMatchObject({ kind: 'job', job: { status: 'ERROR' }, before: { status: 'COMPLETE' } });
  });

  it('goes on without reading all again when the stream does', async () => {
    const { asked, changes } = play({
      connections: [
        [hello(false, '0'), event('job', aJob({ worker_id: 'a' }), '1'), lost()],
        [hello(true, '1'), event('job', aJob({ worker_id: 'b' }), '2')],
      ],
    });
    await expect(told(changes)).resolves.toEqual(['read read', 'job a', 'lost', 'summary a', 'job b']);
    expect(asked).toEqual([null, '1']);
  });

  it('is read anew when the orchestrator was started anew', async () => {
    const { changes } = play({
      connections: [[hello(false, 'x-5'), lost()], [hello(false, 'y-0')]],
      states: ['before', 'after'],
    });
    await expect(told(changes)).resolves.toEqual(['read before', 'lost', 'read after']);
  });

  it('counts as not begun until it was read', async () => {
    const { asked, changes } = play({
      connections: [[hello(false, '5')], [hello(false, '5')]],
      states: [lost(), 'second'],
    });
    await expect(told(changes)).resolves.toEqual(['lost', 'read second']);
    expect(asked).toEqual([null, null]);
  });

  it('ends with an error that says so when an event is no JSON', async () => {
    const { changes } = play({ connections: [[hello(false, '0'), event('job', '{', '1')]] });
    await expect(told(changes)).rejects.toMatchObject({ kind: 'bad-answer' });
  });
});
