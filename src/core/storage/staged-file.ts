import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createPlainSink, DamagedFileError } from './sink.ts';
import type { Sink } from './sink.ts';
import { SourceError } from './source-error.ts';
import type { FileInfo } from './source.ts';
import type { Receiver } from './transfer.ts';
import { createZstdSink } from './zstd.ts';
import type { ZstdChoice } from './zstd.ts';
import { looksLikeZstd } from './zstd-frames.ts';

export interface StagedFileOptions {
  /** The temporary name; overwritten when something is there. */
  readonly path: string;
  /** The name at the source: `.zst` promises compression. */
  readonly sourceName: string;
  /** false: stored as it comes, compressed or not. */
  readonly decompress: boolean;
  readonly zstd: ZstdChoice;
  /** Lower-case hex of the bytes as stored at the source; null: not known. */
  readonly sha256: string | null;
  /** Called as soon as it is known how long the file will be on disk; throws when that is too much. */
  readonly onNeed: (bytes: number) => Promise<void>;
}

/** A file that is being written under its temporary name. */
export interface StagedFile extends Receiver {
  /**
   * Everything has arrived: checks it, and brings it to the disk.
   *
   * @returns Its length on disk, in bytes.
   * @throws {DamagedFileError}
   */
  finish(): Promise<number>;
  /** Closes everything. Does not throw, and may follow `finish`. */
  close(): Promise<void>;
}

/** Enough to tell zstd and a web page from the rest. */
const START_BYTES = 16;

/** The bytes go through the checksum, then through what their first bytes ask for, then to the disk. */
export async function openStagedFile(options: StagedFileOptions): Promise<StagedFile> {
  let handle: FileHandle = await open(options.path, 'w');
  let hash = createHash('sha256');
  let sink: Sink | null = null;
  /** The first bytes, until there are enough to choose a sink. */
  let start = new Uint8Array();
  let size: number | null = null;
  let contentType: string | null = null;

  async function chooseSink(): Promise<Sink> {
    if (isWebPage(start, contentType)) {
      throw new SourceError('refused', 'the server sent a web page in place of the file', {
        hint: 'Open the address in a browser: it may be an error page, a log-in page or a preview.',
      });
    }
    if (start.length === 0) throw new DamagedFileError('it is empty');
    if (options.decompress && looksLikeZstd(start)) {
      return createZstdSink({ target: handle, use: options.zstd, onDeclaredSize: options.onNeed });
    }
    if (options.decompress && options.sourceName.endsWith('.zst')) {
      throw new DamagedFileError(`it is named .zst, but is not zstd: it begins with ${quoteBytes(start)}`);
    }
    if (size !== null) await options.onNeed(size);
    return createPlainSink(handle);
  }

  async function openSink(): Promise<Sink> {
    sink = await chooseSink();
    await sink.write(start);
    return sink;
  }

  async function take(chunk: Uint8Array, info: FileInfo & { contentType: string | null }): Promise<void> {
    if (options.sha256 !== null) hash.update(chunk);
    if (sink !== null) return sink.write(chunk);
    ({ size, contentType } = info);
    start = Buffer.concat([start, chunk]);
    if (start.length >= START_BYTES) await openSink();
  }

  async function finish(): Promise<number> {
    const complete = sink ?? (await openSink());
    const length = await complete.finish();
    const digest = hash.digest('hex');
    if (options.sha256 !== null && digest !== options.sha256) {
      throw new DamagedFileError(`its SHA-256 is ${digest}, expected ${options.sha256}`);
    }
    await handle.sync();
    return length;
  }

  async function close(): Promise<void> {
    await sink?.abort();
    await handle.close().catch(() => undefined);
  }

  async function restart(): Promise<void> {
    await close();
    sink = null;
    start = new Uint8Array();
    hash = createHash('sha256');
    handle = await open(options.path, 'w');
  }

  return { take, restart, finish, close };
}

function isWebPage(start: Uint8Array, contentType: string | null): boolean {
  // No file that is fetched here begins with "<". The type alone proves nothing: some servers call everything text/html.
  const text = Buffer.from(start).toString('latin1').trimStart();
  return text.startsWith('<') || (contentType?.startsWith('text/html') === true && text === '');
}

function quoteBytes(bytes: Uint8Array): string {
  return `bytes ${Buffer.from(bytes.subarray(0, 4)).toString('hex')}`;
}
