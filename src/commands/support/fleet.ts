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
import { LaunchJournal } from '../../core/hosts/launch-journal.ts';
import { LocalProvider } from '../../core/hosts/local/local-provider.ts';
import type { HostProvider } from '../../core/hosts/provider.ts';
import { buildSettings, type SettingsText } from '../../core/hosts/settings/build-settings.ts';
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
  purpose: 'find' | 'launch',
): Promise<FleetSettings> {
  const over = new Map<SettingName, Setting>();
  for (const [flag, name] of Object.entries(SETTING_OF_FLAG)) {
    const value = flags[flag];
    if (value === undefined) continue;
    const where = isTyped(raw, flag) ? `--${flag}` : `--${flag} (from the environment or the defaults)`;
    over.set(name, { value: asSetting(name, value), where });
  }
  const built = buildSettings(await readFleetFile(flags.fleet ?? null), over, purpose);
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

/** The settings with what EC2 says of prices, when it is to be asked. What it does not tell stays unknown. */
export async function withFetchedPrices(
  settings: FleetSettings,
  env: NodeJS.ProcessEnv,
  warn: (line: string) => void,
): Promise<FleetSettings> {
  const { provider, prices, ec2 } = settings;
  if (provider !== 'ec2' || !ec2.fetchSpotPrices) return settings;
  const { connectEc2, fetchSpotPrices } = await loadEc2();
  const connection = await connectEc2(ec2.region, env);
  try {
    const fetched = await fetchSpotPrices(connection, ec2.instanceTypes, new Date());
    // Of two prices for the same, the first counts: what the settings say.
    return { ...settings, prices: [...prices, ...fetched] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    warn(`Prices of spot instances could not be fetched: ${error.message}`);
    return settings;
  } finally {
    connection.client.destroy();
  }
}

/** Connects to the place that the hosts come from. @param warn a line for people */
export async function openProvider(
  settings: FleetSettings,
  places: { stateDir: string; env: NodeJS.ProcessEnv; warn: (line: string) => void },
): Promise<HostProvider> {
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
    prices: settings.prices,
    userData: instanceUserData,
    journal: new LaunchJournal(places.stateDir),
    warn: places.warn,
    sleep: (ms) => sleep(ms),
    now: () => Date.now(),
    random: () => randomInt(1_000_000) / 1_000_000,
  });
}

/** Loaded when it is needed: what the SDK knows of EC2 takes longer to load than all the rest of the program. */
async function loadEc2() {
  const { connectEc2 } = await import('../../core/hosts/ec2/client.ts');
  const { fetchSpotPrices } = await import('../../core/hosts/ec2/spot-prices.ts');
  const { Ec2Provider } = await import('../../core/hosts/ec2/ec2-provider.ts');
  return { connectEc2, fetchSpotPrices, Ec2Provider };
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
