import { quote } from '../../evidence/shell.ts';
import { AGE_SCRIPT, type AgePlan } from '../boot/age.ts';
import { writeFileLines } from '../boot/shell-text.ts';
import { workUnit } from '../boot/work-unit.ts';
import type { JoinRequest } from '../provider.ts';
import { workArguments } from '../work-arguments.ts';

/** Where the things of one fleet are on a machine. Its name is letters, digits, _ and - (settings/rules.ts). */
export interface RemotePlaces {
  readonly folder: string;
  readonly program: string;
  readonly ageScript: string;
  readonly note: string;
  readonly home: string;
  /** Without `.service`. */
  readonly unit: string;
}

export function placesOf(fleet: string): RemotePlaces {
  const folder = `/opt/replay/${fleet}`;
  return {
    folder,
    program: `${folder}/replay`,
    ageScript: `${folder}/host-age`,
    note: `${folder}/host.json`,
    home: `/var/lib/replay-${fleet}`,
    unit: `replay-${fleet}`,
  };
}

/** Runs a script from stdin as root, also where that needs sudo. What is secret in it no process list shows. */
export const AS_ROOT = 'if [ "$(id -u)" = 0 ]; then exec sh -s; else exec sudo -n sh -s; fi';

/** Takes the program from stdin. */
export function uploadCommand({ folder, program }: RemotePlaces): string {
  const script = `umask 022; mkdir -p ${folder} && cat >${program}.new && chmod 755 ${program}.new && mv -f ${program}.new ${program}`;
  return `if [ "$(id -u)" = 0 ]; then exec sh -c '${script}'; else exec sudo -n sh -c '${script}'; fi`;
}

/** Programs for users and units are where a plain shell may not look. */
const HEAD = 'set -eu\nPATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin';

/** Prints `note`, `state` and `sha256`, each with its value on the line; of what is not there, nothing. */
export function lookScript({ note, unit, program }: RemotePlaces): string {
  return `${HEAD}
if [ -e ${note} ]; then echo "note $(base64 <${note} | tr -d '\\n')"; fi
echo "state $(systemctl is-active ${unit}.service 2>/dev/null || true)"
if [ -e ${program} ]; then echo "sha256 $(sha256sum <${program} | cut -d ' ' -f 1)"; fi
`;
}

/** Writes the note down, so that the machine is found as one of the fleet whatever follows. */
export function beginScript({ folder, note }: RemotePlaces, content: string): string {
  return `${HEAD}
[ -d /run/systemd/system ] || { echo 'this machine does not run systemd' >&2; exit 1; }
[ "$(uname -s) $(uname -m)" = ${quote(`Linux ${MACHINE[process.arch] ?? process.arch}`)} ] ||
  { echo "the program is for another machine than $(uname -s) $(uname -m)" >&2; exit 1; }
mkdir -p ${folder}
${writeFileLines(note, '644', content)}
`;
}

/** The clock of that machine may be behind ours. Seconds. */
const CLOCKS_DIFFER = 3600;

/** What `uname -m` calls the processors that this program is built for. */
const MACHINE: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64' };

/** Makes the user and the unit, and starts it. @param now milliseconds since 1970 */
export function startScript(
  places: RemotePlaces,
  wanted: JoinRequest,
  { workerId, pricePerHour, now }: { workerId: string; pricePerHour: number | null; now: number },
): string {
  const { folder, program, home, unit, ageScript } = places;
  const joinTokenFile = `${home}/join.token`;
  const age: AgePlan = {
    script: ageScript,
    folder,
    lifetimeSeconds: wanted.work.lifetimeSeconds,
    notBefore: Math.floor(now / 1000) - CLOCKS_DIFFER,
    endsBy: null,
  };
  const text = workUnit({
    name: unit,
    program,
    args: [
      ...workArguments(wanted, { dataDir: `${home}/work`, joinTokenFile }),
      `--worker-id=${workerId}`,
      ...(pricePerHour === null ? [] : [`--price=${pricePerHour}`]),
    ],
    user: 'replay',
    home,
    after: [],
    environmentFile: null,
    age,
    // The machine is somebody's.
    poweroff: false,
  });
  return `${HEAD}
${program} --version >/dev/null
if ! getent passwd replay >/dev/null; then
  useradd --system --user-group --no-create-home --home-dir /nonexistent --shell "$(command -v nologin || echo /bin/false)" replay
  touch /opt/replay/.user-made
fi
# What an earlier worker that has ended by itself has counted is not the age of this one.
rm -f ${home}/work/idle-since.json ${folder}/age-*
mkdir -p ${home}
chown replay:replay ${home}
chmod 750 ${home}
${wanted.token === null ? ':' : `(umask 077; printf '%s\\n' ${quote(wanted.token)} >${joinTokenFile})\nchown replay:replay ${joinTokenFile}`}
${writeFileLines(ageScript, '755', AGE_SCRIPT)}
${writeFileLines(`/etc/systemd/system/${unit}.service`, '644', text)}
systemctl daemon-reload
systemctl enable --quiet ${unit}.service
systemctl restart ${unit}.service
[ -d ${folder} ]
`;
}

/**
 * Stops the worker, which gives its job back, and leaves the machine as it was. May be run again. Unless it is
 * forced, a finished result that has not reached the orchestrator stays, with what the next worker needs to
 * deliver it; then it prints `kept` and the folder.
 */
export function removeScript({ folder, home, unit }: RemotePlaces, { force }: { force: boolean }): string {
  return `${HEAD}
if [ -e /etc/systemd/system/${unit}.service ]; then
  systemctl disable --quiet ${unit}.service || true
  systemctl stop ${unit}.service
  rm -f /etc/systemd/system/${unit}.service
  systemctl daemon-reload
fi
${force ? '' : keepResult(home)}rm -rf ${home} ${folder}
# With the last fleet goes the user, if it was made for one.
if [ -e /opt/replay/.user-made ] && [ -z "$(ls /opt/replay)" ]; then
  userdel replay
  rm -f /opt/replay/.user-made
fi
if [ -d /opt/replay ]; then rmdir --ignore-fail-on-non-empty /opt/replay; fi
`;
}

/** The note of a job with its result is one that nobody has (worker/held-job.ts). */
function keepResult(home: string): string {
  return `if grep -q '^  "result": {' ${home}/work/held-job.json 2>/dev/null; then
  echo kept ${home}/work
  exit 0
fi
`;
}
