import { escapeMarkup } from './escape.ts';

/**
 * Characters that mean something to Markdown in a line, the bar that ends a table's cell included. A colon
 * does in an address and in the name of a picture only.
 */
const MARKS = /[\\`*_{}[\]#|~$@]|:(?=[^\s\d])/gu;

/**
 * A value of unknown content, as it is, in a fixed pitch. Written as an element, because between
 * backticks nothing can be escaped; in it nobody is mentioned and no number becomes a link.
 */
export function code(text: string): string {
  return `<code>${textOf(text)}</code>`;
}

/** Text that is shown as it is, on one line of source. */
export function textOf(text: string): string {
  return escapeMarkup(text)
    .replaceAll(/&#39;/gu, "'")
    .replaceAll(MARKS, (mark, at: number, whole: string) =>
      // What escapeMarkup has made of & and the like stays.
      mark === '#' && whole[at - 1] === '&' ? mark : `&#${mark.codePointAt(0)};`,
    )
    .replaceAll(/\r\n|\r|\n/gu, '<br>');
}

/** A table; its cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
