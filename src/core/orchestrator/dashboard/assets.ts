import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';

/** One file of the dashboard as it is sent, with the forms that were compressed when it was built. */
export interface Asset {
  type: string;
  etag: string;
  plain: Buffer;
  br?: Buffer | undefined;
  gzip?: Buffer | undefined;
}

/** The files of the dashboard by their names. Empty: it was not built. */
export type Assets = ReadonlyMap<string, Asset>;

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Reads all files at once: they are few and small, and `createReadStream` does not work on those that are
 * inside the single file. There they stand beside the program; a source tree has them in `dist`.
 */
export function loadAssets(folder = folderOf(import.meta.url)): Assets {
  const files = new Map<string, Buffer>();
  for (const name of namesIn(folder)) files.set(name, readFileSync(new URL(name, folder)));
  return new Map(
    [...files].flatMap(([name, plain]): [string, Asset][] => {
      const type = TYPES[extname(name)];
      if (type === undefined) return [];
      const [br, gzip] = [files.get(`${name}.br`), files.get(`${name}.gz`)];
      return [[name, { type, etag: etagOf(plain), plain, br, gzip }]];
    }),
  );
}

function folderOf(here: string): URL {
  return new URL(here.includes('/$bunfs/') ? './dashboard/' : '../../../../dist/dashboard/', here);
}

function namesIn(folder: URL): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function etagOf(content: Buffer): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
}
