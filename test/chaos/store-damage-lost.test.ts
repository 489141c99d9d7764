/** Damage that takes something away: nobody is let in by it, and nothing is lost in silence. */
import { appendFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Damaged, lasting, PLAN, spoilLines, stoppedRun } from './support/stopped-run.ts';
import { StepWorker } from './support/step-worker.ts';

const CANNOT_START = 6;

describe('damage that costs something', () => {
  test.for(['cannot be read', 'are gone without a trace'] as const)(
    'all lines of a job %s: its old holder can change nothing, whatever another does',
    async (how) => {
      const run = await stoppedRun();
      if (how === 'cannot be read') await spoilLines(run, 2, (lines) => lines);
      else await removeLines(run, 2);
      const { orchestrator } = await run.restart();
      const beta = new StepWorker(orchestrator.port, 'beta');
      const delta = new StepWorker(orchestrator.port, 'delta');
      const old = run.before[1]!.etag;
      const progress = { status: 'WORKING', last_block_processed: 12_000 } as const;
      const refused = [(await beta.update(2, old, progress)).status];

      let { jobId, etag } = await delta.claim();
      expect(jobId).toBe(2);
      for (let block = 11_001; block <= 11_006; block += 1) {
        refused.push((await beta.update(2, old, progress)).status);
        etag = await delta.mustUpdate(2, etag, { status: 'WORKING', last_block_processed: block });
      }

      expect(refused).toEqual(refused.map(() => 412));
      beta.close();
      delta.close();
    },
  );

  test.for(['cut to nothing', 'removed'] as const)(
    'jobs.db %s: it is said that jobs are lost',
    async (how) => {
      const run = await stoppedRun();
      const file = join(run.folder, 'jobs.db');
      if (how === 'removed') await rm(file);
      else await truncate(file, 0);

      const { after, log } = await run.restart();

      expect(after.map(({ record }) => record.status)).toEqual(PLAN.map(() => 'WAITING_4_WORKER'));
      expect(log).toMatch(/WARN/i);
      expect(log).toMatch(/jobs\.db/);
    },
  );

  const STRANGE_LINES = ['{"_id":"2"}', '{"_id":"2","job":null}', '{"_id":"2","job":{}}'];
  test.for(STRANGE_LINES)(
    'a line that is JSON, but no document (%s), is dropped like any other garbage',
    async (line) => {
      const run = await stoppedRun();
      await appendFile(join(run.folder, 'jobs.db'), `${line}\n`);

      const { after } = await run.restart();

      expect(lasting(after)).toEqual(lasting(run.before));
    },
  );
  test.for(['jobs.db', 'observations.db'] as const)(
    '%s is unreadable: exit code 6, it is named, and nothing is thrown away',
    async (name) => {
      const run = await stoppedRun();
      const file = join(run.folder, name);
      await rm(file);
      // Root may read every file; nobody can read a folder as one.
      await mkdir(file);

      const { code, stderr } = await run.refusal();

      expect(code).toBe(CANNOT_START);
      expect(stderr).toContain(run.scene.path('orchestrator'));
      expect(stderr).not.toContain('defect');
      expect((await readdir(run.folder)).toSorted()).toEqual(
        ['jobs.db', 'logs', 'manifest.json', 'observations.db', 'run.json', 'slices.json'].toSorted(),
      );
    },
  );
});

/** As a file system does that lost a part of a file. */
async function removeLines({ folder }: Damaged, jobId: number): Promise<void> {
  const file = join(folder, 'jobs.db');
  const lines = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, lines.filter((line) => !line.includes(`"_id":"${jobId}"`)).join('\n'));
}
