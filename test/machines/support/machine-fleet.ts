import { cp, mkdir } from 'node:fs/promises';
import { onTestFailed } from 'vitest';
import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import { type FleetScene, type FleetSceneOptions, fleetScene } from '../../e2e/support/ec2.ts';
import { buildDeb } from '../../e2e/support/deb.ts';
import { freePort } from '../../e2e/support/ports.ts';
import { Scene } from '../../e2e/support/scene.ts';
import { until } from '../../e2e/support/until.ts';
import { start as startFiles } from '../../support/http-file-server/index.ts';
import { Ec2Machines, type MachineInstance } from './ec2-machines.ts';
import { debianImage } from './image/debian-image.ts';
import { patience } from './patience.ts';
import { type Disk, GATEWAY } from './qemu-words.ts';

const DEB = 'antelope-spring_1.2.2_amd64.deb';
const ADMIN = 'the-token-of-serve-0123456789';

export interface MachineFleetOptions extends FleetSceneOptions {
  disks?: readonly Disk[];
  /** Laid over the section work of the settings. */
  work?: object;
  blocksPerSecond?: number;
}

export interface MachineFleet extends FleetScene {
  /** Asks the orchestrator as an administrator. */
  ask: <T>(path: string, accept?: string) => Promise<T>;
  /** The answer to somebody who wants to join with that token. */
  join: (token: string) => Promise<number>;
  /** Waits until the first job is as described. */
  untilJob: (what: string, isSo: (job: FullJobRecord) => boolean) => Promise<FullJobRecord>;
  /** The machine of the one host that is there. */
  theMachine: () => Promise<MachineInstance>;
}

/**
 * A fleet whose instances are machines: they fetch user data from their metadata service, the program from the
 * orchestrator, nodeos and the chain from a web server.
 */
export async function machineFleet(options: MachineFleetOptions = {}): Promise<MachineFleet> {
  const { disks = [], work = {}, blocksPerSecond, scene = await Scene.create(), ...others } = options;
  // Made first, and not in the time of those who wait for it.
  await debianImage();
  const machines = new Ec2Machines(scene, disks);
  const files = await startFiles({ root: scene.folder });
  scene.onEnd(() => files.close());
  const reached = `http://${GATEWAY}:${new URL(files.url).port}`;
  const nodeos = { program: '/usr/local/bin/replay', ...(blocksPerSecond ? { blocksPerSecond } : {}) };
  const deb = await buildDeb(scene, DEB, '1.2.2', nodeos);
  await mkdir(scene.path('debs'));
  await cp(deb, scene.path('debs', DEB));
  const port = await freePort();
  const fleet = await fleetScene({
    scene,
    port,
    slices: 1,
    chain: { baseUrl: `${reached}/chain/` },
    serve: ['--token', ADMIN],
    env: { REPLAY_TOKEN: ADMIN },
    ...others,
    ec2: { machines, ...others.ec2 },
    settings: {
      orchestrator: `http://${GATEWAY}:${port}`,
      work: {
        idle_timeout: '20s',
        flags: [`--deb-url=${reached}/debs/{file}`, '--min-free-disk=0', '--progress-interval=1'],
        ...work,
      },
      ...others.settings,
    },
  });
  const theMachine = (): Promise<MachineInstance> => {
    const [instance] = fleet.ec2.cloud.instances;
    if (instance === undefined) throw new Error('No instance was launched');
    return machines.of(instance);
  };
  onTestFailed(async () => {
    for (const instance of fleet.ec2.cloud.instances) {
      const { machine, imds } = await machines.of(instance);
      const asked = imds.asked.slice(-10).join('\n');
      process.stderr.write(`${instance.id}:\n${machine.story()}\nThe last it asked for:\n${asked}\n`);
    }
  });
  const { url } = fleet.orchestrator;
  const ask = async <T>(path: string, accept = 'application/json'): Promise<T> => {
    const headers = { Authorization: `Bearer ${ADMIN}`, Accept: accept };
    const response = await fetch(`${url}${path}`, { headers });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const join = async (token: string): Promise<number> => {
    const body = JSON.stringify({ nonce: 'n'.repeat(40), name: 'somebody' });
    const headers = { Authorization: `Bearer ${token}` };
    return (await fetch(`${url}/join`, { method: 'POST', headers, body })).status;
  };
  const untilJob = (what: string, isSo: (job: FullJobRecord) => boolean): Promise<FullJobRecord> =>
    until(
      `job 1 ${what}`,
      async () => {
        const { isOff } = (await theMachine()).machine;
        const job = await ask<FullJobRecord>('/job?jobid=1', 'application/vnd.replay.job+json');
        if (isSo(job)) return job;
        if (isOff) throw new Error(`The machine has switched itself off before job 1 ${what}`);
        return null;
      },
      patience(60),
    );
  return { ...fleet, ask, join, untilJob, theMachine };
}
