/** The rehearsal: everything on one machine, ended and removed by itself. */
import { mkdir, readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { processesNaming } from './support/processes.ts';
import type { Running } from './support/replay.ts';
import { Scene } from './support/scene.ts';
import { until } from './support/until.ts';

/** Starts `replay demo` with a folder of its own for temporary files. */
async function startDemo(args: string[]): Promise<{ scene: Scene; temporary: string; demo: Running }> {
  const scene = await Scene.create();
  const temporary = scene.path('temporary');
  await mkdir(temporary);
  const demo = scene.start(['demo', ...args], { env: { TMPDIR: temporary } });
  return { scene, temporary, demo };
}

describe('replay demo', () => {
  test('rehearses a run to its verified end, says what it is, and leaves nothing', async () => {
    const { temporary, demo } = await startDemo(['--slices', '3', '--workers', '2']);
    const { code, stdout, stderr } = await demo.finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Rehearsal with the nodeos stand-in: 3 slices, 2 workers');
    expect(stdout).toContain('REHEARSAL: these results come from the nodeos stand-in');
    expect(stdout).toContain('Run 1: PASSED. All 3 jobs complete and verified.');
    expect(stdout).toContain('Blocks processed  3,000 of 3,000 (100.0 %)');
    expect(stdout.match(/: VERIFIED by worker-[12]/gu)).toHaveLength(3);
    expect(await readdir(temporary)).toEqual([]);
    expect(processesNaming(temporary)).toEqual([]);
  });

  test.each<[string, RegExp]>([
    ['mismatch', /Status: HASH_MISMATCH/u],
    ['damaged-snapshot', /Suspect snapshots \(1\)/u],
    ['crash', /cause {5}nodeos-crash/u],
    ['out-of-memory', /cause {5}out-of-memory/u],
    ['disk-full', /cause {5}disk-full/u],
    ['hang', /cause {5}stalled/u],
    ['early-exit', /cause {5}no-evidence/u],
    ['no-hash', /cause {5}no-evidence/u],
  ])(
    '--fail %s: exit code 1, and the report names it',
    async (failure, named) => {
      const { temporary, demo } = await startDemo(['--slices', '2', '--workers', '2', '--fail', failure]);
      const { code, stdout, stderr } = await demo.finished;
      expect(code).toBe(1);
      expect(stdout).toContain('Run 1: FAILED. 1 of 2 jobs failed.');
      // The row says once what the matter is.
      const row = stderr.split('\n').find((line) => line.startsWith('✖'));
      expect(row?.match(/ERROR|HASH_MISMATCH/gu)).toHaveLength(1);
      expect(stdout).toMatch(named);
      expect(await readdir(temporary)).toEqual([]);
      // A stall is waited for twice, each time for its limit.
    },
    60_000,
  );

  test('--keep leaves its folder, and says where', async () => {
    const { temporary, demo } = await startDemo(['--slices', '1', '--workers', '1', '--keep']);
    const { code, stdout } = await demo.finished;
    expect(code).toBe(0);
    const [folder] = await readdir(temporary);
    expect(stdout).toContain(`Kept: ${temporary}/${folder}\n`);
    expect(await readdir(`${temporary}/${folder}`)).toEqual(
      expect.arrayContaining(['chain', 'orchestrator', 'worker-1']),
    );
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s: exit code 130, no process and no folder left',
    async (signal) => {
      const { temporary, demo } = await startDemo(['--slices', '6', '--workers', '2']);
      await until('nodeos at work', () => processesNaming(`${temporary}/`).some(isNodeos));
      demo.kill(signal);
      const { code } = await demo.finished;
      expect(code).toBe(130);
      expect(processesNaming(temporary)).toEqual([]);
      expect(await readdir(temporary)).toEqual([]);
    },
  );
});

function isNodeos({ command }: { command: string }): boolean {
  return command.includes('stand-in-nodeos') && command.includes('--terminate-at-block');
}
