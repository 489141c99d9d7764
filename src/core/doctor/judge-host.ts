/** What facts about the machine mean for a worker or an orchestrator. Pure. */
import { formatBytes } from '../format/bytes.ts';
import { MIN_MEMORY_BYTES } from '../worker/self-check.ts';
import { STATE_DB_MIB } from '../../nodeos/config/config-ini.ts';
import { failed, ok, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import type { LimitFacts, MemoryFacts, SystemFacts, ToolFacts } from './host-facts.ts';

export type Role = 'work' | 'serve';

/** The released packages are built for amd64, and those of Leap 4 for Ubuntu 22.04, which has this glibc. */
const PACKAGE_ARCHITECTURE = 'x64';
const PACKAGE_GLIBC = '2.35';

/** Decompressing a snapshot with a large window takes 1.1 GB when there is no zstd program; nodeos starts after. */
const COMFORTABLE_MEMORY_BYTES = 2 * 1024 ** 3;

/** nodeos and a download have some dozen files open at a time. */
const FEW_FILES = 256;
const ENOUGH_FILES = 1024;
/** Each connection is a file: `serve` takes 10,000 unless it is told otherwise. */
const FILES_OF_SERVE = 10_100;

const STATE_BYTES = STATE_DB_MIB * 1024 ** 2;

/** @param nodeosGiven --nodeos: packages are of no interest then, and `nodeos` says whether it runs */
export function judgeSystem(facts: SystemFacts, nodeosGiven: boolean): Finding {
  const { architecture, name, glibc } = facts;
  const what = `${name ?? 'A system that does not say its name'}, ${architecture}, ${glibc === null ? 'no glibc' : `glibc ${glibc}`}`;
  const values = { architecture, system: name, glibc };
  if (nodeosGiven) return ok(what, values);
  if (architecture !== PACKAGE_ARCHITECTURE || glibc === null) {
    return failed(
      `${what}: the packages of nodeos are for amd64 and glibc`,
      'Use a machine with Debian or Ubuntu on amd64, or give a build for this one with --nodeos.',
      values,
    );
  }
  if (isOlder(glibc, PACKAGE_GLIBC)) {
    return warning(
      `${what}: packages for Ubuntu 22.04 need glibc ${PACKAGE_GLIBC}`,
      'Use Ubuntu 22.04, Debian 12 or newer, or give a build for this system with --nodeos.',
      values,
    );
  }
  return ok(what, values);
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = than.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

export function judgeMemory({ total, available, cgroupLeft }: MemoryFacts): Finding {
  if (available === null) return ok('This system does not tell how much memory is available');
  const usable = Math.min(available, cgroupLeft ?? available);
  const of = total === null ? '' : ` of ${formatBytes(total)}`;
  const limit =
    usable < available ? ` (a limit of its control group; the machine has ${formatBytes(available)})` : '';
  const what = `${formatBytes(usable)}${limit === '' ? of : ''} of memory are available${limit}`;
  const values = {
    available_bytes: usable,
    total_bytes: total,
    needed_bytes: MIN_MEMORY_BYTES,
    comfortable_bytes: COMFORTABLE_MEMORY_BYTES,
  };
  if (usable < MIN_MEMORY_BYTES) {
    return failed(
      `${what}, at least ${formatBytes(MIN_MEMORY_BYTES)} are needed`,
      'End what else runs here, raise the limit, or use a larger machine.',
      values,
    );
  }
  if (usable < COMFORTABLE_MEMORY_BYTES) {
    return warning(
      `${what}, and ${formatBytes(COMFORTABLE_MEMORY_BYTES)} let any snapshot be decompressed`,
      'Use a larger machine: nodeos is fast while the state that it works on fits into memory.',
      values,
    );
  }
  return ok(what, values);
}

export function judgeOpenFiles({ openFiles }: Pick<LimitFacts, 'openFiles'>, role: Role): Finding {
  const enough = role === 'serve' ? FILES_OF_SERVE : ENOUGH_FILES;
  const values = { limit: openFiles, needed: FEW_FILES, comfortable: enough };
  if (openFiles === null) return ok('The number of open files is not limited', values);
  const what = `${openFiles} files may be open at once`;
  const mend = `Raise it: ulimit -n ${enough}, or LimitNOFILE=${enough} in the unit of the service.`;
  if (openFiles < FEW_FILES) return failed(`${what}, ${FEW_FILES} are needed`, mend, values);
  if (openFiles >= enough) return ok(what, values);
  const why =
    role === 'serve'
      ? 'each connection takes one, and 10000 connections are accepted'
      : `${enough} are usual`;
  return warning(`${what}; ${why}`, mend, values);
}

/** nodeos makes a sparse file as large as its state may ever become. */
export function judgeFileSize({ fileSize }: Pick<LimitFacts, 'fileSize'>): Finding {
  const values = { limit_bytes: fileSize, needed_bytes: STATE_BYTES };
  if (fileSize === null) return ok('The size of files is not limited', values);
  const what = `Files may have ${formatBytes(fileSize)}`;
  if (fileSize >= STATE_BYTES) return ok(what, values);
  return failed(
    `${what}, and the state of nodeos is a sparse file of ${formatBytes(STATE_BYTES)}`,
    'Lift the limit: ulimit -f unlimited, or LimitFSIZE=infinity in the unit of the service.',
    values,
  );
}

export function judgeDpkgDeb(tool: ToolFacts, nodeosGiven: boolean): Finding {
  if (tool !== null) return ok(tool.firstLine);
  const what = 'dpkg-deb, which unpacks packages of nodeos, is missing';
  if (nodeosGiven) return ok(`${what}; with --nodeos it is not needed`);
  return failed(what, 'Install the package "dpkg", or use --nodeos with a nodeos that is installed already.');
}

export function judgeZstd(tool: ToolFacts): Finding {
  if (tool !== null) return ok(tool.firstLine);
  return warning(
    'The program zstd is missing: downloads are decompressed about half as fast',
    'Install it: apt-get install zstd.',
  );
}

/** @param usable it is there, and knows `--pdeathsig` */
export function judgeSetpriv(usable: boolean): Finding {
  if (usable) return ok('setpriv makes nodeos end with its worker, however that ends');
  return warning(
    'There is no setpriv that knows --pdeathsig: a worker that is killed leaves its nodeos running until the next one starts here',
    'Install the package "util-linux", 2.33 or newer.',
  );
}

/** What the orchestrator's clock says against ours. Positive: ours is ahead. */
export function judgeClock(aheadMs: number): Finding {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const side = aheadMs < 0 ? 'behind' : 'ahead of';
  const what = `This clock is ${seconds} s ${side} the orchestrator's`;
  const values = { ahead_ms: Math.round(aheadMs) };
  const mend = 'Set both clocks by a time service (NTP): timedatectl set-ntp true.';
  if (seconds > CLOCK_FAILED_S)
    return failed(`${what}; S3 and certificates refuse a wrong clock`, mend, values);
  return seconds > CLOCK_WARNING_S ? warning(what, mend, values) : ok(what, values);
}

const CLOCK_WARNING_S = 5;
const CLOCK_FAILED_S = 60;
