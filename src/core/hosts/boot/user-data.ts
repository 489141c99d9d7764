import { quote } from '../../evidence/shell.ts';
import { formatDuration } from '../../format/duration.ts';
import { exactness } from '../prices.ts';
import type { PricePoint } from '../provider.ts';
import { AGE_SCRIPT, ageCommand, ageService, AGE_TIMER, type AgePlan } from './age.ts';
import { DATA_VOLUME_SCRIPT } from './data-volume.ts';
import { withoutComments, writeFileLines } from './shell-text.ts';
import { commandLine } from './systemd-text.ts';
import { lifetimeService, lifetimeTimer, workUnit } from './work-unit.ts';

export interface BootPlan {
  /** Base URL, as the host reaches it. */
  orchestrator: string;
  /** Of the program that the orchestrator hands out. 64 hex digits. */
  sha256: string;
  /** null: the orchestrator asks for none. Secret, but of little use to others (docs/security.md). */
  joinToken: string | null;
  /** Seconds without work after which the host ends. */
  idleSeconds: number;
  /** Seconds from its first start, after which it ends in any case. */
  lifetimeSeconds: number;
  /** It was made after this: a clock that tells an earlier time is wrong. Seconds since 1970. */
  notBefore: number;
  /** Further flags of `replay work`. No secrets. */
  workFlags: readonly string[];
  /** What a host costs, of which it looks up its own. */
  prices: readonly PricePoint[];
}

/** EC2 takes no more, before it is made base64. Bytes. */
export const USER_DATA_LIMIT = 16 * 1024;

const HOME = '/var/lib/replay';
const PROGRAM = '/usr/local/bin/replay';
const LIBRARY = '/usr/local/lib/replay';
const SETTINGS = '/etc/replay';
const UNITS = '/etc/systemd/system';
const JOIN_FILE = `${HOME}/join.token`;
/** On the root disk: the other one may be new after a stop. */
const AGE_FOLDER = '/var/lib/replay-age';
const WORKER = 'replay-work';

/**
 * What a new machine with systemd runs at its start, as root (cloud-init): it makes a disk and a user ready,
 * fetches the program, and starts it as a unit. Pure. Run again, it changes nothing but what was not done yet.
 * A machine that cannot be made ready switches itself off: it would cost money and do nothing.
 * @throws Error when it gets longer than EC2 takes
 */
export function userDataOf(plan: BootPlan): string {
  const text = `${[HEAD, settingsOf(plan), FUNCTIONS, steps(plan)].join('\n')}\n`;
  const bytes = Buffer.byteLength(text);
  if (bytes > USER_DATA_LIMIT) throw new Error(`the user data has ${bytes} bytes, more than EC2 takes`);
  return text;
}

const HEAD = `#!/bin/bash
# Makes this machine a replay host. Written by replay; safe to run again.
set -euo pipefail
umask 022`;

function settingsOf({ orchestrator, sha256, joinToken, idleSeconds }: BootPlan): string {
  return [
    `orchestrator=${quote(orchestrator.replace(/\/+$/, ''))}`,
    `sha256=${quote(sha256)}`,
    `join_token=${quote(joinToken ?? '')}`,
    `patience=${idleSeconds}`,
    `imds=\${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}`,
  ].join('\n');
}

const FUNCTIONS = `
say() { echo "replay: $*"; }

# Whatever goes wrong: this machine is of no use, and costs.
at_end() {
  local code=$?
  rm -rf /run/replay-boot
  [ "$code" -eq 0 ] && return
  say "this machine could not be made ready (exit code $code) and is switched off"
  systemctl --no-block poweroff
}
trap at_end EXIT

# One item of the instance metadata service (IMDSv2); nothing where there is none.
metadata() {
  local session
  session=$(curl -fsS -m 2 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$imds/latest/api/token" 2>/dev/null) || return 0
  curl -fsS -m 2 -H "X-aws-ec2-metadata-token: $session" "$imds/latest/meta-data/$1" 2>/dev/null || true
}

is_right() { [ -f "$1" ] && echo "$sha256  $1" | sha256sum --check --status; }

# The token stands in a file and not in the arguments, which every process can read.
download() {
  local options=(--fail --silent --show-error --connect-timeout 10 --speed-limit 1000 --speed-time 60)
  [ -z "$join_token" ] || options+=(--header "@/run/replay-boot/header")
  curl "\${options[@]}" --continue-at - --output "$1" "$orchestrator/replay"
}

# Until it is there, with growing pauses, for as long as a host may be without work.
fetch() {
  local target=$1 part=$1.part pause=2 code
  until is_right "$target"; do
    code=0
    is_right "$part" || download "$part" || code=$?
    if is_right "$part"; then
      chmod 755 "$part"
      mv -f "$part" "$target"
      return
    fi
    case "$code" in
      # It is whole, and another one than was announced.
      0) say "what $orchestrator hands out is not the program with SHA-256 $sha256"; rm -f "$part" ;;
      # Refused, perhaps only the part that is missing.
      22 | 33 | 36) rm -f "$part" ;;
    esac
    if [ "$SECONDS" -ge "$patience" ]; then
      say "the program could not be fetched in $SECONDS seconds"
      return 1
    fi
    sleep "$((pause + RANDOM % pause))"
    [ "$pause" -ge 60 ] || pause=$((pause * 2))
  done
}
`;

function steps(plan: BootPlan): string {
  const { joinToken, lifetimeSeconds } = plan;
  const age = ageOf(plan);
  return [
    // First of all, so that it is there whatever follows.
    section('Ends this machine at its age, whatever becomes of the rest.'),
    writeFileLines(`${UNITS}/replay-lifetime.service`, '644', lifetimeService([WORKER])),
    writeFileLines(`${UNITS}/replay-lifetime.timer`, '644', lifetimeTimer(lifetimeSeconds)),
    `mkdir -p ${LIBRARY} ${SETTINGS}`,
    writeFileLines(age.script, '755', withoutComments(AGE_SCRIPT)),
    writeFileLines(`${UNITS}/replay-age.service`, '644', ageService(age, WORKER)),
    writeFileLines(`${UNITS}/replay-age.timer`, '644', AGE_TIMER),
    'systemctl daemon-reload',
    'systemctl enable --now replay-lifetime.timer replay-age.timer',
    // Its first start is now, whatever follows.
    `${ageCommand(age, WORKER)} || true`,
    section('The user.'),
    `getent passwd replay >/dev/null || useradd --system --user-group --no-create-home --home-dir ${HOME} --shell "$(command -v nologin || echo /bin/false)" replay`,
    section('The disk.'),
    writeFileLines(`${LIBRARY}/data-volume`, '755', withoutComments(DATA_VOLUME_SCRIPT)),
    writeFileLines(`${UNITS}/replay-data.service`, '644', DATA_UNIT),
    'systemctl daemon-reload',
    'systemctl enable --now replay-data.service',
    section('The program.'),
    'mkdir -p /run/replay-boot',
    'chmod 700 /run/replay-boot',
    `(umask 077; printf 'Authorization: Bearer %s\\n' "$join_token" >/run/replay-boot/header)`,
    `fetch ${PROGRAM}`,
    ...(joinToken === null
      ? []
      : [
          section('A host that has joined already keeps its token.'),
          `if [ ! -e ${HOME}/work/joined.json ]; then`,
          `  (umask 077; printf '%s\\n' "$join_token" >${JOIN_FILE})`,
          `  chown replay:replay ${JOIN_FILE}`,
          'fi',
        ]),
    section('What it costs, and where it is.'),
    priceLines(plan.prices),
    'region=$(metadata placement/region)',
    `printf '%s\\n' "\${price:+REPLAY_PRICE=$price}" "\${region:+AWS_REGION=$region}" >${SETTINGS}/work.env`,
    section(`The worker; without work for ${formatDuration(plan.idleSeconds * 1000)} it ends.`),
    writeFileLines(`${UNITS}/replay-work.service`, '644', unitOf(plan)),
    'systemctl daemon-reload',
    'systemctl enable replay-work.service',
    // Not waited for: cloud-init may be what the network waits for.
    'systemctl --no-block start replay-work.service',
    'say "this machine is ready"',
  ].join('\n');
}

/** Without it the worker is not started, and the machine would wait for nothing. */
const DATA_UNIT = `[Unit]
Description=The disk of this replay host
FailureAction=poweroff

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${commandLine([`${LIBRARY}/data-volume`, HOME])}
ExecStartPost=/bin/chown replay:replay ${HOME}
ExecStartPost=/bin/chmod 750 ${HOME}

[Install]
WantedBy=multi-user.target
`;

function ageOf({ lifetimeSeconds, notBefore }: BootPlan): AgePlan {
  const places = { script: `${LIBRARY}/host-age`, folder: AGE_FOLDER, endsBy: 'replay-lifetime.service' };
  return { ...places, lifetimeSeconds, notBefore };
}

function unitOf(plan: BootPlan): string {
  const { orchestrator, joinToken, idleSeconds, workFlags } = plan;
  return workUnit({
    name: WORKER,
    program: PROGRAM,
    args: [
      `--orchestrator=${orchestrator.replace(/\/+$/, '')}`,
      `--data-dir=${HOME}/work`,
      ...(joinToken === null ? [] : [`--join-token-file=${JOIN_FILE}`]),
      `--idle-timeout=${idleSeconds}s`,
      ...workFlags,
    ],
    user: 'replay',
    home: HOME,
    after: ['replay-data.service'],
    environmentFile: `${SETTINGS}/work.env`,
    age: ageOf(plan),
    poweroff: true,
  });
}

/** The first that fits counts: those that say most of a host come first. */
function priceLines(prices: readonly PricePoint[]): string {
  if (prices.length === 0) return 'price=';
  const inOrder = prices.toSorted((a, b) => exactness(b) - exactness(a));
  const cases = inOrder.map(({ type, purchase, zone, pricePerHour }) => {
    const pattern = [
      type === null ? '*' : quote(type),
      purchase ?? '*',
      zone === undefined ? '*' : quote(zone),
    ];
    return `  ${pattern.join('/')}) price=${Number(pricePerHour.toFixed(6))} ;;`;
  });
  return [
    'price=',
    'case "$(metadata instance-type)/$(metadata instance-life-cycle)/$(metadata placement/availability-zone)" in',
    ...cases,
    'esac',
  ].join('\n');
}

function section(title: string): string {
  return `\n# ${title}`;
}
