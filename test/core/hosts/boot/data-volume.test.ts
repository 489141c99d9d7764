import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DATA_VOLUME_SCRIPT } from '../../../../src/core/hosts/boot/data-volume.ts';

const run = promisify(execFile);
const GB = 1e9;

interface Disk {
  name: string;
  size?: number;
  model?: string;
  type?: string;
  readOnly?: boolean;
  /** Partitions and the like. */
  children?: number;
  mountedOn?: string;
  /** Shell lines that put something on the disk, `$1`. */
  prepare?: string;
}

const INSTANCE = 'Amazon EC2 NVMe Instance Storage';
const EBS = 'Amazon Elastic Block Store';

/**
 * Disks that are files, of which the real wipefs, blkid and mkfs tell and make what is on them; lsblk, mount and
 * mdadm are played, so that no disk of this machine is ever in question.
 */
async function machine(disks: Disk[], tools: { mdadm?: boolean; mounted?: boolean } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'replay-disks-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const play = async (name: string, lines: string): Promise<void> => {
    await writeFile(join(bin, name), `#!/bin/bash\n${lines}\n`);
    await chmod(join(bin, name), 0o755);
  };
  const paths = disks.map(({ name }) => join(folder, name));
  for (const [index, disk] of disks.entries()) {
    const file = await open(paths[index]!, 'w');
    await file.truncate(300 * 1024 * 1024);
    await file.close();
    if (disk.prepare) await run('bash', ['-ec', disk.prepare, 'sh', paths[index]!]);
  }
  const answers = disks.map((disk, index) => {
    const tree = ['x', ...Array.from({ length: disk.children ?? 0 }, () => 'y')].join('\\n');
    const { size = 500 * GB, model = EBS, type = 'disk', readOnly = false, mountedOn = '' } = disk;
    return `${paths[index]}) case "$1 $2" in
      *TYPE*) echo ${type} ;; *RO*) echo ' ${Number(readOnly)}' ;; *SIZE*) echo ${size} ;; *MODEL*) echo '${model}' ;;
      *MOUNTPOINT*) echo '${mountedOn}' ;; *NAME*) printf '${tree}\\n' ;; esac ;;`;
  });
  const all = paths.map((path) => `echo ${path}`).join('\n');
  await play('lsblk', `case "$3" in\n'') ${all === '' ? ':' : all} ;;\n${answers.join('\n')}\nesac`);
  const log = join(folder, 'log');
  await writeFile(log, '');
  await play('mount', `echo "mount $*" >>${log}`);
  await play('mountpoint', tools.mounted ? 'exit 0' : 'exit 1');
  // At the start of a machine disks are told of one by one.
  const settled = join(folder, 'settled');
  await play('udevadm', `[ "$1" = settle ] && touch ${settled}`);
  await play(
    'blkid',
    `[ -e ${settled} ] || exit 2; for disk in ${paths.join(' ')}; do [ "$(/sbin/blkid -p -o value -s LABEL $disk)" != "$2" ] || { echo $disk; exit 0; }; done; exit 2`,
  );
  await play(
    'mkfs.xfs',
    `echo "format \${!#}" >>${log}; [ ! -f "\${!#}" ] || exec /sbin/mkfs.ext4 -q -F -L "$3" "\${!#}"`,
  );
  if (tools.mdadm) await play('mdadm', `echo "mdadm $*" >>${log}`);
  await writeFile(join(folder, 'script'), DATA_VOLUME_SCRIPT);
  const target = join(folder, 'target');
  return {
    run: async () => {
      const env = { PATH: `${bin}:/usr/bin:/bin:/usr/sbin:/sbin` };
      await rm(settled, { force: true });
      const { stdout } = await run('bash', [join(folder, 'script'), target], { env });
      const said = (await readFile(log, 'utf8')).trim().replaceAll(`${folder}/`, '').split('\n');
      await writeFile(log, '');
      return { did: said.filter((line) => line !== ''), said: stdout };
    },
  };
}

const mounted = (name: string) => `mount -o noatime ${name} target`;

describe('the disk for the data', () => {
  test('is instance storage before all else, the largest of it without mdadm', async () => {
    const { run } = await machine([
      { name: 'root', children: 2, mountedOn: '/' },
      { name: 'ebs', size: 900 * GB },
      { name: 'nvme1', model: INSTANCE, size: 100 * GB },
      { name: 'nvme2', model: INSTANCE, size: 200 * GB },
    ]);
    expect((await run()).did).toEqual(['format nvme2', mounted('nvme2')]);
  });

  test('is one of several instance disks with mdadm', async () => {
    const disks = ['nvme1', 'nvme2'].map((name) => ({ name, model: INSTANCE }));
    const { run } = await machine(disks, { mdadm: true });
    const { did } = await run();
    const members = 'nvme2 nvme1';
    expect(did).toEqual([
      expect.stringMatching(`^mdadm --create /dev/md/replay .*--level=0 --raid-devices=2 ${members}$`),
      'format /dev/md/replay',
      mounted('/dev/md/replay'),
    ]);
  });

  test('is the largest empty disk where there is no instance storage, and stays the same, also when it is told of late', async () => {
    const { run } = await machine([
      { name: 'small', size: 20 * GB },
      { name: 'large', size: 900 * GB },
    ]);
    expect((await run()).did).toEqual(['format large', mounted('large')]);
    expect((await run()).did).toEqual([mounted('large')]);
  });

  test.each<[string, Partial<Disk>]>([
    ['a file system', { prepare: '/sbin/mkfs.ext4 -q "$1"' }],
    ['swap', { prepare: '/sbin/mkswap -q "$1"' }],
    [
      'a partition table',
      {
        prepare: String.raw`put() { printf "$2" | dd of="$disk" bs=1 seek="$1" conv=notrunc status=none; }; disk=$1
          put 446 '\0\0\0\0\203\0\0\0\0\10\0\0\0\20\0\0'; put 510 '\125\252'`,
      },
    ],
    [
      'LVM',
      {
        prepare:
          'printf "LABELONE\\1\\0\\0\\0\\0\\0\\0\\0" | dd of="$1" bs=1 seek=512 conv=notrunc status=none; printf "\\40\\0\\0\\0LVM2 001" | dd of="$1" bs=1 seek=532 conv=notrunc status=none',
      },
    ],
    ['partitions', { children: 1 }],
    ['something mounted', { mountedOn: '/srv' }],
    ['write protection', { readOnly: true }],
    ['another type', { type: 'rom' }],
    ['too little room', { size: 4 * GB }],
    ['a file system, on instance storage', { model: INSTANCE, prepare: '/sbin/mkfs.ext4 -q "$1"' }],
  ])('is none with %s', async (_, disk) => {
    const { run } = await machine([{ name: 'other', ...disk }]);
    expect(await run()).toEqual({ did: [], said: expect.stringContaining('the root disk is used') });
  });

  test('is left alone where it is mounted', async () => {
    const { run } = await machine([{ name: 'empty' }], { mounted: true });
    expect((await run()).did).toEqual([]);
  });

  test('is the root disk on a machine that has no other', async () => {
    const { run } = await machine([]);
    expect((await run()).said).toContain('the root disk is used');
  });
});
