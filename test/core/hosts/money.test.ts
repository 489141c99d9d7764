import { describe, expect, test } from 'vitest';
import { moneyOf, spentOf } from '../../../src/core/hosts/money.ts';
import type { RunFacts } from '../../../src/core/hosts/run-facts.ts';
import { aRecord, aView } from './support/builders.ts';
import { aHost } from './support/memory-provider.ts';
import { someEc2, someSettings } from './support/settings.ts';

const FACTS: RunFacts = {
  run: '2',
  openJobs: 5,
  waitingJobs: 5,
  spent: 10,
  hoursLeft: 3,
  isPaused: false,
  hosts: [],
};

/** A host that has cost so much by its age, and so much as the orchestrator counts. */
function host(costUsd: number | null, counted: number | null, run: string | null = '2') {
  const record = counted === null ? null : aRecord({ cost_usd: counted });
  return aView('idle', { costUsd, record, host: aHost({ run }) });
}

describe('what is spent', () => {
  test.each([
    ['what the orchestrator has counted', [], 10],
    ['with the time that hosts took to boot', [host(1.5, 1)], 10.5],
    ['with hosts that never spoke', [host(1.5, null), host(0.5, null)], 12],
    ['with hosts that did not tell the orchestrator their price', [host(1.5, 0)], 11.5],
    ['not less where the place counts less', [host(0.5, 1)], 10],
    ['without hosts of another run', [host(1.5, null, '1')], 10],
    ['with hosts of which that is not known', [host(1.5, null, null)], 11.5],
    ['as far as prices are known', [host(null, 1)], 10],
  ])('is %s', (_, views, usd) => {
    expect(spentOf(views, FACTS)).toBeCloseTo(usd);
  });

  test('is what the place tells when the disk of the orchestrator is lost', () => {
    const fresh = { ...FACTS, spent: 0, hosts: [] };
    expect(spentOf([host(1.5, null), host(2, null)], fresh)).toBeCloseTo(3.5);
    expect(spentOf([host(1.5, null), host(2, null, '1')], null)).toBeCloseTo(3.5);
  });
});

describe('the budget', () => {
  const prices = [{ type: 'c7a.large', purchase: null, pricePerHour: 0.5 }];
  const settings = someSettings({ budget: 20, prices, ec2: someEc2({ instanceTypes: ['c7a.large'] }) });

  test('is for the time that is left, an hour at least', () => {
    expect(moneyOf(settings, [], FACTS)?.hours).toBe(3);
    expect(moneyOf(settings, [], { ...FACTS, hoursLeft: 0.1 })?.hours).toBe(1);
    expect(moneyOf(settings, [], null)?.hours).toBe(1);
    expect(moneyOf(someSettings(), [], FACTS)).toBeNull();
  });

  test('pays for the hosts that are there, of whatever run, and for those that may be', () => {
    const here = aView('at-work', { host: aHost({ pricePerHour: 0.3, run: '1' }) });
    const gone = aView('ended', { host: aHost({ state: 'ended', pricePerHour: 9 }) });
    expect(moneyOf(settings, [here, gone], FACTS)).toMatchObject({ ratePerHour: 0.3, unpriced: 0 });
    expect(moneyOf(settings, [here], FACTS, 2)).toMatchObject({ ratePerHour: 1.3 });
  });

  test('knows of hosts whose price is not known, but for those that nobody is paid for', () => {
    const unknown = aView('at-work', { host: aHost({ pricePerHour: null }) });
    const own = aView('at-work', { host: aHost({ pricePerHour: null, purchase: null }) });
    const gone = aView('ended', { host: aHost({ state: 'ended', pricePerHour: null }) });
    expect(moneyOf(settings, [unknown, own, gone], FACTS)).toMatchObject({ unpriced: 1 });
  });
});
