import { beforeEach, describe, expect, it } from 'vitest';
import { LogTail, TAIL_LINES, type LogPart } from '../../../src/core/domain/log-tail.ts';
import { OrchestratorError } from '../../../src/core/protocol/client-error.ts';
import type { LogPartAnswer } from '../../../src/core/protocol/log-text.ts';
import { LOOK_MS, LogSender, UNWATCHED_MS, type LogClient } from '../../../src/core/worker/log-sender.ts';
import { recordingLogger } from '../orchestrator/harness.ts';
import { ManualClock } from './support/manual-clock.ts';

/** Keeps the lines as an orchestrator does, and may be told to fail. */
class FakeClient implements LogClient {
  tail = new LogTail();
  followed = false;
  isOld = false;
  /** What happens to the next parts: not done, or done with the answer lost. */
  fates: (OrchestratorError | Error | 'answer-lost')[] = [];
  readonly parts: (LogPart & { last: boolean; at: number })[] = [];
  whole: readonly string[] = [];

  async postLogPart(_own: unknown, part: LogPart, last: boolean): Promise<LogPartAnswer | null> {
    this.parts.push({ ...part, last, at: clock.now() });
    const fate = this.fates.shift();
    if (fate instanceof Error) throw fate;
    if (this.isOld) return null;
    const stored = this.tail.append(part);
    if (fate === 'answer-lost') throw new OrchestratorError('unreachable', 'the connection was cut');
    return { status: stored ? 'stored' : 'gap', next: this.tail.next, followed: this.followed };
  }

  async postLog(_own: unknown, lines: readonly string[]): Promise<void> {
    this.whole = lines;
  }

  get lines(): string[] {
    return this.tail.since(0).lines;
  }
}

let clock: ManualClock;
let client: FakeClient;
let sender: LogSender;
let over: AbortController;
let ended: Promise<void>;
const { log, logger } = recordingLogger();

beforeEach(() => {
  clock = new ManualClock();
  client = new FakeClient();
  log.length = 0;
  sender = new LogSender({ client, clock, logger, own: { jobId: 1, attempt: 1 } });
  over = new AbortController();
  ended = sender.run(over.signal);
});

const print = (...lines: string[]) => lines.forEach((line) => sender.line(line));
const times = () => client.parts.map(({ at }) => at);

describe('lines', () => {
  it('are sent soon after the first, and then only now and again while nobody reads along', async () => {
    for (let second = 0; second < 30; second += 1) {
      print(`line ${second}`);
      await clock.advance(1000);
    }
    expect(times()).toEqual([LOOK_MS, LOOK_MS + UNWATCHED_MS, LOOK_MS + 2 * UNWATCHED_MS]);
    expect(client.lines).toEqual(Array.from({ length: client.tail.next }, (_, number) => `line ${number}`));
  });

  it('are sent at once to somebody who reads along', async () => {
    client.followed = true;
    for (let second = 0; second < 8; second += 1) {
      print(`line ${second}`);
      await clock.advance(1000);
    }
    expect(times()).toEqual([2000, 4000, 6000, 8000]);
  });

  it('that are not there are not sent', async () => {
    client.followed = true;
    print('the only one\r');
    await clock.advance(60_000);
    expect(client.parts).toHaveLength(1);
    expect(client.lines).toEqual(['the only one']);
  });

  it('of a flood are left out but for the newest, and counted', async () => {
    for (let number = 0; number < 10_000; number += 1) print(`line ${number}`);
    await clock.advance(LOOK_MS);
    expect(client.parts).toMatchObject([{ from: 10_000 - TAIL_LINES, skipped: 10_000 - TAIL_LINES }]);
    expect(client.lines).toHaveLength(TAIL_LINES);
  });
});

describe('given an orchestrator that fails', () => {
  it('nothing comes twice when an answer was lost', async () => {
    client.fates = ['answer-lost'];
    print('one');
    await clock.advance(LOOK_MS);
    print('two');
    await clock.advance(UNWATCHED_MS);
    expect(client.lines).toEqual(['one', 'two']);
  });

  it('one that was started again gets all that is kept, at once', async () => {
    print('one', 'two');
    await clock.advance(LOOK_MS);
    client.tail = new LogTail();
    print('three');
    await clock.advance(UNWATCHED_MS);
    expect(client.parts.map(({ from }) => from)).toEqual([0, 2, 0]);
    expect(client.lines).toEqual(['one', 'two', 'three']);
  });

  it('one that was away gets them although nothing new was printed', async () => {
    print('one');
    await clock.advance(LOOK_MS);
    client.tail = new LogTail();
    sender.sendAgain();
    await clock.advance(UNWATCHED_MS);
    expect(client.lines).toEqual(['one']);
  });

  it.each(['unreachable', 'unavailable', 'refused', 'bad-answer'] as const)(
    '%s: tries again later',
    async (kind) => {
      client.fates = [new OrchestratorError(kind, 'no')];
      print('one');
      await clock.advance(LOOK_MS + UNWATCHED_MS);
      expect(times()).toEqual([LOOK_MS, LOOK_MS + UNWATCHED_MS]);
      expect(client.lines).toEqual(['one']);
    },
  );

  it.each(['conflict', 'not-found', 'invalid'] as const)('%s: sends no more', async (kind) => {
    client.fates = [new OrchestratorError(kind, 'no')];
    print('one');
    await clock.advance(10 * UNWATCHED_MS);
    expect(client.parts).toHaveLength(1);
    await ended;
  });

  it('a defect of ours ends the sending, and not the attempt', async () => {
    client.fates = [new TypeError('undefined is not a function')];
    print('one');
    await clock.advance(10 * UNWATCHED_MS);
    await ended;
    expect(client.parts).toHaveLength(1);
    expect(log).toMatchObject([{ level: 'error' }]);
  });

  it('an older one is sent nothing while nodeos runs, and the whole at the end', async () => {
    client.isOld = true;
    print('one');
    await clock.advance(UNWATCHED_MS * 3);
    print('two');
    expect(client.parts).toHaveLength(1);
    await sender.finish({});
    expect(client.whole).toEqual(['one', 'two']);
  });
});

describe('the end of an attempt', () => {
  it('ends the sending at once', async () => {
    print('one');
    over.abort();
    await ended;
    expect(client.parts).toEqual([]);
  });

  it('sends what is missing, to be kept', async () => {
    print('one');
    await clock.advance(LOOK_MS);
    print('two');
    over.abort();
    await sender.finish({});
    expect(client.parts.at(-1)).toMatchObject({ from: 1, lines: ['two'], last: true });
  });

  it('sends everything when the orchestrator was started again', async () => {
    print('one');
    await clock.advance(LOOK_MS);
    client.tail = new LogTail();
    await sender.finish({});
    expect(client.lines).toEqual(['one']);
  });

  it('tells the caller that it could not be done', async () => {
    print('one');
    client.fates = [new OrchestratorError('unavailable', 'no')];
    await expect(sender.finish({})).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
