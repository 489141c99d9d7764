import { describe } from '../fields.ts';
import type { Schema } from './schema.ts';
import { SCHEMAS } from './schemas.ts';

/** What a value is not. The path leads to the place at fault, and is built from there outwards. */
interface Problem {
  path: string;
  reason: string;
}

type Check = (value: unknown) => Problem | null;

const checks = new WeakMap<Schema, Check>();

/**
 * What is wrong with a value, for a person: `[3].attempt must be an integer, and is "x"`; null: it is as the
 * schema says. Fields that the schema does not name may be there.
 */
export function problemWith(value: unknown, schema: Schema): string | null {
  const problem = checkOf(schema)(value);
  return problem && `${problem.path.replace(/^\./u, '') || 'it'} ${problem.reason}`;
}

/** Lists are long, and their items all of one kind: a schema is taken apart once. */
function checkOf(schema: Schema): Check {
  let check = checks.get(schema);
  if (check === undefined) {
    check = compile(schema);
    checks.set(schema, check);
  }
  return check;
}

function compile(schema: Schema): Check {
  const { $ref, anyOf, type } = schema;
  if ($ref !== undefined) return checkOf(referred($ref));
  if (anyOf !== undefined) return anyOfThese(anyOf.map(checkOf));
  const all = [
    ...(type === undefined ? [] : [typeCheck([type].flat())]),
    ...valueChecks(schema),
    ...(schema.items ? [itemsCheck(checkOf(schema.items))] : []),
    ...(schema.properties ? [fieldsCheck(schema)] : []),
  ];
  return (value) => firstProblem(all, value);
}

function firstProblem(checks: readonly Check[], value: unknown): Problem | null {
  for (const check of checks) {
    const problem = check(value);
    if (problem !== null) return problem;
  }
  return null;
}

/** @throws Error for a name that is not there: a mistake in the schemas */
function referred(reference: string): Schema {
  const schema = SCHEMAS[reference.slice(reference.lastIndexOf('/') + 1)];
  if (schema === undefined) throw new Error(`no such schema: ${reference}`);
  return schema;
}

/** What is said is why it is not the first of these: the others are `null`, or forms of older clients. */
function anyOfThese(these: readonly Check[]): Check {
  return (value) => {
    let first: Problem | null = null;
    for (const check of these) {
      const problem = check(value);
      if (problem === null) return null;
      first ??= problem;
    }
    return first;
  };
}

const TYPES: Record<string, { name: string; is: (value: unknown) => boolean }> = {
  string: { name: 'a string', is: (value) => typeof value === 'string' },
  integer: { name: 'an integer', is: Number.isSafeInteger },
  number: { name: 'a number', is: Number.isFinite },
  boolean: { name: 'true or false', is: (value) => typeof value === 'boolean' },
  null: { name: 'null', is: (value) => value === null },
  array: { name: 'a list', is: Array.isArray },
  object: { name: 'an object', is: isObject },
};

function typeCheck(types: readonly string[]): Check {
  const known = types.map((type) => TYPES[type]!);
  const names = known.map(({ name }) => name).join(' or ');
  return (value) => (known.some(({ is }) => is(value)) ? null : wrong(`must be ${names}`, value));
}

/** What is asked of a value beyond its type; of one of another type nothing is. */
function valueChecks({ enum: values, const: only, pattern, minimum }: Schema): Check[] {
  const checks: Check[] = [];
  if (values !== undefined) {
    const known = new Set<unknown>(values);
    checks.push((value) => (known.has(value) ? null : wrong(`must be one of ${values.join(', ')}`, value)));
  }
  if (only !== undefined) {
    checks.push((value) => (value === only ? null : wrong(`must be ${describe(only)}`, value)));
  }
  if (pattern !== undefined) {
    const form = new RegExp(pattern, 'u');
    checks.push((value) =>
      typeof value !== 'string' || form.test(value) ? null : wrong(`must be of the form ${pattern}`, value),
    );
  }
  if (minimum !== undefined) {
    checks.push((value) =>
      typeof value !== 'number' || value >= minimum ? null : wrong(`must be at least ${minimum}`, value),
    );
  }
  return checks;
}

function itemsCheck(item: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return null;
    for (const [index, one] of value.entries()) {
      const problem = item(one);
      if (problem !== null) return { ...problem, path: `[${index}]${problem.path}` };
    }
    return null;
  };
}

function fieldsCheck({ properties = {}, required = [] }: Schema): Check {
  const needed = new Set(required);
  const fields = Object.entries(properties).map(([name, schema]) => ({
    name,
    isNeeded: needed.has(name),
    check: checkOf(schema),
  }));
  return (value) => {
    if (!isObject(value)) return null;
    for (const { name, isNeeded, check } of fields) {
      const field = Object.hasOwn(value, name) ? value[name] : undefined;
      if (field === undefined) {
        if (isNeeded) return { path: `.${name}`, reason: 'is missing' };
        continue;
      }
      const problem = check(field);
      if (problem !== null) return { ...problem, path: `.${name}${problem.path}` };
    }
    return null;
  };
}

function wrong(wanted: string, value: unknown): Problem {
  return { path: '', reason: `${wanted}, and is ${describe(value)}` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
