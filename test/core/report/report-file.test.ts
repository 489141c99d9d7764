import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openReportFile } from '../../../src/core/report/report-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-report-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the file of a report', () => {
  it('is written whole, and nothing else is left in the folder', async () => {
    const file = await openReportFile(join(folder, 'report.xml'));
    await file.write('content');
    expect(await readFile(join(folder, 'report.xml'), 'utf8')).toBe('content');
    expect(await readdir(folder)).toEqual(['report.xml']);
  });

  it('keeps its access rights, and a link stays a link', async () => {
    const target = join(folder, 'target');
    await writeFile(target, 'old');
    await chmod(target, 0o640);
    await symlink(target, join(folder, 'link'));
    await (await openReportFile(join(folder, 'link'))).write('new');
    expect(await readFile(target, 'utf8')).toBe('new');
    expect((await stat(target)).mode & 0o777).toBe(0o640);
    expect(
      (await readdir(folder, { withFileTypes: true })).find((e) => e.name === 'link')?.isSymbolicLink(),
    ).toBe(true);
  });

  it.each([
    ['a folder that is not there', 'nowhere/report.xml'],
    ['a folder', 'sub'],
    ['a device', '/dev/null'],
  ])('cannot be %s, and that is said before anything is written', async (_what, path) => {
    await mkdir(join(folder, 'sub'));
    const opened = openReportFile(path.startsWith('/') ? path : join(folder, path));
    await expect(opened).rejects.toMatchObject({
      name: 'UserError',
      code: 'OUTPUT_UNWRITABLE',
      exitCode: 6,
    });
  });

  it('that fails while it is written leaves nothing behind', async () => {
    await mkdir(join(folder, 'sub'));
    const file = await openReportFile(join(folder, 'sub', 'report.xml'));
    await rm(join(folder, 'sub'), { recursive: true });
    await expect(file.write('content')).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    expect(await readdir(folder)).toEqual([]);
  });
});
