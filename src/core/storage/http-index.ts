import { decodeSegment } from './location.ts';
import type { ListedFile } from './source.ts';

/**
 * Reads a web server's directory index: the HTML pages of nginx, Apache and python's http.server, and
 * nginx's `autoindex_format json`. Only links to files right in the folder count: sorting links,
 * the parent, folders and links elsewhere are left out.
 *
 * @param text The page.
 * @param folderUrl Where it came from, ending in a slash.
 * @returns null when it is neither.
 */
export function parseIndex(text: string, folderUrl: string): ListedFile[] | null {
  if (text.trimStart().startsWith('[')) return parseJsonIndex(text);
  if (!/<(?:!doctype|html|head|title|body|h1|pre|a)\b/i.test(text)) return null;
  const names = new Set<string>();
  for (const match of text.matchAll(/<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)) {
    const name = childName(decodeEntities(match[1] ?? match[2] ?? ''), folderUrl);
    if (name !== null) names.add(name);
  }
  // The sizes on the pages are rounded ("1.4M"), so they are of no use here.
  return [...names].map((name) => ({ name, size: null }));
}

function childName(href: string, folderUrl: string): string | null {
  if (!URL.canParse(href, folderUrl)) return null;
  const folder = new URL(folderUrl);
  const target = new URL(href, folder);
  if (target.origin !== folder.origin || !target.pathname.startsWith(folder.pathname)) return null;
  const rest = decodeSegment(target.pathname.slice(folder.pathname.length));
  return rest === '' || rest.includes('/') ? null : rest;
}

function parseJsonIndex(text: string): ListedFile[] | null {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(entries)) return null;
  const files: ListedFile[] = [];
  for (const entry of entries as unknown[]) {
    if (typeof entry !== 'object' || entry === null) return null;
    const { name, type, size } = entry as Record<string, unknown>;
    if (typeof name !== 'string') return null;
    if (type === 'directory' || name === '' || name.includes('/')) continue;
    files.push({ name, size: typeof size === 'number' ? size : null });
  }
  return files;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return ENTITIES[name.toLowerCase()] ?? whole;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}
