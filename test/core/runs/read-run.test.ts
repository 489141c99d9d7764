/** Past runs, read out of a data directory that nobody may write to. */
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listStoredRuns, readStoredRun } from '../../../src/core/runs/data-directory.ts';
import { renderReport } from '../../../src/core/report/render.ts';
import { buildReport, exitCodeOf } from '../../../src/core/report/model.ts';
import { headJson } from '../../../src/core/store/head-line.ts';
import { lineSeal } from '../../../src/core/store/line-seal.ts';
import { hash } from '../domain/builders.ts';
import {
  chain,
  claim,
  complete,
  entry,
  FULL,
  JSON_ONLY,
  serve,
  type Running,
} from '../orchestrator/harness.ts';

/** A run of three slices, of which the first is verified, the second failed, and the third is held. */
async function playedRun(): Promise<Running> {
  const server = await serve(chain(3));
  await server.post('/config', { end_block_num: 1100, integrity_hash: hash('a1') });
  await complete(server, 'host-1', hash('a1'));
  const { jobId, etag } = await claim(server, 'host-2');
  const headers = { 'X-Replay-Worker': 'host-2', 'If-Match': etag };
  await server.post(`/job/log?jobid=${jobId}`, 'the last line', headers);
  await server.post(`/job?jobid=${jobId}`, { status: 'ERROR', error_message: 'it broke' }, headers);
  await claim(server, 'host-3');
  return server;
}

/** A run of one slice that is verified. */
async function passedRun(): Promise<Running> {
  const server = await serve([entry(1000, 1100, { expected_integrity_hash: hash('a1') })]);
  await complete(server, 'host-1', hash('a1'));
  return server;
}

function outcomeOf({ summary, jobs }: Awaited<ReturnType<typeof readStoredRun>>) {
  const report = buildReport(summary, jobs);
  return [report.outcome, exitCodeOf(report.outcome)];
}

/** Every file below a folder, with what is in it and when it was changed. */
async function contentOf(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((name) => name.isFile()).map((name) => join(name.parentPath, name.name));
  const read = async (file: string) => [
    file,
    `${(await stat(file)).mtimeMs} ${await readFile(file, 'utf8')}`,
  ];
  return Object.fromEntries(await Promise.all(files.map(read))) as Record<string, string>;
}

describe('a run whose orchestrator has ended', () => {
  test('is the same as the orchestrator told it last, but that nobody is at work', async () => {
    const server = await playedRun();
    const jobs = (await server.get('/status', FULL)).json() as object[];
    const summary = (await server.get('/summary', JSON_ONLY)).json() as object;
    await server.close();
    const run = await readStoredRun(server.dataDir, null);
    expect(run.jobs).toEqual(jobs.map((job) => ({ ...job, lease_expires_at: null, eta: null })));
    expect(run.summary).toEqual({
      ...summary,
      host_count: 0,
      hosts_seen: 0,
      hosts_idle: 0,
      blocks_per_second: null,
      eta: null,
    });
    expect(run.holder).toBeNull();
    expect(run.jobs.map(({ status }) => status)).toEqual(['COMPLETE', 'ERROR', 'STARTED']);
  });

  test('gives the same report, to the byte', async () => {
    const server = await passedRun();
    const jobs = (await server.get('/status', FULL)).json() as never;
    const summary = (await server.get('/summary', JSON_ONLY)).json() as never;
    await server.close();
    const run = await readStoredRun(server.dataDir, 1);
    for (const format of ['json', 'text', 'html', 'junit', 'csv', 'markdown'] as const) {
      expect(renderReport(buildReport(run.summary, run.jobs), format)).toBe(
        renderReport(buildReport(summary, jobs), format),
      );
    }
    expect(outcomeOf(run)).toEqual(['passed', 0]);
  });

  test('with a job that was held is not finished', async () => {
    const server = await serve(chain(1));
    await claim(server, 'host-1');
    await server.close();
    const run = await readStoredRun(server.dataDir, null);
    expect(run.summary).toMatchObject({ is_running: true, jobs_remaining: 1, host_count: 0 });
    expect(outcomeOf(run)).toEqual(['unfinished', 4]);
  });

  test('is settled: a verdict that the orchestrator did not come to write is there', async () => {
    const server = await serve(chain(2));
    await complete(server, 'host-1', hash('a1'));
    await server.post('/config', { end_block_num: 1100, integrity_hash: hash('b2') });
    await server.close();
    // As after a crash between the two files: the observation is on disk, and the verdict that follows is not.
    const file = join(server.dataDir, 'runs/0001/jobs.db');
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const before = lines.filter((line) => !line.includes('HASH_MISMATCH'));
    const newHead = lineSeal(file).seal(headJson(before.length - 1));
    await writeFile(file, `${[newHead, ...before.slice(1)].join('\n')}\n`);
    const run = await readStoredRun(server.dataDir, null);
    expect(run.summary.damage).toBeUndefined();
    expect(run.jobs[0]).toMatchObject({ status: 'HASH_MISMATCH', verdict: 'MISMATCH' });
  });
});

describe('reading', () => {
  test('changes nothing, takes no lock, and removes no folder that is being made', async () => {
    const server = await playedRun();
    await server.close();
    await mkdir(join(server.dataDir, 'runs/0002'));
    await writeFile(join(server.dataDir, 'runs/0002/slices.json'), '[\n');
    const before = await contentOf(server.dataDir);
    await readStoredRun(server.dataDir, null);
    expect(await listStoredRuns(server.dataDir)).toMatchObject([{ run_id: 1 }]);
    expect(await contentOf(server.dataDir)).toEqual(before);
  });

  test('goes beside an orchestrator that is at work, which is told', async () => {
    const server = await passedRun();
    const { holder, summary } = await readStoredRun(server.dataDir, null);
    expect(holder).toBe(process.pid);
    expect(summary.jobs_succeeded).toBe(1);
  });

  test('passes over a line that is being written', async () => {
    const server = await passedRun();
    await server.close();
    await appendFile(join(server.dataDir, 'runs/0001/jobs.db'), '{"_id":"1","job":{"jo');
    const run = await readStoredRun(server.dataDir, null);
    expect(run.summary.damage).toBeUndefined();
    expect(outcomeOf(run)).toEqual(['passed', 0]);
  });
});

describe('a run that is damaged', () => {
  const damages: [what: string, harm: (run: string) => Promise<void>, said: RegExp][] = [
    [
      'a line that is not as it was written',
      async (run) => {
        const text = await readFile(join(run, 'jobs.db'), 'utf8');
        await writeFile(join(run, 'jobs.db'), text.replace('host-1', 'host-2'));
      },
      /jobs\.db is damaged \(1 line is damaged, 1 line is gone\): changes of jobs are lost/u,
    ],
    [
      'a file that was cut at a line',
      async (run) => {
        const text = await readFile(join(run, 'jobs.db'), 'utf8');
        await writeFile(join(run, 'jobs.db'), `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`);
      },
      /jobs\.db is damaged \(1 line is gone\)/u,
    ],
    ['no observations', (run) => rm(join(run, 'observations.db')), /observations\.db is damaged/u],
    ['an empty file', (run) => writeFile(join(run, 'jobs.db'), ''), /jobs\.db is damaged/u],
  ];

  test.each(damages)('%s is said, and never passes', async (_what, harm, said) => {
    const server = await passedRun();
    await server.close();
    await harm(join(server.dataDir, 'runs/0001'));
    const run = await readStoredRun(server.dataDir, null);
    expect(run.summary.damage).toEqual([expect.stringMatching(said)]);
    expect(outcomeOf(run)).toEqual(['unfinished', 4]);
    const report = buildReport(run.summary, run.jobs);
    expect(renderReport(report, 'text')).toMatch(/^Run 1: DAMAGED, NOTHING PROVEN/u);
    expect(renderReport(report, 'junit')).toContain('errors="1"');
    for (const format of ['text', 'json', 'html', 'markdown', 'junit'] as const) {
      expect(renderReport(report, format)).toContain('.db is damaged');
    }
    expect(await listStoredRuns(server.dataDir)).toMatchObject([{ run_id: 1, damage: run.summary.damage }]);
  });

  test.each([
    ['run.json', '{"runId": 1}'],
    ['run.json', ''],
    ['slices.json', '[]'],
  ])('in its %s cannot be told, and keeps no other run from being told', async (name, content) => {
    const server = await passedRun();
    await server.close();
    const second = join(server.dataDir, 'runs/0002');
    await mkdir(second);
    for (const file of await readdir(join(server.dataDir, 'runs/0001'))) {
      if (file === 'logs') continue;
      const text = await readFile(join(server.dataDir, 'runs/0001', file), 'utf8');
      await writeFile(join(second, file), text.replace('"runId": 1', '"runId": 2'));
    }
    await writeFile(join(second, name), content);
    await expect(readStoredRun(server.dataDir, 2)).rejects.toMatchObject({
      code: 'RUN_DAMAGED',
      exitCode: 5,
    });
    expect(await listStoredRuns(server.dataDir)).toMatchObject([
      { run_id: 1, is_current: false, jobs_succeeded: 1, damage: [] },
      { run_id: 2, is_current: true, jobs_succeeded: null, damage: [expect.stringContaining('Run 2')] },
    ]);
  });

  test('a folder that was copied under another number is not another run', async () => {
    const server = await passedRun();
    await server.close();
    await mkdir(join(server.dataDir, 'runs/0007'));
    const text = await readFile(join(server.dataDir, 'runs/0001/run.json'), 'utf8');
    await writeFile(join(server.dataDir, 'runs/0007/run.json'), text);
    await expect(readStoredRun(server.dataDir, 7)).rejects.toMatchObject({ code: 'RUN_DAMAGED' });
  });
});

describe('what is not there', () => {
  test('a run, or a data directory, is said so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'replay-runs-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const none = { code: 'NO_DATA_DIR', exitCode: 5 };
    await expect(readStoredRun(folder, null)).rejects.toMatchObject(none);
    await expect(readStoredRun(join(folder, 'nowhere'), null)).rejects.toMatchObject(none);
    await mkdir(join(folder, 'runs'));
    const noRun = { code: 'RUN_NOT_FOUND', exitCode: 5 };
    await expect(readStoredRun(folder, null)).rejects.toMatchObject(noRun);
    await expect(readStoredRun(folder, 3)).rejects.toMatchObject(noRun);
    expect(await listStoredRuns(folder)).toEqual([]);
  });
});
