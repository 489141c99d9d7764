/** The files of a run are damaged while the orchestrator is down, in the ways of bad disks and power cuts. */
import { appendFile, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lasting, PLAN, spoilLines, stoppedRun } from './support/stopped-run.ts';

const CANNOT_START = 6;

describe('damage that costs nothing', () => {
  const NOTHING_LOST = [
    ['half a line at the end', 'jobs.db', '{"_id":"3","job":{"status":"COMP'],
    ['zero bytes at the end', 'jobs.db', '\0'.repeat(4096)],
    ['a line of garbage at the end', 'jobs.db', '\u00ff\u0001 not json at all\n'],
    ['half a line at the end', 'observations.db', '{"_id":"2","bl'],
    ['zero bytes at the end', 'observations.db', '\0'.repeat(512)],
  ] as const;

  test.for(NOTHING_LOST)(
    '%s of %s: all is as it was, it is said, and the file is kept',
    async ([, file, junk]) => {
      const run = await stoppedRun();
      await appendFile(join(run.folder, file), junk);
      const damaged = await readFile(join(run.folder, file));

      const { after, log } = await run.restart();

      expect(lasting(after)).toEqual(lasting(run.before));
      expect(log).toContain('dropped the last line');
      expect(log).toContain(`file=${file}`);
      const [copy] = await run.copies();
      expect(log).toContain(copy);
      expect(await readFile(join(run.folder, copy!))).toEqual(damaged);
    },
  );
});

describe('damage that costs something', () => {
  test('an older line of a job: nothing is lost, and it is warned about', async () => {
    const run = await stoppedRun();
    await spoilLines(run, 2, (lines) => lines.slice(0, 1));

    const { after, log } = await run.restart();

    expect(lasting(after)).toEqual(lasting(run.before));
    expect(log).toContain('dropped damaged lines of a file');
    expect(await run.copies()).toHaveLength(1);
  });

  test('all lines of a job: it begins anew, the others are as they were', async () => {
    const run = await stoppedRun();
    await spoilLines(run, 2, (lines) => lines);

    const { after, log } = await run.restart();

    expect(lasting(after).filter((_, index) => index !== 1)).toEqual(
      lasting(run.before).filter((_, index) => index !== 1),
    );
    expect(after[1]!.record).toMatchObject({ status: 'WAITING_4_WORKER', attempts: [] });
    expect(log).toContain('dropped damaged lines of a file');
    expect(await run.copies()).toHaveLength(1);
  });

  test('a file cut in the middle: it starts, and nobody holds a job by a version from before', async () => {
    const run = await stoppedRun();
    const file = join(run.folder, 'jobs.db');
    await truncate(file, Math.floor((await stat(file)).size / 2));

    const { after } = await run.restart();

    expect(after).toHaveLength(PLAN.length);
    const reused = after.filter(({ etag, record }, index) => {
      const before = run.before[index]!;
      return record.last_block_processed !== before.record.last_block_processed && etag === before.etag;
    });
    expect(reused).toEqual([]);
  });

  const STRANGE_LINES = ['null', '42', '"text"', '[]', '{"foo": 1}', '{"$$deleted":true}'];
  test.for(STRANGE_LINES)(
    'a line that is JSON, but no document (%s), is dropped like any other garbage',
    async (line) => {
      const run = await stoppedRun();
      await appendFile(join(run.folder, 'jobs.db'), `${line}\n`);

      const { after } = await run.restart();

      expect(lasting(after)).toEqual(lasting(run.before));
    },
  );
});

describe('damage that nothing can be made of', () => {
  const UNREADABLE = ['run.json', 'slices.json'] as const;
  test.for(UNREADABLE)(
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

  test.for(['run.json', 'slices.json'] as const)(
    '%s is garbage: exit code 6, it is named, and left as it is',
    async (name) => {
      const run = await stoppedRun();
      const file = join(run.folder, name);
      await writeFile(file, '\0\0\0');

      const { code, stderr } = await run.refusal();

      expect(code).toBe(CANNOT_START);
      expect(stderr).toContain(file);
      expect(await readFile(file, 'utf8')).toBe('\0\0\0');
    },
  );
});
