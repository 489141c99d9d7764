import { AttemptFailure } from '../domain/attempt-failure.ts';
import type { Cause } from '../domain/cause.ts';
import { DamagedFileError } from './sink.ts';
import { SourceError } from './source-error.ts';

/** What a file is for, which decides the cause of its failures. */
export type FileKind = 'snapshot' | 'genesis' | 'blocks' | 'package';

const NOUNS: Readonly<Record<FileKind, string>> = {
  snapshot: 'snapshot',
  genesis: 'genesis file',
  blocks: 'block file',
  package: 'package',
};

/** The file arrived as it is stored, and is damaged: fetching it again brings the same. */
const DAMAGED: Readonly<Record<FileKind, Cause>> = {
  snapshot: 'corrupt-snapshot',
  genesis: 'bad-job',
  blocks: 'blocks-log',
  package: 'install',
};

/**
 * Turns what went wrong into the failure of the attempt.
 *
 * | what | snapshot, genesis | blocks | package |
 * | --- | --- | --- | --- |
 * | not found | bad-job: it can never work | download: it was listed a moment ago | bad-job |
 * | a directory, a device | bad-job | blocks-log | bad-job |
 * | forbidden, no credentials, wrong region | download: another host may have the right ones | download | install |
 * | refused for good, a web page in its place | download | download | install |
 * | changed twice meanwhile, busy, no connection | download | download | install |
 * | damaged: zstd, checksum, length, empty | corrupt-snapshot, bad-job | blocks-log | install |
 *
 * @param place The location without its secrets.
 * @returns The error itself when it is none of these: a defect.
 */
export function fetchFailure(kind: FileKind, place: string, error: unknown): unknown {
  const noun = NOUNS[kind];
  if (error instanceof SourceError) {
    return new AttemptFailure(sourceCause(kind, error), `Cannot fetch the ${noun}: ${error.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }
  if (error instanceof DamagedFileError) {
    return new AttemptFailure(DAMAGED[kind], `The ${noun} ${place} is damaged: ${error.message}`, {
      hint: 'Compare the file at its source with the original, and store it again.',
      cause: error,
    });
  }
  return error;
}

function sourceCause(kind: FileKind, error: SourceError): Cause {
  const download = kind === 'package' ? 'install' : 'download';
  switch (error.kind) {
    case 'not-found':
      return kind === 'blocks' ? 'download' : 'bad-job';
    case 'not-a-file':
      return kind === 'blocks' ? 'blocks-log' : 'bad-job';
    case 'forbidden':
    case 'no-credentials':
    case 'wrong-region':
    case 'refused':
    case 'changed':
    case 'busy':
    case 'connection':
      return download;
  }
}
