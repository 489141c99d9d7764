import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EC2Client } from '@aws-sdk/client-ec2';
import { expect, onTestFinished, test } from 'vitest';
import { Ec2Provider } from '../../../../src/core/hosts/ec2/ec2-provider.ts';
import { LaunchedHosts } from '../../../../src/core/hosts/launched-hosts.ts';
import { LaunchJournal } from '../../../../src/core/hosts/launch-journal.ts';
import type { UpRequest } from '../../../../src/core/hosts/provider.ts';
import { upHosts } from '../../../../src/core/hosts/up-hosts.ts';
import { startEc2, type Ec2Server, type Ec2ServerOptions } from '../../../support/ec2-server/index.ts';
import { someEc2 } from '../support/settings.ts';

const FEW = { 'eu-west-1a': 1, 'eu-west-1b': 1 };
const signal = new AbortController().signal;

interface World {
  ec2: Ec2Server;
  provider: Ec2Provider;
  warnings: string[];
  /** Milliseconds since 1970. */
  clock: { now: number };
  /** The same once more, as the next process has it. */
  again: () => Ec2Provider;
}

/** A stand-in for EC2, and the provider with the real SDK, whose pauses take no time. */
async function world(options: Partial<Ec2ServerOptions> = {}): Promise<World> {
  const subnets = { 'subnet-0000000a': 'eu-west-1a', 'subnet-0000000b': 'eu-west-1b' };
  const ec2 = await startEc2({ subnets, ...options });
  const folder = await mkdtemp(join(tmpdir(), 'replay-ec2-'));
  const client = new EC2Client({
    region: 'eu-west-1',
    endpoint: ec2.url,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await ec2.close();
    await rm(folder, { recursive: true });
  });
  const warnings: string[] = [];
  const clock = { now: Date.UTC(2026, 10, 22) };
  const again = (): Ec2Provider =>
    new Ec2Provider({
      connection: { client, region: 'eu-west-1', endpoint: ec2.url },
      settings: someEc2({ instanceTypes: ['c7a.large'] }),
      prices: [],
      userData: () => '#!/bin/sh\n',
      journal: new LaunchJournal(folder),
      launched: new LaunchedHosts(folder, () => clock.now),
      warn: (line) => void warnings.push(line),
      sleep: () => Promise.resolve(),
      now: () => clock.now,
      random: () => 0,
    });
  return { ec2, provider: again(), warnings, clock, again };
}

function request(count: number, launchToken = 't-1', counted: string[] = []): UpRequest {
  const work = { idleSeconds: 900, lifetimeSeconds: 86_400, flags: [] };
  const join = { orchestrator: 'http://10.0.0.5:4000', token: null, prices: [], sha256: null, work };
  return { fleet: 'eos', run: '1', count, launchToken, counted, join };
}

const quiet = (): void => undefined;

/** A launch of which nobody has heard. */
async function unanswered({ ec2, provider }: World, count: number): Promise<void> {
  ec2.trouble('CreateFleet', { kind: 'lost-answer', times: 3 });
  await expect(provider.up(request(count), quiet, signal)).rejects.toMatchObject({ code: 'EC2_UNREACHABLE' });
}

test('hosts that are too few are ended, also when EC2 does not list them yet', async () => {
  const { ec2, provider, again, warnings } = await world({ capacity: FEW, lag: 8 });
  const options = { atLeast: 3, progress: quiet, signal };
  const { takenBack, notTakenBack } = await upHosts(provider, request(4), options);
  expect({ takenBack: takenBack.length, notTakenBack }).toEqual({ takenBack: 2, notTakenBack: [] });
  expect(ec2.cloud.up).toEqual([]);
  await again().lookBack('eos', signal);
  expect(warnings).toEqual([]);
});

test('what a launch in doubt has started is part of the next one', async () => {
  const all = await world();
  await unanswered(all, 2);
  const lines: string[] = [];
  const { started } = await all.again().up(request(3, 't-2'), (line) => void lines.push(line), signal);
  expect(started).toHaveLength(3);
  expect(all.ec2.cloud.up).toHaveLength(3);
  expect(lines.join('\n')).toMatch(/A launch of 2 was interrupted .*\nIt has started 2: i-/u);
  expect(all.ec2.cloud.templates).toEqual([]);
});

test('but for what was counted before', async () => {
  const all = await world();
  await unanswered(all, 2);
  const counted = all.ec2.cloud.up.map(({ id }) => id);
  const { started } = await all.again().up(request(1, 't-2', counted), quiet, signal);
  expect(started).toHaveLength(1);
  expect(all.ec2.cloud.up).toHaveLength(3);
});

test('while a launch stays in doubt, nothing is launched beside it', async () => {
  const all = await world();
  await unanswered(all, 2);
  all.ec2.trouble('CreateFleet', { kind: 'lost-answer', times: 3 });
  await expect(all.again().up(request(2, 't-2'), quiet, signal)).rejects.toMatchObject({
    code: 'EC2_UNREACHABLE',
  });
  expect(all.ec2.cloud.up).toHaveLength(2);
});

test('a launch in doubt whose template is gone is looked for by its tag', async () => {
  const all = await world();
  await unanswered(all, 2);
  all.ec2.cloud.templates.length = 0;
  all.ec2.cloud.fleets.length = 0;
  const { started } = await all.again().up(request(2, 't-2'), quiet, signal);
  expect(started).toHaveLength(2);
  expect(all.ec2.cloud.up).toHaveLength(2);
});

test('one that is so old that its hosts could not join is not asked for again', async () => {
  const all = await world();
  all.ec2.trouble('CreateFleet', { kind: 'lost-request', times: 3 });
  await expect(all.provider.up(request(2), quiet, signal)).rejects.toThrow('no answer');
  all.clock.now += 11 * 60_000;
  const { started } = await all.again().up(request(2, 't-2'), quiet, signal);
  expect(started).toHaveLength(2);
  await all.again().lookBack('eos', signal);
  expect(all.ec2.cloud.templates).toEqual([]);
});

test('hosts that EC2 lists one after the other are told when all are there', async () => {
  const all = await world();
  await unanswered(all, 2);
  const [first, second] = all.ec2.cloud.up;
  second!.unseen = 2;
  const provider = all.again();
  expect(await provider.unsettled('eos', signal)).toBe(1);
  expect(all.warnings).toEqual([expect.stringContaining(`it has started 1 so far: ${first!.id}`)]);
  expect(await provider.unsettled('eos', signal)).toBe(0);
  expect(all.warnings[1]).toContain(`it has started 2: ${first!.id} ${second!.id}`);
});

test('a request that fails holds up no other: all hosts that can be ended are', async () => {
  const { ec2, provider } = await world();
  for (let host = 0; host < 250; host += 1)
    ec2.cloud.addInstance({ tags: new Map([['replay:fleet', 'eos']]) });
  const ids = ec2.cloud.up.map(({ id }) => id);
  ec2.trouble('TerminateInstances', { kind: 'error', code: 'RequestLimitExceeded' });
  const { stopped, failed } = await provider.down('eos', ids, signal);
  expect({ stopped: stopped.length, failed: failed.length, up: ec2.cloud.up.length }).toEqual({
    stopped: 150,
    failed: 100,
    up: 100,
  });
  expect(failed[0]!.reason).toContain('one request too many');
});

test('an instance that somebody stopped is of the fleet, and can be ended', async () => {
  const { ec2, provider } = await world();
  const instance = ec2.cloud.addInstance({ state: 'stopped', tags: new Map([['replay:fleet', 'eos']]) });
  expect(await provider.list('eos', signal)).toMatchObject([{ id: instance.id, state: 'stopped' }]);
  expect(await provider.down('eos', [instance.id], signal)).toMatchObject({ stopped: [instance.id] });
  expect(instance.state).toBe('terminated');
});
