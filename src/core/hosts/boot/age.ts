import { commandLine } from './systemd-text.ts';

/** The time that a host has, and how it is counted. */
export interface AgePlan {
  /** Path of AGE_SCRIPT on the host. */
  readonly script: string;
  /** Folder for the record; it has to outlast the boot. */
  readonly folder: string;
  readonly lifetimeSeconds: number;
  /** A clock that tells an earlier time is wrong; also what tells one launch from another. Seconds since 1970. */
  readonly notBefore: number;
  /** Unit that ends the machine when the time is over; null: the machine stays, and the worker alone ends. */
  readonly endsBy: string | null;
}

/**
 * A script that counts the age of a host over all its starts, and says what is left to the worker. It is run every
 * minute and before each start of the worker.
 *
 * Two counts are kept, and the larger one is its age: the time since its first start by the wall clock, in which
 * the time that it was switched off is counted, too; and the time that it has run, by the clock of its boots,
 * which nobody can set. So a wall clock that was wrong at the first start, that jumps or is put back may end the
 * host early by as much as it is wrong, and never later than when it has run for all of its time.
 *
 * - A clock that tells a time before the launch is not believed.
 * - A first start that lies in the future was written down by a clock that was ahead, and is taken anew.
 * - The record is replaced as a whole. What cannot be written (a full disk) is counted with what is there.
 */
export const AGE_SCRIPT = `#!/bin/sh
# How old this host is, over all its starts, and what is left of its time. Words: file of the record, seconds that it
# has, a time before which its clock is wrong, file for the worker, unit that ends the machine (or none).
set -u
record=$1 lifetime=$2 not_before=$3 left_file=$4 ends_by=\${5:-}
proc=\${REPLAY_PROC:-/proc}
boot=$(cat "$proc/sys/kernel/random/boot_id")
up=$(cut -d . -f 1 "$proc/uptime")
now=$(date +%s)

is_number() { case "$1" in '' | *[!0-9]* | ????????????*) return 1 ;; esac; }

# first: its first start, 0 when no clock that can be right has told it. ran: seconds that it has run.
first=0 ran=0
if [ -r "$record" ] && read -r a b last_boot c <"$record" && is_number "$a" && is_number "$b" && is_number "$c"; then
  first=$a ran=$((b + up))
  [ "$last_boot" != "$boot" ] || ran=$((ran - c))
fi
age=$ran
if [ "$now" -ge "$not_before" ]; then
  if [ "$first" -eq 0 ] || [ "$first" -gt "$now" ]; then first=$((now - ran)); fi
  if [ "$((now - first))" -gt "$age" ]; then age=$((now - first)); fi
fi
mkdir -p "\${record%/*}"
# Another one may be at it at the same time.
new=$record.$$
if echo "$first $ran $boot $up" >"$new" && sync "$new"; then
  mv -f "$new" "$record"
else
  rm -f "$new"
  echo "replay: the age of this host cannot be written down" >&2
fi

# The worker gives its job back by itself, shortly before the machine is ended.
left=$((lifetime - age)) early=0
if [ -n "$ends_by" ]; then early=$((lifetime / 10)); fi
if [ "$early" -gt 60 ]; then early=60; fi
own=$((left - early))
if [ "$own" -lt 1 ]; then own=1; fi
echo "REPLAY_MAX_LIFETIME=\${own}s" >"$left_file"
if [ "$left" -le 0 ] && [ -n "$ends_by" ]; then
  echo "replay: this host is $age s old and is ended"
  systemctl --no-block start "$ends_by"
fi
`;

/** What is left of a host's time, for the unit of its worker: a file with lines `NAME=value`. */
export function leftFileOf(unit: string): string {
  return `/run/${unit}.left`;
}

/** The call of AGE_SCRIPT, for a unit. @param unit of the worker, without `.service` */
export function ageCommand(plan: AgePlan, unit: string): string {
  const { script, folder, lifetimeSeconds, notBefore, endsBy } = plan;
  const words = [script, `${folder}/age-${notBefore}`, lifetimeSeconds, notBefore, leftFileOf(unit)];
  return commandLine([...words.map(String), ...(endsBy === null ? [] : [endsBy])]);
}

/** Looks at the age every minute: a clock that jumps is noticed, and what has run is kept over a crash. */
export const AGE_TIMER = `[Unit]
Description=Counts the age of this replay host

[Timer]
OnBootSec=60
OnUnitInactiveSec=60
AccuracySec=10

[Install]
WantedBy=timers.target
`;

/**
 * What the script says is of a level that the journal keeps; that it was started and has ended, every minute, is not.
 * @param unit of the worker, without `.service`
 */
export function ageService(plan: AgePlan, unit: string): string {
  return `[Unit]
Description=Counts the age of this replay host

[Service]
Type=oneshot
ExecStart=${ageCommand(plan, unit)}
SyslogLevel=notice
LogLevelMax=notice
`;
}
