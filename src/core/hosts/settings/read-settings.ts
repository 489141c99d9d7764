import { getNodeValue, type Node, parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { nearest } from '../../domain/nearest.ts';
import { showValue } from '../../domain/manifest/show-value.ts';
import { isSetting, RULES, SETTING_NAMES, type SettingName } from './rules.ts';

/** A setting, and where it was made: `fleet.json:7:3`, or `--subnet`. */
export interface Setting {
  readonly value: unknown;
  readonly where: string;
}

export type Settings = ReadonlyMap<SettingName, Setting>;

/** Objects of the file that have settings in them. */
const SECTIONS = new Set(
  SETTING_NAMES.flatMap((name) => name.split('.').map((_, at, all) => all.slice(0, at).join('.'))),
);

/**
 * Reads the text of a file of JSON with comments. Pure. When it is no such file, only the first mistake is told.
 * @param file as it is named in mistakes
 * @returns the settings, their values not yet looked at, and a line for each mistake
 */
export function readSettings(text: string, file: string): { settings: Settings; mistakes: string[] } {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const errors: ParseError[] = [];
  const root = parseTree(content, errors, { allowTrailingComma: true });
  const settings = new Map<SettingName, Setting>();
  const mistakes: string[] = [];
  const at = (offset: number): string => `${file}:${placeOf(content, offset)}`;
  const [first] = errors;
  if (first !== undefined || root?.type !== 'object') {
    const what = first ? `not valid JSON (${printParseErrorCode(first.error)})` : 'not an object, { … }';
    return { settings, mistakes: [`${at(first?.offset ?? 0)}: this is ${what}`] };
  }
  const visit = (object: Node, prefix: string): void => {
    const seen = new Set<string>();
    for (const { children: [key, node] = [] } of object.children ?? []) {
      if (key === undefined || node === undefined) continue;
      const own = String(key.value);
      const name = prefix + own;
      const where = at(key.offset);
      // Where editors find the schema of the file.
      if (name === '$schema') continue;
      if (seen.has(own)) mistakes.push(`${where}: ${showValue(name)} is there twice`);
      else if (isSetting(name)) settings.set(name, { value: getNodeValue(node), where });
      else if (SECTIONS.has(name) && node.type === 'object') visit(node, `${name}.`);
      else mistakes.push(`${where}: ${unknown(name)}`);
      seen.add(own);
    }
  };
  visit(root, '');
  return { settings, mistakes };
}

/** null: the value can be used. */
export function mistakeIn(name: SettingName, value: unknown): string | null {
  return RULES[name].accepts(value)
    ? null
    : `${name} is ${showValue(value)}; expected ${RULES[name].expected}`;
}

function unknown(name: string): string {
  if (SECTIONS.has(name)) return `${name} is a section; expected an object, { … }`;
  const meant = nearest(name, SETTING_NAMES);
  return `there is no setting ${showValue(name)}${meant === null ? '' : `; did you mean ${meant}?`}`;
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
