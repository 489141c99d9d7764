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
  if (typeof value === 'object') {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${quote(key)}: ${pythonJson(member)}`).join(', ')}}`;
  }
  throw new TypeError(`A ${typeof value} cannot be written as JSON`);
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
