import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ExitCode } from '../domain/exit-codes.ts';
import { formatProblem, formatProblems } from '../domain/manifest/format-problem.ts';
import { parseManifest, type CheckNodeosOptions } from '../domain/manifest/parse.ts';
import { resolveSlicePaths } from '../domain/manifest/resolve-paths.ts';
import type { Slice } from '../domain/slice.ts';
import { UserError } from '../domain/user-error.ts';
import type { Logger } from '../log/logger.ts';

export interface ReadManifest {
  /** The file as it is, byte for byte. */
  text: string;
  /** With their paths resolved. */
  slices: Slice[];
}

/**
 * Reads and checks a manifest. Warnings go to the log, mistakes are shown all at once.
 * @throws UserError with the exit code `invalidInput`
 */
export async function readManifest(
  path: string,
  checkNodeosOptions: CheckNodeosOptions,
  logger: Logger,
): Promise<ReadManifest> {
  const text = await readText(path);
  const parsed = parseManifest(text, checkNodeosOptions);
  if (!parsed.ok) {
    throw new UserError({
      code: 'MANIFEST_INVALID',
      message: `The manifest ${path} has mistakes:\n${formatProblems(parsed.problems)}`,
      hint: 'Correct them all and start again; nothing was started.',
      exitCode: ExitCode.invalidInput,
    });
  }
  for (const warning of parsed.warnings) {
    logger.warn({ slice: warning.sliceId, code: warning.code }, `manifest: ${formatProblem(warning)}`);
  }
  return { text, slices: resolveSlicePaths(parsed.slices, dirname(resolve(path))) };
}

/** A slice takes about 400 bytes: this is room for a million of them. */
const MOST_BYTES = 400 * 1024 * 1024;

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw new Error(`it has ${size} bytes, and ${MOST_BYTES} are the most`);
    return decode(await readFile(path));
  } catch (error) {
    throw new UserError({
      code: 'MANIFEST_UNREADABLE',
      message: `The manifest ${path} cannot be read: ${reasonOf(error as NodeJS.ErrnoException)}.`,
      hint: 'Give the manifest file with --config.',
      exitCode: ExitCode.invalidInput,
      cause: error,
    });
  }
}

/** A path with characters that were replaced would name another file. */
function decode(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  throw new Error(isUtf16 ? 'it is UTF-16; save it as UTF-8' : `line ${badLine(bytes)} is not UTF-8`);
}

/** The line, from 1, in which the first bytes stand that are no UTF-8. */
function badLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const end = bytes.indexOf('\n', start);
    const next = end === -1 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(start, next))) break;
    start = next;
  }
  return line;
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such file';
  return code === 'EISDIR' ? 'it is a folder' : message;
}
