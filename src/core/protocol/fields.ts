import { parseHash } from '../domain/hash.ts';
import { formatUtc, parseUtc } from '../domain/time.ts';

/** A field of a request has the wrong type or value; the message names the field. Answered as 400. */
export class FieldError extends Error {
  override readonly name = 'FieldError';
}

export type Fields = Record<string, unknown>;

/** The body of a POST: a JSON object, whatever the content type says. */
export function parseObject(body: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new FieldError('The body must be JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FieldError(`The body must be a JSON object, and is ${describe(value)}`);
  }
  return value as Fields;
}

/** A field's value, or undefined when it is absent or null (a whole record sent back contains nulls). */
export function present(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? (fields[name] ?? undefined) : undefined;
}

export function text(fields: Fields, name: string, maxLength: number): string | undefined {
  const value = present(fields, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw new FieldError(`${name} must be a string, and is ${describe(value)}`);
  return value.slice(0, maxLength);
}

/** A block number: an integer, or a string of digits as the older client sends it. */
export function blockNumber(fields: Fields, name: string): number | undefined {
  const value = present(fields, name);
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) {
    throw new FieldError(`${name} must be an integer or a string of digits, and is ${describe(value)}`);
  }
  return number;
}

/** An integrity hash: 64 hex digits, returned in lower case. `''` counts as absent. */
export function hash(fields: Fields, name: string): string | undefined {
  const value = present(fields, name);
  if (value === undefined || value === '') return undefined;
  const parsed = typeof value === 'string' ? parseHash(value) : null;
  if (parsed === null) throw new FieldError(`${name} must be 64 hex digits, and is ${describe(value)}`);
  return parsed;
}

/** A number of 0 or more. */
export function amount(fields: Fields, name: string): number | undefined {
  const value = present(fields, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new FieldError(`${name} must be a number of 0 or more, and is ${describe(value)}`);
  }
  return value;
}

export function oneOf<T extends string>(fields: Fields, name: string, allowed: readonly T[]): T | undefined {
  const value = present(fields, name);
  if (value === undefined) return undefined;
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    throw new FieldError(`${name} must be one of ${allowed.join(', ')}, and is ${describe(value)}`);
  }
  return found;
}

/** A time in ISO 8601; without a zone it is UTC. Returned as `YYYY-MM-DDTHH:MM:SS`. */
export function utcTime(fields: Fields, name: string): string | undefined {
  const value = present(fields, name);
  if (value === undefined || value === '') return undefined;
  const time = typeof value === 'string' ? parseUtc(value) : null;
  if (time === null) {
    throw new FieldError(`${name} must be a time such as 2026-11-22T10:51:26, and is ${describe(value)}`);
  }
  return formatUtc(time);
}

/** A short form of a value for a message. */
export function describe(value: unknown): string {
  const json = toJson(value);
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}

/** JSON can be read that is nested too deeply to be written again. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return 'nested too deeply';
  }
}
