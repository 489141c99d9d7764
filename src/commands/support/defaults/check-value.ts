import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { nearest } from '../../../core/domain/nearest.ts';
import { type FlagSpec, isInteger, isPath, isSecret } from './flag-spec.ts';

type Parse = (text: string, context: object, flag: FlagSpec) => unknown;

/** A value as oclif would hand it over, or what is wrong with it. */
export type Checked = { ok: true; value: unknown } | { ok: false; message: string };

/**
 * Checks the value of a setting against the flag that it is for.
 * @param file in which it stands; paths are relative to its folder
 */
export async function checkValue(
  name: string,
  value: unknown,
  flag: FlagSpec,
  file: string,
): Promise<Checked> {
  if (flag.type === 'boolean') {
    return typeof value === 'boolean' ? { ok: true, value } : wrong(name, value, 'true or false');
  }
  if (flag.multiple) {
    const list: unknown[] = Array.isArray(value) ? value : [value];
    const checked = await Promise.all(list.map((one) => checkOne(name, one, flag, file)));
    const bad = checked.find((one) => !one.ok);
    return bad ?? { ok: true, value: checked.flatMap((one) => (one.ok ? [one.value] : [])) };
  }
  return checkOne(name, value, flag, file);
}

async function checkOne(name: string, value: unknown, flag: FlagSpec, file: string): Promise<Checked> {
  if (isInteger(flag)) {
    if (!Number.isSafeInteger(value)) return wrong(name, value, 'a whole number');
  } else if (typeof value !== 'string' || value === '') {
    return wrong(name, value, flag.multiple ? 'text, or a list of texts' : 'text in double quotes');
  }
  const text = String(value);
  if (flag.options !== undefined && !flag.options.includes(text)) {
    const meant = nearest(text, flag.options);
    const bad = wrong(name, value, `one of ${flag.options.join(', ')}`);
    return meant === null ? bad : { ok: false, message: `${bad.message}; did you mean "${meant}"?` };
  }
  return parsed(isPath(flag) ? absolutePath(text, file) : text, flag);
}

/** Ranges, and whatever else the flag itself looks at. */
async function parsed(text: string, flag: FlagSpec): Promise<Checked> {
  try {
    return { ok: true, value: await (flag.parse as Parse)(text, {}, flag) };
  } catch (error) {
    return { ok: false, message: (error as Error).message.replace(/^E/u, 'e') };
  }
}

/** A path of a file with defaults is relative to that file's folder, or to the home directory with `~/`. */
export function absolutePath(text: string, file: string): string {
  return text.startsWith('~/') ? join(homedir(), text.slice(2)) : resolve(dirname(file), text);
}

function wrong(name: string, value: unknown, expected: string): Checked & { ok: false } {
  const got = isSecret(name) ? 'something else' : (JSON.stringify(value) ?? 'nothing').slice(0, 80);
  return { ok: false, message: `expected ${expected}, got ${got}` };
}
