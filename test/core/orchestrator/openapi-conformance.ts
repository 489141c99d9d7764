import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { openApiDocument } from '../../../src/core/orchestrator/openapi/document.ts';
import type { Operation } from '../../../src/core/orchestrator/openapi/operation.ts';

export const DOCUMENT = openApiDocument('1.2.3', 4000);

/** A document of some hundred thousand lines says no more than one of some hundred. Characters. */
const LONG = 500_000;

const validators = new Map<string, ValidateFunction>();
const ajv = new Ajv2020({ allowUnionTypes: true, allErrors: true });
ajv.addSchema(closed({ $id: 'api', components: { schemas: DOCUMENT.components.schemas } }) as object);
ajv.addVocabulary(['components']);

interface Got {
  status: number;
  type: string | null;
  text: string;
}

/**
 * What the OpenAPI document does not say of an answer; null when all is as it says. Fields that it does not
 * name count, although readers have to put up with them. Paths and methods that are not there are no concern.
 */
export function nonConformance(method: string, path: string, { status, type, text }: Got): string | null {
  const route = path.split('?')[0] ?? '';
  const operation = operationOf(method, route);
  if (operation === undefined || status === 405) return null;
  const response = operation.responses[status];
  if (response === undefined) return `the document knows no answer ${status} (${text.slice(0, 200)})`;
  if (type === null) return response.content === undefined ? null : `${status} without a content type`;
  const media = type.split(';')[0] ?? '';
  const schema = response.content?.[media]?.schema;
  if (schema === undefined) return `the document knows no ${media} with ${status}`;
  if (method === 'HEAD' || !media.endsWith('json') || text.length > LONG) return null;
  const validate = validatorOf(`${method} ${route} ${status} ${media}`, schema);
  return validate(JSON.parse(text)) ? null : `${ajv.errorsText(validate.errors)} in ${text.slice(0, 2000)}`;
}

/** What a schema of the document does not allow in a value; null when all is as it says. */
export function validatorFor(name: string): (value: unknown) => string | null {
  const validate = validatorOf(name, { $ref: `#/components/schemas/${name}` });
  return (value) => (validate(value) ? null : ajv.errorsText(validate.errors));
}

function operationOf(method: string, route: string): Operation | undefined {
  const item = DOCUMENT.paths[route];
  return method === 'POST' ? item?.post : method === 'GET' || method === 'HEAD' ? item?.get : undefined;
}

function validatorOf(name: string, schema: object): ValidateFunction {
  const known = validators.get(name) ?? ajv.compile(closed(schema) as object);
  validators.set(name, known);
  return known;
}

/** With references into the document, and no fields but those that are named. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(schema).map(([key, value]): [string, unknown] => [
    // We know all of the values that we send.
    key === 'x-extensible-enum' ? 'enum' : key,
    key === '$ref' ? `api${String(value)}` : closed(value),
  ]);
  const made = Object.fromEntries(members);
  const isObject = made['type'] === 'object' && 'properties' in made;
  return isObject ? { additionalProperties: false, ...made } : made;
}
