import { expect, test } from 'vitest';
import { arriving, bootSeconds } from '../../../src/core/hosts/boot-time.ts';
import { outlookOf } from '../../../src/core/hosts/outlook.ts';
import { formatUtc } from '../../../src/core/domain/time.ts';
import { aRecord, aView, MINUTE, NOW } from './support/builders.ts';
import { aHost } from './support/memory-provider.ts';
import { someEc2, someSettings } from './support/settings.ts';

/** Spoke first so long after its launch. */
function spoke(seconds: number, run: string | null = '1') {
  const launchedAt = NOW - 60 * MINUTE;
  const first_seen = formatUtc(new Date(launchedAt + seconds * 1000));
  return aView('idle', { host: aHost({ launchedAt, run }), record: aRecord({ first_seen }) });
}

test.each([
  ['what is usual, with no host', [], 180],
  ['that of the hosts that have spoken', [spoke(100), spoke(400), spoke(90)], 100],
  ['not that of hosts that were heard late', [spoke(3000), spoke(100)], 100],
  ['not that of hosts of another run', [spoke(100, '2'), spoke(100, null)], 180],
  ['not less than nothing', [spoke(-5), spoke(0)], 180],
])('the time that a host takes to boot is %s', (_, views, seconds) => {
  expect(bootSeconds(views, 'ec2', '1')).toBe(seconds);
});

test('hosts that are booting come when their time is over, or at once', () => {
  const views = [aView('booting', { ageMs: MINUTE }), aView('booting', { ageMs: 9 * MINUTE }), aView('idle')];
  expect(arriving(views, 180)).toEqual([120, 0]);
});

const LEFT = { low_seconds: 3600, likely_seconds: 7200, high_seconds: 9000 };
const RECORD = {
  hosts_usable: 2,
  hosts: 2,
  time_left: LEFT,
  time_left_with_hosts: { ...LEFT, likely_seconds: 3600 },
};

test('the cost is that of the fleet until the run ends', () => {
  const prices = [{ type: 'c7a.large', purchase: null, pricePerHour: 0.5 }];
  const settings = someSettings({ prices, ec2: someEc2({ instanceTypes: ['c7a.large'] }) });
  const view = aView('at-work', { host: aHost({ pricePerHour: 0.25 }) });
  expect(outlookOf(settings, [view], 180, RECORD)).toMatchObject({ usd: 0.5, usd_with_hosts: 1.25 });
  const unknown = aView('at-work', { host: aHost({ pricePerHour: null }) });
  expect(outlookOf(settings, [view, unknown], 180, RECORD)).toMatchObject({
    usd: null,
    usd_with_hosts: null,
  });
  expect(outlookOf(someSettings(), [view], 180, RECORD)).toMatchObject({ usd: 0.5, usd_with_hosts: null });
  const alone = { ...RECORD, time_left: null };
  expect(outlookOf(settings, [], 180, alone)).toMatchObject({
    time_left: null,
    usd: null,
    usd_with_hosts: 1,
  });
});
