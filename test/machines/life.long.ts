/** What befalls a machine in its life, and what becomes of its job and of the machine. */
import { describe, expect, test } from 'vitest';
import type { HostRecord } from '../../src/core/protocol/host-record.ts';
import { Scene } from '../e2e/support/scene.ts';
import { until } from '../e2e/support/until.ts';
import { emptyDisk, INSTANCE_STORAGE } from './support/disks.ts';
import { look } from './support/look.ts';
import { type MachineFleet, machineFleet, type MachineFleetOptions } from './support/machine-fleet.ts';
import { patience } from './support/patience.ts';

const WHOLE_LIFE = patience(150);
/** A job that no machine gets to the end of. */
const SLOW = 2;

/** A fleet with one machine that is at its job. */
async function atWork(options: MachineFleetOptions = {}): Promise<MachineFleet> {
  const fleet = await machineFleet({ blocksPerSecond: SLOW, ...options });
  expect(await fleet.hosts(['up', '1', '--yes'])).toMatchObject({ code: 0 });
  await fleet.untilJob('is being replayed', ({ status }) => status === 'WORKING');
  return fleet;
}

/** Waits until the machine is off, and returns why EC2 has ended the instance. */
async function reasonOfEnd({ ec2 }: MachineFleet): Promise<string> {
  await until('the end of the machine', () => ec2.cloud.up.length === 0, patience(60));
  return ec2.cloud.instances.map(({ state, stateReason }) => `${state}: ${stateReason}`).join();
}

const BY_ITSELF = 'terminated: Client.InstanceInitiatedShutdown: Instance initiated shutdown';

describe('a machine', () => {
  test(
    'that is started again is the same host on the same disk, and goes at its age, also when the worker hangs',
    async () => {
      const scene = await Scene.create();
      // Instance storage is taken before a larger disk.
      const disks = [
        await emptyDisk(scene, 'large', 12),
        await emptyDisk(scene, 'fast', 10, INSTANCE_STORAGE),
      ];
      const fleet = await atWork({ scene, disks, work: { max_lifetime: '1h' } });
      const { machine } = await fleet.theMachine();
      const kept = {
        disk: 'findmnt -no SOURCE,LABEL /var/lib/replay',
        joined: 'cat /var/lib/replay/work/joined.json',
        birth: 'cut -d " " -f 1 /var/lib/replay-age/*',
      };
      const before = await look(machine, kept);
      expect(before.disk).toMatch(/^\/dev\/sd. +replay-data$/u);

      await machine.reboot();
      await fleet.untilJob(
        'is being replayed once more',
        ({ status, attempt }) => status === 'WORKING' && attempt === 2,
      );
      expect(await look(machine, kept)).toEqual(before);
      expect(await fleet.ask<HostRecord[]>('/hosts')).toHaveLength(1);

      // As if it had been launched an hour ago.
      const birth = Number(before.birth) - 3600;
      await machine.read(
        `systemctl kill --signal=STOP replay-work && sed -i 's/^[0-9]*/${birth}/' /var/lib/replay-age/*`,
      );
      expect(await reasonOfEnd(fleet)).toBe(BY_ITSELF);
    },
    WHOLE_LIFE,
  );

  test(
    'that is ended by hosts down gives its job back first',
    async () => {
      const fleet = await atWork();
      expect(await fleet.hosts(['down', '--all', '--yes'])).toMatchObject({ code: 0 });
      const job = await fleet.untilJob('was given back', ({ status }) => status === 'WAITING_4_WORKER');
      expect(job.error_cause).toBe('interrupted');
      await (
        await fleet.theMachine()
      ).machine.ended;
    },
    WHOLE_LIFE,
  );

  test(
    'that EC2 takes back gives its job back at once, and goes',
    async () => {
      const fleet = await atWork({ fleet: { spot_share: 100 } });
      const { imds } = await fleet.theMachine();
      const notice = { action: 'terminate', time: '2026-11-22T08:22:00Z' };
      imds.items.set('spot/instance-action', JSON.stringify(notice));
      const job = await fleet.untilJob('was given back', ({ status }) => status === 'WAITING_4_WORKER');
      expect(job.error_cause).toBe('interrupted');
      expect(await reasonOfEnd(fleet)).toBe(BY_ITSELF);
    },
    WHOLE_LIFE,
  );

  test(
    'whose worker ends with an error that waiting does not mend is switched off',
    async () => {
      const fleet = await machineFleet({ work: { flags: ['--min-free-disk=none'] } });
      expect(await fleet.hosts(['up', '1', '--yes'])).toMatchObject({ code: 0 });
      expect(await reasonOfEnd(fleet)).toBe(BY_ITSELF);
    },
    WHOLE_LIFE,
  );

  test(
    'that cannot fetch the program is switched off',
    async () => {
      const fleet = await machineFleet({ work: { idle_timeout: '10s' } });
      expect(await fleet.hosts(['up', '1', '--yes'])).toMatchObject({ code: 0 });
      fleet.orchestrator.running.kill('SIGTERM');
      expect(await reasonOfEnd(fleet)).toBe(BY_ITSELF);
    },
    WHOLE_LIFE,
  );
});
