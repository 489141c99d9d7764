import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { connectEc2 } from '../../../src/core/hosts/ec2/client.ts';
import { Ec2Provider } from '../../../src/core/hosts/ec2/ec2-provider.ts';
import { LaunchedHosts } from '../../../src/core/hosts/launched-hosts.ts';
import { LaunchJournal } from '../../../src/core/hosts/launch-journal.ts';
import type { UpRequest } from '../../../src/core/hosts/provider.ts';
import { someEc2 } from '../../core/hosts/support/settings.ts';
import { startEc2 } from '../../support/ec2-server/index.ts';
import { Params } from '../../support/ec2-server/params.ts';
import type { Access } from '../../support/iam/policy.ts';

const NEVER = new AbortController().signal;

const REQUEST: UpRequest = {
  fleet: 'eos',
  run: '1',
  count: 2,
  launchToken: 't-1',
  join: {
    orchestrator: 'http://10.0.0.5:4000',
    token: null,
    prices: [],
    sha256: 'a'.repeat(64),
    work: { idleSeconds: 900, lifetimeSeconds: 86_400, flags: [] },
  },
};

/** Everything that IAM is asked about while a fleet with all that settings can name is launched, listed and ended. */
export async function launchAccesses(): Promise<Access[]> {
  const ec2 = await startEc2({
    subnets: { 'subnet-0000000a': 'eu-west-1a', 'subnet-0000000b': 'eu-west-1b' },
  });
  const folder = await mkdtemp(join(tmpdir(), 'replay-policies-'));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
    await ec2.close();
  });
  vi.stubEnv('AWS_ENDPOINT_URL_EC2', ec2.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const disk = [
    ['BlockDeviceMapping.1.DeviceName', '/dev/xvdb'],
    ['BlockDeviceMapping.1.Ebs.SnapshotId', 'snap-0000000a'],
  ] as const;
  const data = new Params(new Map(disk));
  ec2.cloud.templates.push({ id: 'lt-0000000a', name: 'base', token: '', tags: new Map(), data });
  const provider = new Ec2Provider({
    connection: await connectEc2('eu-west-1', process.env),
    settings: someEc2({
      spotShare: 50,
      instanceProfile: 'replay-host',
      keyName: 'mine',
      launchTemplate: { idOrName: 'base', version: '$Default' },
      tags: { team: 'chain' },
    }),
    prices: [],
    userData: () => '#!/bin/sh\n',
    journal: new LaunchJournal(folder),
    launched: new LaunchedHosts(folder, () => 0),
    warn: () => undefined,
    sleep: () => Promise.resolve(),
    now: () => 0,
    random: () => 0,
  });
  await provider.dryRunUp(REQUEST, NEVER);
  const { started } = await provider.up(REQUEST, () => undefined, NEVER);
  const ids = started.map(({ id }) => id);
  await provider.dryRunDown('eos', ids, NEVER);
  await provider.down('eos', ids, NEVER);
  await provider.cleanUp('eos', NEVER);
  provider.close();
  return ec2.cloud.guard.asked;
}
