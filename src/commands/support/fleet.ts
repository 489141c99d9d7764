import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { instanceUserData } from '../../core/hosts/ec2/user-data.ts';
import { selfCommand } from '../../core/demo/processes.ts';
import { programAt, type ProgramFile } from '../../core/files/program-file.ts';
import { LaunchedHosts } from '../../core/hosts/launched-hosts.ts';
import { LaunchJournal } from '../../core/hosts/launch-journal.ts';
import { LocalProvider } from '../../core/hosts/local/local-provider.ts';
import { PriceBook } from '../../core/hosts/price-book.ts';
import type { HostProvider } from '../../core/hosts/provider.ts';
import { buildSettings, type SettingsText } from '../../core/hosts/settings/build-settings.ts';
import { parseHostsFile, type HostsFile } from '../../core/hosts/settings/hosts-file.ts';
import type { AwsSurroundings, Purpose } from '../../core/hosts/settings/check-together.ts';
import type { Setting } from '../../core/hosts/settings/read-settings.ts';
import { SshProvider } from '../../core/hosts/ssh/ssh-provider.ts';
import { RULES, type SettingName } from '../../core/hosts/settings/rules.ts';
import type { FleetSettings } from '../../core/hosts/settings/settings.ts';
import { ownProgramFile } from './own-program.ts';
import { SETTING_OF_FLAG } from './fleet-flags.ts';
import { listOf } from './list-flag.ts';
import { isTyped, type RawInput } from './token.ts';

export interface FleetFlags {
  fleet?: string | undefined;
  'hosts-file'?: string | undefined;
  'state-dir'?: string | undefined;
  [flag: string]: unknown;
}

/** Used when no file is named and it is there. */
const USUAL_FILE = 'fleet.json';

/**
 * The settings of the fleet: those of the file, and over them those of flags and environment.
 * @param purpose for finding hosts less has to be known than for launching them
 * @throws UserError with all mistakes
 */
export async function fleetSettings(
  flags: FleetFlags,
  raw: RawInput,
  purpose: Purpose,
): Promise<FleetSettings> {
  const over = new Map<SettingName, Setting>();
  for (const [flag, name] of Object.entries(SETTING_OF_FLAG)) {
    const value = flags[flag];
    if (value === undefined) continue;
    const where = isTyped(raw, flag) ? `--${flag}` : `--${flag} (from the environment or the defaults)`;
    over.set(name, { value: asSetting(name, value), where });
  }
  const machines = await machinesOf(flags);
  const around = purpose === 'serve' ? { machines, aws: await awsAround(process.env) } : { machines };
  const built = buildSettings(await readFleetFile(flags.fleet ?? null), over, purpose, around);
  if ('settings' in built) return built.settings;
  throw new UserError({
    code: 'FLEET_INVALID',
    message: ['The settings of the fleet cannot be used:', ...built.mistakes].join('\n  '),
    hint: 'Nothing was launched or stopped. `replay hosts init` writes an example; docs/aws.md explains every setting.',
    exitCode: ExitCode.invalidInput,
  });
}

/** Where launches are written down, unless it is said. */
export function stateDir(flags: FleetFlags, env: NodeJS.ProcessEnv): string {
  return flags['state-dir'] ?? join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'replay');
}

/** The settings of the fleet with the prices that AWS tells, when it is to be asked. @param warn a line for people */
export function priceBook(
  settings: FleetSettings,
  env: NodeJS.ProcessEnv,
  warn: (line: string) => void,
): PriceBook {
  const { region, instanceTypes: types } = settings.ec2;
  return new PriceBook({
    settings,
    fetch: async (signal) => {
      const { fetchPrices } = await loadEc2();
      return fetchPrices({ region, types, env, now: new Date(), signal });
    },
    warn,
    now: () => Date.now(),
  });
}

/** Connects to the place that the hosts come from. @param book whose prices hosts are told with */
export async function openProvider(
  book: PriceBook,
  places: { stateDir: string; env: NodeJS.ProcessEnv; warn: (line: string) => void },
): Promise<HostProvider> {
  const { settings } = book;
  if (settings.provider === 'local') {
    return new LocalProvider({
      stateDir: places.stateDir,
      workers: settings.local.workers,
      command: selfCommand(),
      env: places.env,
      sleep: (ms) => sleep(ms),
      now: () => Date.now(),
    });
  }
  if (settings.provider === 'ssh') {
    return new SshProvider({ ...settings.ssh, program: ownProgram, now: () => Date.now() });
  }
  const { connectEc2, Ec2Provider } = await loadEc2();
  return new Ec2Provider({
    connection: await connectEc2(settings.ec2.region, places.env),
    settings: settings.ec2,
    get prices() {
      return book.settings.prices;
    },
    userData: instanceUserData,
    journal: new LaunchJournal(places.stateDir),
    launched: new LaunchedHosts(places.stateDir, () => Date.now()),
    warn: places.warn,
    sleep: (ms) => sleep(ms),
    now: () => Date.now(),
    random: () => randomInt(1_000_000) / 1_000_000,
  });
}

/** Loaded when it is needed: what the SDK knows of EC2 takes longer to load than all the rest of the program. */
async function loadEc2() {
  const { connectEc2 } = await import('../../core/hosts/ec2/client.ts');
  const { fetchPrices } = await import('../../core/hosts/ec2/fetch-prices.ts');
  const { Ec2Provider } = await import('../../core/hosts/ec2/ec2-provider.ts');
  return { connectEc2, fetchPrices, Ec2Provider };
}

async function ownProgram(): Promise<ProgramFile> {
  const path = ownProgramFile();
  if (path !== null) return programAt(path).file();
  throw new UserError({
    code: 'NO_PROGRAM_FILE',
    message: 'There is no single file to be copied: this program runs from source.',
    hint: 'Make it with npm run build, and use that.',
    exitCode: ExitCode.cannotStart,
  });
}

/** What is known of AWS without asking it. */
async function awsAround(env: NodeJS.ProcessEnv): Promise<AwsSurroundings> {
  const { connectEc2 } = await import('../../core/hosts/ec2/client.ts');
  const wrong = ['AWS_ENDPOINT_URL_EC2', 'AWS_ENDPOINT_URL'].find(
    (name) => env[name] && !URL.canParse(env[name]),
  );
  const connection = await connectEc2(null, env).catch(() => null);
  connection?.client.destroy();
  return {
    knowsRegion: connection !== null,
    problem: wrong === undefined ? null : `${wrong} is not a URL`,
  };
}

/** The machines of --hosts-file; null: it was not given. */
async function machinesOf({
  'hosts-file': file,
}: FleetFlags): Promise<(HostsFile & { where: string }) | null> {
  if (file === undefined) return null;
  try {
    return { ...parseHostsFile(await readFile(file, 'utf8'), file), where: '--hosts-file' };
  } catch (error) {
    throw new UserError({
      code: 'HOSTS_FILE_UNREADABLE',
      message: `The file of --hosts-file cannot be read: ${(error as Error).message}`,
      hint: 'It names one machine a line, as ssh takes it: admin@10.0.0.7.',
      exitCode: ExitCode.invalidInput,
      cause: error,
    });
  }
}

async function readFleetFile(named: string | null): Promise<SettingsText | null> {
  const file = named ?? USUAL_FILE;
  try {
    return { text: await readFile(file, 'utf8'), file };
  } catch (error) {
    if (named === null && (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new UserError({
      code: 'FLEET_UNREADABLE',
      message: `The settings of the fleet cannot be read: ${(error as Error).message}`,
      hint: '--fleet names the file; `replay hosts init` writes an example.',
      exitCode: ExitCode.invalidInput,
      cause: error,
    });
  }
}

/** Flags are text where a setting is a number or a list. What is no number is left for the check to refuse. */
function asSetting(name: SettingName, value: unknown): unknown {
  if (RULES[name].accepts([])) return listOf(value as string[] | string);
  const isNumber = typeof value === 'string' && RULES[name].accepts(1);
  return isNumber && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}
