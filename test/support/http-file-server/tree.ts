import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Files by path (`folder/name`, no slash in front), or a folder of the disk. */
export type Root = string | ReadonlyMap<string, Uint8Array>;

/** null when there is no such file. */
export function readFrom(root: Root, name: string): Uint8Array | null {
  if (typeof root !== 'string') return root.get(name) ?? null;
  const file = path.join(root, name);
  const inside = file.startsWith(path.join(root, path.sep));
  return inside && existsSync(file) && statSync(file).isFile() ? readFileSync(file) : null;
}

/** The paths of all files that begin so, sorted as S3 does: by their UTF-8 bytes. */
export function pathsUnder(root: Root, prefix: string): string[] {
  const all = typeof root === 'string' ? walk(root, '') : [...root.keys()];
  return all
    .filter((name) => name.startsWith(prefix))
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function walk(root: string, folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(root, name) : [name];
  });
}
