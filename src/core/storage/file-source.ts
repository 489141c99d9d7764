import { createReadStream } from 'node:fs';
import type { Stats } from 'node:fs';
import { access, constants, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { FileLocation } from './location.ts';
import { SourceError } from './source-error.ts';
import type { FileInfo, ListedFile, OpenFile, ReadRequest, SourceOf } from './source.ts';

/** Files of this machine, or of a mounted share. Only regular files are read: a pipe would block for ever. */
export function createFileSource(): SourceOf<FileLocation> {
  return { head: headFile, read: readFile, list: listFolder, close: () => undefined };
}

async function headFile(location: FileLocation): Promise<FileInfo> {
  const stats = await statOf(location.path);
  refuseOthers(location.path, stats);
  // No server to give an ETag: length and time of change stand for one.
  return { size: stats.size, etag: `${stats.size}-${stats.mtimeMs}` };
}

async function readFile(location: FileLocation, request: ReadRequest): Promise<OpenFile> {
  const info = await headFile(location);
  if (request.ifMatch !== null && request.ifMatch !== info.etag) {
    throw new SourceError('changed', `${location.path} was changed while it was being read`);
  }
  const options = { start: request.offset, signal: request.signal, highWaterMark: 1 << 20 };
  const stream = createReadStream(location.path, options);
  // Whoever reads it is told of an error; when nobody reads any more, it must not end the process.
  stream.on('error', () => undefined);
  return { ...info, offset: request.offset, contentType: null, stream, cancel: () => stream.destroy() };
}

async function listFolder(folder: FileLocation): Promise<ListedFile[]> {
  try {
    const entries = await readdir(folder.path);
    const files = await Promise.all(entries.map((name) => listed(folder.path, name)));
    return files.filter((file) => file !== null);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw problemOf(folder.path, error);
  }
}

/** null for what is no regular file, and for a file that has gone since, or a link to nowhere. */
async function listed(folder: string, name: string): Promise<ListedFile | null> {
  try {
    const stats = await stat(path.join(folder, name));
    return stats.isFile() ? { name, size: stats.size } : null;
  } catch {
    return null;
  }
}

async function statOf(file: string): Promise<Stats> {
  try {
    const stats = await stat(file);
    await access(file, constants.R_OK);
    return stats;
  } catch (error) {
    throw problemOf(file, error);
  }
}

function refuseOthers(file: string, stats: Stats): void {
  if (stats.isFile()) return;
  const what = stats.isDirectory() ? 'a directory' : 'a device, pipe or socket';
  throw new SourceError('not-a-file', `${file} is ${what}, expected a regular file`);
}

function problemOf(file: string, error: unknown): SourceError {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new SourceError('not-found', `There is no file ${file}`, { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new SourceError('forbidden', `Not allowed to read ${file}`, {
      hint: 'Give the user that runs this program permission to read the file and its folders.',
      cause: error,
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new SourceError('connection', `Cannot read ${file}: ${reason}`, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
