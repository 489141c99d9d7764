/** Which disk becomes that of the chain's state: real disks, real tools, a real start of the machine. */
import { describe, expect, test } from 'vitest';
import { DATA_VOLUME_SCRIPT } from '../../src/core/hosts/boot/data-volume.ts';
import { Scene } from '../e2e/support/scene.ts';
import { emptyDisk, foreignDisk, INSTANCE_STORAGE } from './support/disks.ts';
import { look } from './support/look.ts';
import { Machine } from './support/machine.ts';
import { patience } from './support/patience.ts';
import type { Disk } from './support/qemu-words.ts';

/** A machine without EC2, and the script in it. */
async function machineWith(scene: Scene, disks: readonly Disk[]) {
  const folder = scene.path('machine');
  const machine = await Machine.start({ folder, disks, ec2: false, forwards: [], boot: [] });
  scene.onEnd(() => machine.kill());
  await machine.read(
    `cat >/usr/local/bin/data-volume <<'END'\n${DATA_VOLUME_SCRIPT}END\nchmod 755 /usr/local/bin/data-volume`,
  );
  return { machine, mount: () => machine.read('/usr/local/bin/data-volume /data') };
}

describe('the disk for the state of the chain', () => {
  test(
    'is made of all instance storage, and found again at the next start',
    async () => {
      const scene = await Scene.create();
      const { machine, mount } = await machineWith(scene, [
        await emptyDisk(scene, 'large', 40),
        await emptyDisk(scene, 'one', 9, INSTANCE_STORAGE),
        await emptyDisk(scene, 'two', 9, INSTANCE_STORAGE),
      ]);
      const said = await mount();
      expect(said).toContain('replay: formats /dev/md/replay');
      const mounted = {
        label: 'findmnt -no FSTYPE,LABEL /data',
        // In GiB.
        size: 'echo "$(($(findmnt -bno SIZE /data) >> 30))"',
        members: 'lsblk -rno TYPE | grep -c raid0',
      };
      const before = await look(machine, mounted);
      expect(before).toMatchObject({ label: expect.stringMatching(/^xfs +replay-data$/u), members: '2' });
      expect(Number(before.size)).toBeGreaterThan(16);
      await machine.read('date >/data/kept');

      await machine.reboot();
      expect(await mount()).not.toContain('formats');
      expect(await look(machine, mounted)).toEqual(before);
      expect(await machine.read('ls /data')).toBe('kept\n');
    },
    patience(90),
  );

  test(
    "is that of the root where every other one could be somebody's, or is too small",
    async () => {
      const scene = await Scene.create();
      const { machine, mount } = await machineWith(scene, [
        await foreignDisk(scene, 'file-system', 12, INSTANCE_STORAGE),
        await emptyDisk(scene, 'partitions', 12),
        await emptyDisk(scene, 'swap', 12),
        await emptyDisk(scene, 'small', 4),
      ]);
      const disks = (await machine.read('lsblk -dbno PATH,SERIAL --include 259,8')).split('\n');
      const disk = (serial: string) => disks.find((line) => line.endsWith(serial))?.split(' ')[0];
      await machine.read(`echo 'label: gpt' | sfdisk ${disk('vol2')}; mkswap ${disk('vol3')}`);
      const signatures = 'for each in $(lsblk -dnpo NAME); do wipefs --no-act --parsable $each; done';
      const before = await machine.read(signatures);
      expect(await mount()).toBe('replay: there is no empty disk: the root disk is used\n');
      expect(await machine.read(signatures)).toBe(before);
    },
    patience(60),
  );
});
