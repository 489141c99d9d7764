import { redact } from '../../../core/log/redact.ts';
import { absolutePath } from './check-value.ts';
import { type CommandFlags, type FlagSpec, isPath, isSecret } from './flag-spec.ts';
import { type Setting, settingsOf } from './layers.ts';
import type { DefaultsFile } from './load.ts';
import type { Environment } from './places.ts';

/** A setting of one command in the form in which anybody may see it. */
export interface ShownSetting extends Omit<Setting, 'file'> {
  command: string;
  flag: string;
}

/** What every flag of the commands is when nothing is typed. */
export function shownSettings(
  commands: CommandFlags,
  files: readonly DefaultsFile[],
  environment: Environment,
): ShownSetting[] {
  return [...commands].flatMap(([command, flags]) =>
    [...settingsOf(command, flags, files, environment)].map(([flag, setting]) => {
      const { source, place } = setting;
      return { command, flag, value: shownValue(flag, setting, flags[flag]), source, place };
    }),
  );
}

const MASK = '***';

/** Paths as they are taken; what looks like a credential, in a URL for instance, is left out. */
function shownValue(name: string, { value, file }: Setting, flag: FlagSpec | undefined): unknown {
  if (isSecret(name)) return MASK;
  const isPathInFile = file !== null && flag !== undefined && isPath(flag) && typeof value === 'string';
  return redact(isPathInFile ? absolutePath(value, file) : value);
}
