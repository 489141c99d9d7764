import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lastLogLines } from '../../../src/nodeos/log/log-file.ts';

async function attempt(logs: Record<string, { text: string; at: number }>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-log-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'log'));
  for (const [name, { text, at }] of Object.entries(logs)) {
    await writeFile(join(folder, 'log', name), text);
    await utimes(join(folder, 'log', name), at, at);
  }
  return folder;
}

describe('the last lines of an attempt', () => {
  test('come from the newest log', async () => {
    const folder = await attempt({
      'replay.log': { text: 'a\nb\n', at: 1 },
      'read-only.log': { text: 'c\nd\ne\n', at: 2 },
    });
    expect(await lastLogLines(folder, 2)).toEqual(['d', 'e']);
    expect(await lastLogLines(folder, 10)).toEqual(['c', 'd', 'e']);
  });

  test('are whole lines, of however large a log', async () => {
    const text = Array.from({ length: 100_000 }, (_, i) => `line ${i}`).join('\n');
    const folder = await attempt({ 'replay.log': { text, at: 1 } });
    const lines = await lastLogLines(folder, 1_000_000);
    expect(lines.at(-1)).toBe('line 99999');
    expect(lines.every((line) => /^line \d{5}$/.test(line))).toBe(true);
    expect(lines.length).toBeLessThan(30_000);
  });

  test('are none when there is no log', async () => {
    expect(await lastLogLines(await attempt({}), 5)).toEqual([]);
    expect(await lastLogLines(join(tmpdir(), 'no-such-attempt'), 5)).toEqual([]);
  });
});
