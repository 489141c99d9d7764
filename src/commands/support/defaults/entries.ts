import { getNodeValue, type Node, parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser';

/** One setting of a file, as it stands there. */
export interface Entry {
  /** The command or topic in whose object it stands: `jobs retry`; null: at the top, for all commands. */
  section: string | null;
  /** The name of a flag; null: the entry is the object of a command itself. */
  key: string | null;
  value: unknown;
  place: Place;
}

/** Line and column, from 1. */
export interface Place {
  line: number;
  column: number;
}

/** A mistake, and where it stands. */
export interface Mistake {
  place: Place;
  message: string;
}

/**
 * The settings in a file of JSON with comments, in their order. A file without anything in it has none. When it is no
 * such file, only the first mistake is told: those after it are mostly consequences of it.
 */
export function readEntries(text: string): { entries: Entry[]; mistakes: Mistake[] } {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const errors: ParseError[] = [];
  const root = parseTree(content, errors, { allowEmptyContent: true, allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) {
    const message = `this is not valid JSON (${printParseErrorCode(first.error)})`;
    return { entries: [], mistakes: [{ place: placeOf(content, first.offset), message }] };
  }
  if (root === undefined) return { entries: [], mistakes: [] };
  if (root.type !== 'object') {
    const message = 'expected an object, {"orchestrator": "10.0.0.5"}';
    return { entries: [], mistakes: [{ place: placeOf(content, root.offset), message }] };
  }
  const mistakes: Mistake[] = [];
  const entries = members(root, content, mistakes).flatMap(({ name, node, place }) => {
    if (node.type !== 'object') return [{ section: null, key: name, value: getNodeValue(node), place }];
    const inner = members(node, content, mistakes).map((member): Entry => ({
      section: name,
      key: member.name,
      value: getNodeValue(member.node),
      place: member.place,
    }));
    return [{ section: name, key: null, value: null, place }, ...inner];
  });
  return { entries, mistakes };
}

interface Member {
  name: string;
  node: Node;
  place: Place;
}

/** The members of an object. Of a name that is there twice the first one counts, and the other is a mistake. */
function members(object: Node, text: string, mistakes: Mistake[]): Member[] {
  const byName = new Map<string, Member>();
  for (const { children: [key, node] = [] } of object.children ?? []) {
    if (key === undefined || node === undefined) continue;
    const member = { name: String(key.value), node, place: placeOf(text, key.offset) };
    if (byName.has(member.name)) {
      mistakes.push({ place: member.place, message: `${JSON.stringify(member.name)} is there twice` });
    } else {
      byName.set(member.name, member);
    }
  }
  return [...byName.values()];
}

function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
