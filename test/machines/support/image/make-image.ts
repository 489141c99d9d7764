import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { aptSource } from './apt-source.ts';
import { RECIPE } from './recipe.ts';

const run = promisify(execFile);

/** Where the partition begins, as fdisk has it. Bytes. */
const START = 1024 * 1024;

/**
 * Makes a Debian with debootstrap and puts it on a disk, beside the kernel that boots it: `disk.raw`, `vmlinuz`.
 * A folder that is there is whole: it is renamed when it is ready.
 * @param folder is made
 */
export async function makeImage(folder: string): Promise<void> {
  const part = `${folder}.part`;
  const root = join(part, 'root');
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  await debootstrap(root);
  await configure(root);
  await copyFile(join(root, 'boot', await kernelIn(root)), join(part, 'vmlinuz'));
  await writeDisk(root, join(part, 'disk.raw'));
  await rm(root, { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await rename(part, folder);
}

async function debootstrap(root: string): Promise<void> {
  const { mirror, env } = await aptSource(RECIPE.suite);
  const include = `--include=${RECIPE.packages.join(',')}`;
  const words = ['--variant=minbase', include, RECIPE.suite, root, ...(mirror === null ? [] : [mirror])];
  // The kernel needs no initrd: what the disk needs is built in.
  const environment = { ...process.env, ...env, INITRD: 'No', DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('debootstrap', words, { env: environment, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const said = `${stdout}${stderr}`.trim().split('\n').slice(-8).join('\n');
    throw new Error(`debootstrap could not make a Debian (it needs root):\n${said}`, { cause: error });
  }
}

async function configure(root: string): Promise<void> {
  for (const [path, text] of Object.entries(RECIPE.files)) {
    await rm(join(root, path), { force: true });
    await mkdir(join(root, dirname(path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await run('chroot', [root, 'systemctl', 'enable', ...RECIPE.enabled]);
  await run('chroot', [root, 'systemctl', 'mask', ...RECIPE.masked]);
  for (const folder of ['var/cache/apt/archives', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man']) {
    await rm(join(root, folder), { recursive: true, force: true });
  }
}

async function kernelIn(root: string): Promise<string> {
  const kernel = (await readdir(join(root, 'boot'))).find((name) => name.startsWith('vmlinuz-'));
  if (kernel === undefined) throw new Error(`${root} has no kernel`);
  return kernel;
}

/** One partition, as the disks of images for EC2 have. */
async function writeDisk(root: string, disk: string): Promise<void> {
  const bytes = RECIPE.diskGib * 1024 ** 3;
  await writeFile(disk, '');
  await truncate(disk, bytes);
  const table = `label: gpt\nstart=${START / 512}, type=linux, uuid=${RECIPE.partition}, name=root\n`;
  const sfdisk = run('sfdisk', ['--quiet', disk]);
  sfdisk.child.stdin!.end(table);
  await sfdisk;
  // Room for the second table at the end.
  const kib = (bytes - 2 * START) / 1024;
  const options = ['-q', '-t', 'ext4', '-L', 'root', '-E', `offset=${START}`, '-d', root];
  await run('mke2fs', [...options, disk, `${kib}k`]);
}
