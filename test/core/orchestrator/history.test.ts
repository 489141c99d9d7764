import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HistoryFile } from '../../../src/core/orchestrator/history/history-file.ts';
import { MAX_POINTS, type HistoryPoint } from '../../../src/core/domain/history.ts';
import type { HistoryRecord } from '../../../src/core/protocol/history-record.ts';
import { chain, claim, complete, hashOf, serve, type Running } from './harness.ts';
import { ManualMonotonic } from './manual-monotonic.ts';

interface Recorded {
  server: Running;
  /** Lets so many seconds pass, on both clocks. */
  pass(seconds: number): void;
  history(): Promise<HistoryRecord>;
  file: string;
}

async function recorded(): Promise<Recorded> {
  const clock = new ManualMonotonic();
  return recordedOn(await serve(chain(3), { historyClock: clock }), clock);
}

function recordedOn(server: Running, clock: ManualMonotonic): Recorded {
  return {
    server,
    pass: (seconds) => {
      for (let passed = 0; passed < seconds; passed += 10) {
        server.clock.now = new Date(server.clock.now.getTime() + 10_000);
        clock.advance(10_000);
      }
    },
    history: async () => (await server.get('/history')).json() as HistoryRecord,
    file: join(server.dataDir, 'runs/0001/history.jsonl'),
  };
}

async function again({ server }: Recorded): Promise<Recorded> {
  const clock = new ManualMonotonic();
  const restarted = await server.restart({ historyClock: clock });
  restarted.clock.now = new Date(server.clock.now);
  return recordedOn(restarted, clock);
}

describe('the course of a run', () => {
  test('is recorded every ten seconds while a host is at work, and has gaps', async () => {
    const run = await recorded();
    run.pass(10);
    const began = run.server.clock.now.getTime() / 1000;
    await claim(run.server, 'a');
    run.pass(20);
    await run.server.post('/job?jobid=1', { status: 'WAITING_4_WORKER' }, { 'If-Match': '*' });
    run.pass(100);
    await complete(run.server, 'b', hashOf('a'));
    run.pass(10);
    expect(await run.history()).toEqual({
      run_id: 1,
      interval_seconds: 10,
      times: [0, 10, 20, 30, 40, 130].map((seconds) => began + seconds),
      blocks_processed: [0, 0, 0, 0, null, 100],
      blocks_per_second: [0, 0, 0, 0, null, 0],
      blocks_per_second_max: [0, 0, 0, 0, null, 0],
      jobs_done: [0, 0, 0, 0, null, 1],
      jobs_failed: [0, 0, 0, 0, null, 0],
      jobs_held: [0, 1, 1, 0, null, 0],
      hosts: [0, 1, 1, 0, null, 0],
      cost_usd: [null, null, null, null, null, null],
    });
  });

  test('is there after a restart, and goes on', async () => {
    const run = await recorded();
    await claim(run.server, 'a');
    run.pass(50);
    const before = await run.history();
    expect(before.times).toHaveLength(5);
    const restarted = await again(run);
    expect(await restarted.history()).toEqual(before);
    restarted.pass(10);
    expect((await restarted.history()).times).toEqual([...before.times, before.times.at(-1)! + 10]);
  });

  test('loses no more than the line that was being written, and says so', async () => {
    const run = await recorded();
    await claim(run.server, 'a');
    run.pass(30);
    const before = await run.history();
    await run.server.close();
    await appendFile(run.file, '[1795000000,10,0');
    const restarted = await again(run);
    expect(restarted.server.log.filter(({ level }) => level === 'warn')).toMatchObject([
      { message: 'part of the course of the run is lost; nothing else is' },
    ]);
    expect(await restarted.history()).toEqual(before);
    restarted.pass(20);
    const after = await restarted.history();
    await restarted.server.close();
    const last = await again(restarted);
    expect(last.server.log.filter(({ level }) => level === 'warn')).toEqual([]);
    expect(await last.history()).toEqual(after);
  });

  test('costs nothing but itself when it cannot be written, and is whole when it can be again', async () => {
    const run = await recorded();
    // A folder in the place of the file.
    await mkdir(run.file);
    await claim(run.server, 'a');
    run.pass(30);
    expect((await run.history()).times).toHaveLength(3);
    expect((await run.server.get('/healthcheck')).status).toBe(200);
    await run.server.close();
    const warnings = run.server.log.filter(({ message }) => message.includes('cannot be written'));
    expect(warnings).toHaveLength(1);
    await rm(run.file, { recursive: true });
  });

  test('of a past run can be asked for', async () => {
    const run = await recorded();
    await claim(run.server, 'a');
    run.pass(30);
    const before = await run.history();
    await run.server.close();
    await writeFile(run.server.manifestPath, JSON.stringify(chain(2)));
    const restarted = await again(run);
    expect(await restarted.history()).toMatchObject({ run_id: 2, times: [] });
    expect((await restarted.server.get('/history?run=1')).json()).toEqual(before);
    expect((await restarted.server.get('/history?run=7')).status).toBe(404);
  });
});

describe('the file of the course', () => {
  function sample(at: number): HistoryPoint {
    const rate = { blocksPerSecond: 1, blocksPerSecondMax: 1 };
    const jobs = { jobsDone: 0, jobsFailed: 0, jobsHeld: 1, hosts: 1 };
    return {
      time: 1_795_000_000 + at * 10,
      seconds: 10,
      blocksProcessed: at,
      ...rate,
      ...jobs,
      costUsd: 0.5,
    };
  }

  async function written(folder: string, count: number): Promise<HistoryPoint[]> {
    const { file, history } = await HistoryFile.open(folder);
    for (let at = 0; at < count; at += 1) {
      const thinned = history.add(sample(at));
      await file.write(sample(at), history, thinned);
    }
    return [...history.points];
  }

  test('of a long run stays short, and is read as it was', async () => {
    const { server } = await recorded();
    const points = await written(server.folder, 5 * MAX_POINTS);
    const text = await readFile(join(server.folder, 'history.jsonl'), 'utf8');
    expect(text.split('\n').length).toBeLessThan(6 * MAX_POINTS);
    const { history, isDamaged } = await HistoryFile.open(server.folder);
    expect([history.points, history.intervalSeconds, isDamaged]).toEqual([points, 80, false]);
  });

  test.each([
    '{"intervalSeconds":-1}\n',
    'null\n',
    '[]\n',
    '{}\n',
    '[1,2,3]\n',
    '[1,2,"3",4,5,6,7,8,9,null]\n',
  ])('with %j in it is used for the rest', async (line) => {
    const { server } = await recorded();
    const good = '[1795000000,10,0,1,1,0,0,1,1,null]\n';
    await writeFile(join(server.folder, 'history.jsonl'), line + good);
    const { history, isDamaged } = await HistoryFile.open(server.folder);
    expect([history.points.length, history.intervalSeconds, isDamaged]).toEqual([1, 10, true]);
  });
});
