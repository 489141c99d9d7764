import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runSlice, sample, stopHash } from './sample.ts';

describe('timing on request', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('a long load shows a line every five seconds', async () => {
    const made = await sample();
    const running = runSlice(made, { start: 100, end: 200, env: { REPLAY_STAND_IN_LOAD_MS: '12000' } });
    const ended = await advancing(running);
    expect(ended.stderr.match(/Snapshot initialization \d+% complete/g)).toEqual([
      'Snapshot initialization 41% complete',
      'Snapshot initialization 83% complete',
    ]);
    expect(ended.stderr).toContain('(snapshot load time was 12s)');
  });

  it('blocks and hashes take their time', async () => {
    const made = await sample();
    const env = { REPLAY_STAND_IN_BLOCKS_PER_SECOND: '10', REPLAY_STAND_IN_HASH_MS: '3000' };
    const since = Date.now();
    const ended = await advancing(runSlice(made, { start: 100, end: 200, env }));
    expect(stopHash(ended)).toBe(made.chain.hashAt(200));
    expect(ended.stderr).toMatch(/replayed 100 blocks in 10 seconds, 100\.0+ ms\/block/);
    expect(Date.now() - since).toBeGreaterThanOrEqual(16_000);
  });
});

/** Lets the faked time pass until the run is over. */
async function advancing<T>(running: Promise<T>): Promise<T> {
  const over = { yes: false };
  void running.finally(() => {
    over.yes = true;
  });
  while (!over.yes) await vi.advanceTimersByTimeAsync(100);
  return running;
}
