import { ExitCode } from '../../domain/exit-codes.ts';
import { ageCommand, leftFileOf, type AgePlan } from './age.ts';
import { commandLine } from './systemd-text.ts';

export interface WorkUnit {
  /** Of the unit, without `.service`. */
  name: string;
  /** Path of the program. */
  program: string;
  /** After `replay work`. No secret: every user of the machine can read it. */
  args: readonly string[];
  user: string;
  /** Writable for the worker, and nothing else is. The data directory is in it. */
  home: string;
  /** Units that have to have started; may be empty. */
  after: readonly string[];
  /** File with `NAME=value` lines; need not be there. null: none. */
  environmentFile: string | null;
  /** What is left of its host's time is given to it as REPLAY_MAX_LIFETIME at each start. */
  age: AgePlan;
  /** The end of the worker by itself switches the machine off. */
  poweroff: boolean;
}

/** Waiting mends none of these: wrong usage, a wrong file, and the end of the host itself. */
const FINAL = [ExitCode.usage, ExitCode.invalidInput, ExitCode.hostEnds];
/** And one that is done has nothing to do here any more. Told to stop it is `interrupted`. */
const OVER = [ExitCode.ok, ...FINAL];

/**
 * The systemd unit of a worker. Pure.
 *
 * - `OOMPolicy=continue`: when the kernel kills nodeos for want of memory, the worker has to say so and go on.
 * - No MemoryMax: nodeos maps its state, and the pages of that count as memory of the unit.
 * - No MemoryDenyWriteExecute: this program and nodeos both compile at run time.
 * - `KillMode=mixed`: SIGTERM goes to the worker alone, which ends nodeos in order and gives the job back.
 * - BUN_OPTIONS and BUN_BE_BUN would change what the program is; nothing of the manager's environment gets in.
 */
export function workUnit(unit: WorkUnit): string {
  const { name, program, args, user, home, after, environmentFile, age, poweroff } = unit;
  const needs = ['network-online.target', ...after].join(' ');
  return lines(
    '[Unit]',
    `Description=Replays slices of a chain (${name})`,
    `Wants=network-online.target`,
    ...(after.length === 0 ? [] : [`Requires=${after.join(' ')}`]),
    `After=${needs}`,
    // It is tried for as long as the host is there; how long that is, others decide.
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `User=${user}`,
    `WorkingDirectory=${home}`,
    `Environment=HOME=${home}`,
    // For the case that what is left cannot be told.
    `Environment=REPLAY_MAX_LIFETIME=${age.lifetimeSeconds}s`,
    ...(environmentFile === null ? [] : [`EnvironmentFile=-${environmentFile}`]),
    `EnvironmentFile=-${leftFileOf(name)}`,
    'UnsetEnvironment=BUN_OPTIONS BUN_BE_BUN BUN_INSPECT NODE_OPTIONS LD_PRELOAD LD_LIBRARY_PATH',
    // As root. A host that cannot count its age works all the same.
    `ExecStartPre=-+${ageCommand(age, name)}`,
    `ExecStart=${commandLine([program, 'work', ...args])}`,
    'Restart=on-failure',
    'RestartSec=15',
    `SuccessExitStatus=${ExitCode.hostEnds} ${ExitCode.interrupted}`,
    `RestartPreventExitStatus=${FINAL.join(' ')}`,
    `ExecStopPost=-+${ageCommand(age, name)}`,
    ...(poweroff ? [`ExecStopPost=+/bin/sh -c ${switchOff()}`] : []),
    'KillMode=mixed',
    'TimeoutStopSec=30',
    'OOMPolicy=continue',
    'LimitNOFILE=1048576',
    'LimitCORE=0',
    'LimitFSIZE=infinity',
    'UMask=0077',
    'StandardOutput=journal',
    'StandardError=journal',
    `SyslogIdentifier=${name}`,
    ...HARDENING,
    `ReadWritePaths=${home}`,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  );
}

/** In quotes for systemd; `$$` is a dollar of the shell's. */
function switchOff(): string {
  return `'case "$$EXIT_STATUS" in ${OVER.join('|')}) systemctl --no-block poweroff ;; esac'`;
}

export const HARDENING: readonly string[] = [
  'NoNewPrivileges=yes',
  'CapabilityBoundingSet=',
  'ProtectSystem=strict',
  'ProtectHome=read-only',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelLogs=yes',
  'ProtectControlGroups=yes',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'SystemCallArchitectures=native',
];

/**
 * What switches the machine off at its age, also when the worker hangs: it is asked to stop, so that it gives
 * its job back, and 30 seconds later it is killed.
 * @param workers names of the units of its workers
 */
export function lifetimeService(workers: readonly string[]): string {
  return lines(
    '[Unit]',
    'Description=Ends this replay host at its age',
    'FailureAction=poweroff-force',
    '',
    '[Service]',
    'Type=oneshot',
    'TimeoutStartSec=120',
    `ExecStart=-/bin/systemctl stop ${workers.map((name) => `${name}.service`).join(' ')}`,
    'ExecStart=/bin/systemctl --no-block poweroff',
  );
}

/**
 * The last resort, which needs no script and no disk: what switches the machine off when it has run for that long
 * without a break.
 * @param seconds from the boot
 */
export function lifetimeTimer(seconds: number): string {
  return lines(
    '[Unit]',
    'Description=Ends this replay host at its age',
    '',
    '[Timer]',
    `OnBootSec=${seconds}`,
    'AccuracySec=30',
    '',
    '[Install]',
    'WantedBy=timers.target',
  );
}

function lines(...all: string[]): string {
  return `${all.join('\n')}\n`;
}
