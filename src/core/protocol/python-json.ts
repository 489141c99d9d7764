/**
 * JSON exactly as Python's `json.dumps` writes it by default: one space after `:` and `,`, none
 * elsewhere, and everything outside printable ASCII escaped. Older clients were written against
 * these bytes. Members that are undefined are left out, as `JSON.stringify` does.
 */
export function pythonJson(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object') return `{${membersOf(value as Record<string, unknown>)}}`;
  throw new TypeError(`A ${typeof value} cannot be written as JSON`);
}

/** In one string, without lists in between: GET /status writes a million of these. */
function membersOf(object: Record<string, unknown>): string {
  let members = '';
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    members += `${members === '' ? '' : ', '}${quote(key)}: ${pythonJson(value)}`;
  }
  return members;
}

/** Nothing in such a text has to be escaped. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quote(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
