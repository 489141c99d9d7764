import { PriceBook } from '../../../../src/core/hosts/price-book.ts';
import type { Ec2Settings, FleetSettings } from '../../../../src/core/hosts/settings/settings.ts';

export function someEc2(fields: Partial<Ec2Settings> = {}): Ec2Settings {
  return {
    region: 'eu-west-1',
    subnets: ['subnet-0000000a', 'subnet-0000000b'],
    securityGroups: ['sg-0000000a'],
    instanceTypes: ['c7a.large', 'm7a.large'],
    image: 'ami-0000000a',
    volume: { sizeGib: null, type: null, iops: null, throughput: null, device: null },
    instanceProfile: null,
    keyName: null,
    spotShare: 0,
    priceCap: null,
    fetchPrices: false,
    launchTemplate: null,
    tags: {},
    ...fields,
  };
}

export function someSettings(fields: Partial<FleetSettings> = {}): FleetSettings {
  return {
    name: 'eos',
    provider: 'ec2',
    orchestrator: 'http://10.0.0.5:4000',
    budget: null,
    maxHosts: 5,
    idleAfterSeconds: 120,
    prices: [],
    work: { idleSeconds: 900, lifetimeSeconds: 86_400, flags: [] },
    ec2: someEc2(),
    ssh: { hosts: [], options: [] },
    local: { workers: 1 },
    ...fields,
  };
}

/** With the prices of the settings alone. */
export function aBook(settings: FleetSettings): PriceBook {
  const fetch = async () => ({ prices: [], warnings: [] });
  return new PriceBook({ settings, fetch, warn: () => undefined, now: () => 0 });
}
