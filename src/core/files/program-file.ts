import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

export interface ProgramFile {
  path: string;
  /** Bytes. */
  size: number;
  /** 64 hex digits. */
  sha256: string;
}

/** The single file of this program, for hosts that fetch it from here. */
export interface Program {
  /** Read once, at the first question. Rejects when the file cannot be read, and is asked again then. */
  file(): Promise<ProgramFile>;
}

/** @param path of the file; it must not change while this process runs */
export function programAt(path: string): Program {
  let known: Promise<ProgramFile> | null = null;
  const file = async (): Promise<ProgramFile> => {
    known ??= inspect(path);
    try {
      return await known;
    } catch (error) {
      known = null;
      throw error;
    }
  };
  return { file };
}

async function inspect(path: string): Promise<ProgramFile> {
  const { size } = await stat(path);
  const hash = createHash('sha256');
  // In parts: other answers go out between them.
  for await (const part of createReadStream(path, { highWaterMark: 1024 * 1024 }))
    hash.update(part as Buffer);
  return { path, size, sha256: hash.digest('hex') };
}
