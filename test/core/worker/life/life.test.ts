import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '../../../../src/core/log/logger.ts';
import { HostEnds } from '../../../../src/core/worker/life/host-ends.ts';
import { beginLife, type LifeOptions } from '../../../../src/core/worker/life/life.ts';
import { ManualClock } from '../support/manual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One machine; `start` is a start of its worker. */
async function machine() {
  const dataDir = await mkdtemp(join(tmpdir(), 'replay-life-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const clock = new ManualClock();
  const boot = { id: 'boot-1', at: 0 };
  const uptime = async () => ({ bootId: boot.id, seconds: (clock.now() - boot.at) / 1000 });
  const start = async (options: Partial<LifeOptions>) => {
    const stop = new AbortController();
    const none = { idleTimeoutMs: null, maxLifetimeMs: null, metadata: null };
    const base = { dataDir, clock, logger: silentLogger, signal: stop.signal, uptime };
    const life = await beginLife({ ...none, ...base, ...options });
    onTestFinished(() => life.close());
    return { life, stop };
  };
  const reboot = (): void => {
    boot.id = 'boot-2';
    boot.at = clock.now();
  };
  return { dataDir, clock, start, reboot };
}

describe('a host without work', () => {
  it('ends after the time that was given', async () => {
    const { clock, start } = await machine();
    const { life } = await start({ idleTimeoutMs: 10 * MINUTE });
    await clock.advance(10 * MINUTE - 1);
    expect(life.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(life.ends()).toMatchObject({ kind: 'idle', message: 'this host had no work for 10 min 00 s' });
    expect(life.signal.reason).toBeInstanceOf(HostEnds);
  });

  it('does not end while it works, however long, and has its full time after', async () => {
    const { clock, start } = await machine();
    const { life } = await start({ idleTimeoutMs: 10 * MINUTE });
    await clock.advance(9 * MINUTE);
    life.busy(true);
    await clock.advance(50 * HOUR);
    life.busy(false);
    await clock.advance(9 * MINUTE);
    life.busy(true);
    life.busy(false);
    await clock.advance(9 * MINUTE);
    expect(life.signal.aborted).toBe(false);
    await clock.advance(MINUTE);
    expect(life.ends()?.kind).toBe('idle');
  });

  it('ends also when its worker fails and is started again all the time', async () => {
    const { clock, start } = await machine();
    for (let minute = 0; minute < 9; minute += 1) {
      const { life } = await start({ idleTimeoutMs: 10 * MINUTE });
      await clock.advance(MINUTE);
      expect(life.signal.aborted).toBe(false);
      await life.close();
    }
    const { life } = await start({ idleTimeoutMs: 10 * MINUTE });
    await clock.advance(MINUTE);
    expect(life.ends()?.kind).toBe('idle');
    // And once more, should the machine still be there.
    const again = await start({ idleTimeoutMs: 10 * MINUTE });
    await clock.advance(0);
    expect(again.life.ends()?.kind).toBe('idle');
  });

  it('begins anew with a boot, and after a start that had work', async () => {
    const { clock, start, reboot } = await machine();
    const first = await start({ idleTimeoutMs: 10 * MINUTE });
    await clock.advance(9 * MINUTE);
    await first.life.close();
    reboot();
    const second = await start({ idleTimeoutMs: 10 * MINUTE });
    await clock.advance(9 * MINUTE);
    second.life.busy(true);
    await second.life.close();
    await clock.advance(HOUR);
    const third = await start({ idleTimeoutMs: 10 * MINUTE });
    await clock.advance(9 * MINUTE);
    expect(third.life.signal.aborted).toBe(false);
  });

  it('ends on a disk that keeps nothing', async () => {
    const { dataDir, clock, start } = await machine();
    await writeFile(join(dataDir, 'file'), '');
    const { life } = await start({ idleTimeoutMs: MINUTE, dataDir: join(dataDir, 'file', 'work') });
    await clock.advance(MINUTE);
    expect(life.ends()?.kind).toBe('idle');
  });

  it('that need not end has no record', async () => {
    const { dataDir, clock, start } = await machine();
    const { life } = await start({});
    life.busy(true);
    life.busy(false);
    await clock.advance(1000 * HOUR);
    expect([life.signal.aborted, await readdir(dataDir)]).toEqual([false, []]);
  });
});

describe('a host of some age', () => {
  it('ends, also in the middle of work', async () => {
    const { clock, start } = await machine();
    const { life } = await start({ maxLifetimeMs: 60 * 24 * HOUR, idleTimeoutMs: MINUTE });
    life.busy(true);
    await clock.advance(60 * 24 * HOUR - 1);
    expect(life.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(life.ends()).toMatchObject({ kind: 'lifetime', message: 'this worker has lived for 60 d 00 h' });
    // More than 2^31 ms at once would go off immediately.
    expect(Math.max(...clock.slept)).toBeLessThan(2 ** 31);
  });
});

describe('the end', () => {
  it('by a person is not one of the host', async () => {
    const { clock, start } = await machine();
    const { life, stop } = await start({ idleTimeoutMs: MINUTE, maxLifetimeMs: MINUTE });
    stop.abort(new Error('SIGTERM'));
    await clock.advance(HOUR);
    expect([life.signal.aborted, life.ends()]).toEqual([true, null]);
  });

  it('is the first of all reasons', async () => {
    const { clock, start } = await machine();
    const metadata = { get: async (item: string) => (item === 'spot/instance-action' ? '{}' : null) };
    const { life } = await start({ idleTimeoutMs: MINUTE, metadata });
    await clock.advance(HOUR);
    expect(life.ends()?.kind).toBe('reclaimed');
  });
});
