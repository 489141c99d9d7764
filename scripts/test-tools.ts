import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Some tests put the program into a network or onto a disk of its own, some use the tools that it uses,
 * some load what it prints for a shell, and some boot machines. What is missing is installed from Debian's packages when that
 * can be done, and named otherwise.
 */
const TOOLS = [
  { command: 'ip', package: 'iproute2' },
  { command: 'unshare', package: 'util-linux' },
  { command: 'nsenter', package: 'util-linux' },
  { command: 'setpriv', package: 'util-linux' },
  { command: 'mount', package: 'mount' },
  { command: 'dpkg-deb', package: 'dpkg' },
  { command: 'zstd', package: 'zstd' },
  { command: 'bash', package: 'bash' },
  { command: 'curl', package: 'curl' },
  { command: 'shellcheck', package: 'shellcheck' },
  { command: 'systemd-analyze', package: 'systemd' },
  { command: 'mkfs.ext4', package: 'e2fsprogs' },
  { command: 'useradd', package: 'passwd' },
  { command: 'sshd', package: 'openssh-server' },
  { command: 'ssh', package: 'openssh-client' },
  { command: 'zsh', package: 'zsh' },
  { command: 'fish', package: 'fish' },
  { command: 'chromium', package: 'chromium' },
  { command: 'debootstrap', package: 'debootstrap' },
  { command: 'qemu-system-x86_64', package: 'qemu-system-x86' },
  { command: 'sfdisk', package: 'fdisk' },
  { command: 'mke2fs', package: 'e2fsprogs' },
  { command: 'flock', package: 'util-linux' },
];

const missing = TOOLS.filter(({ command }) => !isThere(command));
if (missing.length > 0) {
  const packages = [...new Set(missing.map((tool) => tool.package))];
  if (process.getuid?.() === 0 && isThere('apt-get')) install(packages);
  const still = missing.filter(({ command }) => !isThere(command));
  if (still.length > 0) {
    process.stderr.write(
      `The tests need ${still.map(({ command }) => command).join(', ')}: install the packages ${packages.join(', ')}.\n`,
    );
    process.exitCode = 1;
  }
}

function isThere(command: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function install(packages: readonly string[]): void {
  process.stdout.write(`Installing what the tests need: ${packages.join(', ')}\n`);
  const stdio = ['ignore', 'inherit', 'inherit'] as const;
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: [...stdio] });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      stdio: [...stdio],
    });
  } catch {
    // What is missing still is named by the caller.
  }
}
