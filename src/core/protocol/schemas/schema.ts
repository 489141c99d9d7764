declare const SHAPE: unique symbol;

/**
 * A JSON schema (2020-12), as OpenAPI 3.1 has it. The orchestrator's document is made of these, and what
 * comes from an orchestrator is held against them (check.ts).
 *
 * @typeParam Shape of the values that it describes; for the compiler alone.
 */
export interface Schema<Shape = unknown> {
  readonly [SHAPE]?: Shape;
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: readonly (string | null)[];
  /** Like `enum`, but later versions may know more: a reader takes any text. The name is an agreed one in OpenAPI. */
  'x-extensible-enum'?: readonly string[];
  const?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  /** What a string holds that is JSON itself. */
  contentSchema?: Schema;
}

/** Made when it is asked for, so that what refers to another schema need not come after it. */
export type Schemas = Record<string, Schema>;

export const INTEGER: Schema = { type: 'integer', minimum: 0 };
export const NUMBER: Schema = { type: 'number', minimum: 0 };
export const STRING: Schema = { type: 'string' };
export const BOOLEAN: Schema = { type: 'boolean' };
export const HASH: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
/** UTC, without a zone: not the `date-time` of RFC 3339. */
export const TIME: Schema = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' };

export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

export function nullable(schema: Schema): Schema {
  const { type } = schema;
  return typeof type === 'string' && schema.enum === undefined && schema['x-extensible-enum'] === undefined
    ? { ...schema, type: [type, 'null'] }
    : { anyOf: [schema, { type: 'null' }] };
}

export function list<Item>(items: Schema<Item>): Schema<Item[]> {
  return { type: 'array', items };
}

export function oneOf(values: readonly string[]): Schema {
  return { type: 'string', enum: values };
}

/** One of these, or one that a later version has added: a word that can be shown as it is. */
export function oneOfAtLeast(values: readonly string[]): Schema {
  return { type: 'string', pattern: '^[a-z][a-z0-9-]{0,49}$', 'x-extensible-enum': values };
}

/** The schemas of a record's fields; the compiler asks for those that are missing. */
export type FieldsOf<Shape> = { [Field in keyof Required<Shape>]: Schema };

/** An object whose fields are all there, but for those that are named. Others may come in later versions. */
export function record<Shape>(
  properties: FieldsOf<Shape>,
  { description, optional = [] }: { description?: string; optional?: readonly (keyof Shape)[] } = {},
): Schema<Shape> {
  const names = Object.keys(properties);
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    properties,
    required: names.filter((name) => !optional.includes(name as keyof Shape)),
  };
}

/** An object in which every field may be left out. */
export function partial<Shape>(
  properties: FieldsOf<Shape>,
  required: readonly (keyof Shape)[] = [],
): Schema<Shape> {
  return { type: 'object', properties, required: required.map(String) };
}

export function described<Shape>(schema: Schema<Shape>, description: string): Schema<Shape> {
  return { ...schema, description };
}
