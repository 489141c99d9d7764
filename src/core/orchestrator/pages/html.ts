const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** A page without scripts or styles: the policy that it is sent with allows none. */
export function page(title: string, body: string): string {
  const { before, after } = pageAround(title);
  return before + body + after;
}

/** What stands before and after the body of a page. */
export function pageAround(title: string): { before: string; after: string } {
  const head = `<meta charset="utf-8"><title>${escapeHtml(title)}</title>`;
  return {
    before: `<!doctype html>\n<html lang="en"><head>${head}</head><body><h1>${escapeHtml(title)}</h1>\n`,
    after: '\n</body></html>\n',
  };
}

/** @param cells already escaped */
export function row(cells: readonly string[], tag: 'td' | 'th' = 'td'): string {
  return `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
}

export const TABLE = { before: '<table border="1">\n', between: '\n', after: '\n</table>' };

export function table(rows: readonly string[]): string {
  return TABLE.before + rows.join(TABLE.between) + TABLE.after;
}

/** Any value of a record, escaped. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return escapeHtml(typeof value === 'string' ? value : JSON.stringify(value));
}
