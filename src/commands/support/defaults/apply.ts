import { checkValue } from './check-value.ts';
import { type FlagSpec, type FlagSpecs, rivalsOf } from './flag-spec.ts';
import { isOn, type Setting } from './layers.ts';

/** What oclif says of the flags that it has read. */
export interface ParsedFlags {
  flags: Record<string, unknown>;
  metadata: { flags: Partial<Record<string, { setFromDefault?: boolean | undefined }>> };
}

/**
 * The flags of a command with the values of files as their defaults, so that oclif takes the command line
 * and the environment first. What a file switches on can be switched off with --no-NAME.
 */
export async function withFileDefaults(
  flags: FlagSpecs,
  settings: ReadonlyMap<string, Setting>,
): Promise<Record<string, FlagSpec>> {
  const entries = Object.entries(flags).map(async ([name, flag]): Promise<[string, FlagSpec]> => {
    const setting = settings.get(name);
    if (setting === undefined || setting.file === null) return [name, flag];
    const checked = await checkValue(name, setting.value, flag, setting.file);
    const allowed = flag.type === 'boolean' ? { allowNo: true } : {};
    return [name, checked.ok ? { ...flag, ...allowed, default: checked.value } : flag];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** A flag that was typed leaves nothing of what a file says to the contrary. */
export function dropContradicted(
  { flags: values, metadata }: ParsedFlags,
  flags: FlagSpecs,
  settings: ReadonlyMap<string, Setting>,
): void {
  const isGiven = (name: string): boolean =>
    isOn(values[name]) && metadata.flags[name]?.setFromDefault !== true;
  for (const [name, { file }] of settings) {
    if (file === null || isGiven(name) || !rivalsOf(name, flags).some(isGiven)) continue;
    const builtIn = flags[name]?.default;
    if (builtIn === undefined) delete values[name];
    else values[name] = builtIn;
  }
}
