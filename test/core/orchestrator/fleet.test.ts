import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { NO_FORMER_HOSTS } from '../../../src/core/domain/cost.ts';
import { Fleet, FORGET_MS, MAX_HOSTS, SEEN_MS } from '../../../src/core/orchestrator/fleet.ts';
import { FIRST_WRITE_MS, FleetKeeper, WRITE_EVERY_MS } from '../../../src/core/orchestrator/fleet-keeper.ts';
import type { KeptFleet } from '../../../src/core/store/fleet-file.ts';
import { parseHostReport } from '../../../src/core/protocol/host-report.ts';
import { recordingLogger } from './harness.ts';
import { ManualMonotonic } from './manual-monotonic.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 22, 10);
const NOTHING: KeptFleet = { former: NO_FORMER_HOSTS, hosts: [] };

const priced = (price: number) => parseHostReport({ price_per_hour: price });

function aFleet(kept: KeptFleet = NOTHING, start = START) {
  const clock = new ManualMonotonic();
  const wall = { now: new Date(start) };
  const fleet = new Fleet({ clock, now: () => wall.now, kept, onChange: () => undefined });
  return { fleet, clock, wall };
}

describe('the hosts of a run', () => {
  test('are there for two minutes after their last word', () => {
    const { fleet, clock } = aFleet();
    fleet.heard('a');
    clock.advance(SEEN_MS - 1);
    expect(fleet.get('a')).toMatchObject({ isSeen: true, silentMs: SEEN_MS - 1 });
    clock.advance(1);
    expect(fleet.get('a')).toMatchObject({ isSeen: false });
  });

  test('cost money between their words', () => {
    const { fleet, clock } = aFleet();
    fleet.report('a', priced(6));
    clock.advance(5 * MINUTE);
    fleet.heard('a');
    clock.advance(5 * MINUTE);
    fleet.report('a', priced(6));
    expect(fleet.cost()).toMatchObject({ usd: 1, usdPerHour: 6 });
    // Nothing more is known of what comes after.
    clock.advance(MINUTE);
    expect(fleet.cost()).toMatchObject({ usd: 1 });
  });

  test('cost no more and no less when somebody sets the wall clock', () => {
    const { fleet, clock, wall } = aFleet();
    fleet.report('a', priced(6));
    for (const year of [1970, 2099, 2026]) {
      wall.now = new Date(Date.UTC(year, 5, 1));
      clock.advance(5 * MINUTE);
      fleet.heard('a');
    }
    expect(fleet.cost()!.usd).toBeCloseTo(1.5, 9);
  });

  test('are forgotten after a day of silence, but for their part of the cost', () => {
    const { fleet, clock } = aFleet();
    fleet.report('a', priced(6));
    clock.advance(10 * MINUTE);
    fleet.heard('a');
    clock.advance(FORGET_MS);
    fleet.heard('b');
    expect(fleet.all().map(({ workerId }) => workerId)).toEqual(['b']);
    expect(fleet.cost()).toEqual({ usd: 1, usdPerHour: 0, hostsPriced: 1, hostsUnpriced: 1 });
  });

  test('are so many at most: the one that was silent longest goes', () => {
    const { fleet } = aFleet();
    fleet.report('first', priced(6));
    fleet.heard('second');
    for (let index = 0; index < MAX_HOSTS - 2; index += 1) fleet.heard(`made-up-${index}`);
    fleet.heard('first');
    fleet.heard('one too many');
    const names = new Set(fleet.all().map(({ workerId }) => workerId));
    expect(names.size).toBe(MAX_HOSTS);
    expect([names.has('first'), names.has('second')]).toEqual([true, false]);
  });
});

describe('after a restart', () => {
  const kept = (): KeptFleet => {
    const { fleet, clock, wall } = aFleet();
    fleet.report('a', priced(6));
    clock.advance(10 * MINUTE);
    wall.now = new Date(START + 10 * MINUTE);
    fleet.heard('a');
    return fleet.kept();
  };

  test.each([
    ['of 5 minutes, which count', 15 * MINUTE, 1.5],
    ['of hours, of which ten minutes count', 500 * MINUTE, 2],
    ['with a wall clock that was set back, which count for nothing', -500 * MINUTE, 1],
  ])('the cost goes on after an absence %s', (_what, later, usd) => {
    const { fleet } = aFleet(kept(), START + later);
    expect(fleet.cost()).toMatchObject({ usd: 1 });
    fleet.heard('a');
    expect(fleet.cost()!.usd).toBeCloseTo(usd, 9);
    expect(fleet.get('a')).toMatchObject({ firstSeen: START, report: null });
  });
});

describe('fleet.json', () => {
  async function aFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'replay-fleet-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  async function open(runFolder: string) {
    const clock = new ManualMonotonic();
    const { log, logger } = recordingLogger();
    const keeper = await FleetKeeper.open({ runFolder, clock, now: () => new Date(START), logger });
    return { keeper, clock, log };
  }

  const written = (folder: string) => readFile(join(folder, 'fleet.json'), 'utf8').catch(() => null);

  test('is written soon after the start, then once a minute at most, and at the end', async () => {
    const folder = await aFolder();
    const { keeper, clock } = await open(folder);
    expect(clock.timers).toBe(0);
    const writes = vi.spyOn(keeper.hosts, 'kept');
    const hearFor = (ms: number): void => {
      for (let passed = 0; passed < ms; passed += 1000) {
        keeper.hosts.heard('a');
        clock.advance(1000);
      }
    };
    // The first one comes soon: a host that the file names is counted from there.
    hearFor(FIRST_WRITE_MS);
    await vi.waitFor(() => expect(writes).toHaveBeenCalledTimes(1));
    hearFor(WRITE_EVERY_MS - 1000);
    expect([writes.mock.calls.length, clock.timers]).toEqual([1, 1]);
    hearFor(1000);
    await vi.waitFor(() => expect(writes).toHaveBeenCalledTimes(2));
    keeper.hosts.heard('b');
    await keeper.close();
    expect(clock.timers).toBe(0);
    const { hosts } = JSON.parse((await written(folder))!) as KeptFleet;
    expect(hosts.map(({ workerId }) => workerId)).toEqual(['a', 'b']);
  });

  test('brings back what was written', async () => {
    const folder = await aFolder();
    const first = await open(folder);
    first.keeper.hosts.report('a', priced(6));
    first.clock.advance(10 * MINUTE);
    first.keeper.hosts.heard('a');
    const cost = first.keeper.hosts.cost();
    await first.keeper.close();
    const second = await open(folder);
    expect(second.keeper.hosts.cost()).toEqual(cost);
    expect(second.log).toEqual([]);
  });

  test.each([
    ['nothing', ''],
    ['half of it', '{"former": {"usd": 1, "priced": 1, "unpri'],
    ['something else', '[]'],
    ['null', 'null'],
    ['no sum', '{"former": {"usd": -1, "priced": 0, "unpriced": 0}, "hosts": []}'],
    ['a host that is none', '{"former": {"usd": 0, "priced": 0, "unpriced": 0}, "hosts": [null]}'],
    [
      'a time that is none',
      JSON.stringify({
        former: NO_FORMER_HOSTS,
        hosts: [
          {
            workerId: 'a',
            firstSeen: 1e300,
            lastHeard: 0,
            account: { pricePerHour: null, countedMs: 0, unpricedMs: 0, usd: 0 },
          },
        ],
      }),
    ],
  ])('that holds %s stops nothing, and the log says so', async (_what, content) => {
    const folder = await aFolder();
    await writeFile(join(folder, 'fleet.json'), content);
    const { keeper, log } = await open(folder);
    expect(keeper.hosts.all()).toEqual([]);
    expect(log.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'what hosts have cost so far is not known any more'],
    ]);
    keeper.hosts.heard('a');
    await keeper.close();
    expect(await written(folder)).toContain('"workerId":"a"');
  });

  test('that cannot be written stops nothing, is said once, and is tried again', async () => {
    const folder = await aFolder();
    const { keeper, clock, log } = await open(join(folder, 'not-there'));
    for (let minute = 0; minute < 3; minute += 1) {
      keeper.hosts.heard('a');
      clock.advance(WRITE_EVERY_MS);
    }
    await keeper.close();
    expect(log.map(({ message }) => message)).toEqual(['what hosts have cost cannot be stored for now']);
  });
});
