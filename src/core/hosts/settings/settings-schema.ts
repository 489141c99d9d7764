import { MEANINGS } from './meanings.ts';
import { RULES, SETTING_NAMES } from './rules.ts';

type Schema = Record<string, unknown>;

/**
 * The JSON Schema (draft 7) of a file with settings, for editors: what a setting may be, and what it says.
 * Pure. Whether settings fit each other it does not know; `replay hosts up --dry-run` looks at that.
 */
export function settingsSchema(): Schema {
  const root: Schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Settings of a fleet of replay hosts',
    // As editors know them that go by a schema.
    allowComments: true,
    allowTrailingCommas: true,
    ...section({ $schema: { type: 'string' } }),
    required: ['name'],
  };
  for (const name of SETTING_NAMES) {
    const path = name.split('.');
    const own = path.pop() ?? name;
    const place = path.reduce((outer, key) => (propertiesOf(outer)[key] ??= section({})), root);
    const { says, unlessSet } = MEANINGS[name];
    const otherwise = unlessSet === 'required' ? '' : ` Unless set: ${unlessSet}.`;
    propertiesOf(place)[own] = { description: `${says}.${otherwise}`, ...RULES[name].schema };
  }
  return root;
}

function section(properties: Record<string, Schema>): Schema {
  return { type: 'object', properties, additionalProperties: false };
}

function propertiesOf(schema: Schema): Record<string, Schema> {
  return schema['properties'] as Record<string, Schema>;
}
