import { escapeMarkup } from '../escape.ts';

export interface Column {
  name: string;
  kind?: 'number' | 'hash';
}

/** HTML that is finished; every other value is escaped where it is put in. */
export interface Markup {
  html: string;
}

export type Content = string | number | null | Markup;

/** A value that may be unknown, escaped unless it is markup already. */
export function shown(content: Content): string {
  if (content === null) return '';
  if (typeof content === 'object') return content.html;
  return escapeMarkup(String(content));
}

export function hash(value: string | null): Markup {
  return { html: value === null ? 'not known' : `<code>${escapeMarkup(value)}</code>` };
}

/** Several values under each other in one cell. */
export function lines(contents: readonly Content[]): Markup {
  return { html: contents.map((content) => `<div>${shown(content)}</div>`).join('') };
}

/** @param ids of the rows, to be linked to */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
  ids: readonly string[] = [],
): string {
  const open = (tag: string, at: number): string => {
    const kind = columns[at]?.kind;
    return kind === undefined ? `<${tag}>` : `<${tag} class="${kind}">`;
  };
  const head = columns.map(({ name }, at) => `${open('th', at)}${escapeMarkup(name)}</th>`).join('');
  const body = rows.map((row, index) => {
    const id = ids[index] === undefined ? '' : ` id="${ids[index]}"`;
    return `<tr${id}>${row.map((content, at) => `${open('td', at)}${shown(content)}</td>`).join('')}</tr>`;
  });
  return [
    '<div class="wide"><table>',
    `<thead><tr>${head}</tr></thead>`,
    '<tbody>',
    ...body,
    '</tbody></table></div>',
  ].join('\n');
}

/** Nothing at all when there is nothing to show. */
export function section(title: string, content: string): string {
  return content === '' ? '' : `<section>\n<h2>${escapeMarkup(title)}</h2>\n${content}\n</section>`;
}
