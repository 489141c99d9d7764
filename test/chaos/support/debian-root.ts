import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scene } from '../../e2e/support/scene.ts';

/**
 * What is played in it: there is no systemd, and the disks of this machine must not be looked at, let alone
 * formatted. `systemctl` writes down what it is asked, and runs what a unit of the type oneshot would.
 */
const PLAYED: Record<string, string> = {
  systemctl: `echo "$*" >>/systemctl.log
if [ "$1 $2" = 'enable --now' ] && [ "\${3##*.}" = service ]; then
  sed -n 's/^ExecStart[A-Za-z]*=//p' "/etc/systemd/system/$3" | sh -e
fi`,
  lsblk: ':',
  blkid: 'exit 2',
  mount: 'exit 1',
  mdadm: 'exit 1',
  'mkfs.xfs': 'exit 1',
  'mkfs.ext4': 'exit 1',
};

/** Words: the folder of the scene; the root is made beside it and goes with the namespace. */
const SCRIPT = `set -e
mount -t tmpfs none "$1/root"
cd "$1/root"
mkdir upper work tree
mount -t overlay overlay -o lowerdir=/,upperdir=$PWD/upper,workdir=$PWD/work tree
for each in dev proc sys; do mount --rbind /$each tree/$each; done
chmod a+rx "tree/$1"
mount -t tmpfs none tree/run
mount --bind "$1/inside" "tree/$1/inside"
mv "$1/played"/* tree/usr/bin/
rm -rf tree/etc/replay tree/var/lib/replay
for name in mkfs.xfs mkfs.ext4 mdadm; do ln -sf "/usr/bin/$name" "tree/usr/sbin/$name"; done
echo mounted
exec sleep 600`;

/**
 * The root file system of this machine, a Debian, in which everything can be changed and nothing stays: what is
 * written goes to memory. Programs in it are in the network of this machine.
 */
export class DebianRoot {
  readonly #holder: ChildProcess;
  readonly #tree: string;
  /** A folder of the scene, under the same path inside and outside. */
  readonly inside: string;

  private constructor(holder: ChildProcess, tree: string, inside: string) {
    this.#holder = holder;
    this.#tree = tree;
    this.inside = inside;
  }

  /** @param more programs that are played besides, or in another way: shell lines by name */
  static async create(scene: Scene, more: Record<string, string> = {}): Promise<DebianRoot> {
    const inside = scene.path('inside');
    for (const folder of ['root', 'inside', 'played']) await mkdir(scene.path(folder));
    for (const [name, lines] of Object.entries({ ...PLAYED, ...more })) {
      await writeFile(join(scene.path('played'), name), `#!/bin/bash\n${lines}\n`, { mode: 0o755 });
    }
    const holder = spawn('unshare', ['-m', 'sh', '-c', SCRIPT, 'sh', scene.folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    scene.onEnd(async () => {
      const ended = once(holder, 'exit');
      if (holder.kill('SIGKILL')) await ended;
    });
    let said = '';
    for (const stream of [holder.stdout, holder.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    }
    await Promise.race([once(holder.stdout, 'data'), once(holder, 'error'), once(holder, 'close')]);
    if (!said.includes('mounted')) {
      throw new Error(
        `This test changes its root in a mount namespace, as root, and may not here: ${said.trim()}`,
      );
    }
    return new DebianRoot(holder, scene.path('root', 'tree'), inside);
  }

  /** Words before a command that run it in it, as root. */
  get under(): readonly string[] {
    return ['nsenter', '-t', String(this.#holder.pid), '-m', 'chroot', this.#tree];
  }

  /** Runs a command in it, as root, with a bare environment. Never throws on an exit code. */
  async run(
    command: readonly string[],
    env: Record<string, string> = {},
  ): Promise<{ code: number | null; output: string }> {
    const [program, ...words] = [...this.under, ...command];
    const child = spawn(program!, words, {
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  }

  async read(path: string): Promise<string> {
    return (await this.run(['cat', path])).output;
  }
}
