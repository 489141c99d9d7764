import type { Product } from '../product.ts';
import { ALLOWED_OPTIONS, REFUSED_OPTIONS } from './options-table.ts';
import type { AllowedOption, ValueRule } from './options-table.ts';

interface Written {
  readonly name: string;
  readonly value: string | null;
}

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Checks the extra options of a slice (`nodeos_options`). They may be written `--name=value`,
 * `name=value`, `--name value` in one string or in two, and `--name` or `name=true` for a switch.
 * @param product when it is known: options of the other product are then a problem too
 * @returns one message for each problem; empty when all may be passed on
 */
export function checkNodeosOptions(options: readonly string[], product?: Product): string[] {
  const written = readOptions(options);
  const problems = written.flatMap((option) => problemOf(option, product));
  const names = written.map((option) => option.name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...problems, ...[...twice].map((name) => `--${name} is given more than once`)];
}

/**
 * The options as nodeos is given them: `--name=value`, and `--name` for a switch that is on. They must
 * have passed {@link checkNodeosOptions}.
 */
export function toArguments(options: readonly string[]): string[] {
  return readOptions(options).flatMap(({ name, value }) => {
    if (ALLOWED_OPTIONS.get(name)?.rule.kind !== 'flag') return [`--${name}=${value}`];
    return isOff(value) ? [] : [`--${name}`];
  });
}

function readOptions(options: readonly string[]): Written[] {
  const written: Written[] = [];
  for (let i = 0; i < options.length; i++) {
    const [, name = '', separator, rest = ''] =
      /^-{0,2}([^\s=]*)(\s*=\s*|\s+)?(.*)$/s.exec(options[i]!.trim()) ?? [];
    if (separator) {
      written.push({ name, value: rest.trim() });
      continue;
    }
    const next = options[i + 1];
    const takesNext = next !== undefined && isValueOf(name, options[i]!.trim(), next.trim());
    written.push({ name, value: takesNext ? next.trim() : null });
    if (takesNext) i++;
  }
  return written;
}

/** Whether the string after `--name` is its value: switches take none, and a value is not an option itself. */
function isValueOf(name: string, written: string, next: string): boolean {
  if (!written.startsWith('--') || next.startsWith('-') || next.includes('=')) return false;
  return ALLOWED_OPTIONS.get(name)?.rule.kind !== 'flag';
}

function problemOf({ name, value }: Written, product: Product | undefined): string[] {
  if (!NAME.test(name)) return [`"${name}" is not the name of an option of nodeos`];
  const refused = refusal(name);
  if (refused !== null) return [`--${name} is not allowed: ${refused}`];
  const allowed = ALLOWED_OPTIONS.get(name);
  if (!allowed) return [`--${name} is not allowed: only ${[...ALLOWED_OPTIONS.keys()].join(', ')} are`];
  return [...wrongProduct(name, allowed, product), ...wrongValue(name, allowed.rule, value)];
}

/** Why an option may not be set by anybody but this program; null when there is no such reason. */
function refusal(name: string): string | null {
  const reason = REFUSED_OPTIONS.get(name);
  if (reason !== undefined) return reason;
  if (name === 'plugin') return 'plugins are chosen by this program';
  return null;
}

function wrongProduct(name: string, allowed: AllowedOption, product: Product | undefined): string[] {
  if (allowed.only === undefined || product === undefined || allowed.only === product) return [];
  const other = allowed.only === 'spring' ? 'Spring' : 'Leap';
  return [`--${name} exists only in ${other}`];
}

function wrongValue(name: string, rule: ValueRule, value: string | null): string[] {
  const got = value === null || value === '' ? 'nothing' : JSON.stringify(value);
  switch (rule.kind) {
    case 'flag':
      return value === null || isOff(value) || value === 'true' || value === '1'
        ? []
        : [`--${name} is a switch: expected no value, true or false, got ${got}`];
    case 'integer': {
      const number = value !== null && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
      return number >= rule.min && number <= rule.max
        ? []
        : [`--${name}: expected a whole number from ${rule.min} to ${rule.max}, got ${got}`];
    }
    case 'choice':
      return value !== null && rule.values.includes(value)
        ? []
        : [`--${name}: expected one of ${rule.values.join(', ')}, got ${got}`];
    default: {
      const never: never = rule;
      return never;
    }
  }
}

function isOff(value: string | null): boolean {
  return value === 'false' || value === '0';
}
