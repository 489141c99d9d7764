import { readFileSync, statSync } from 'node:fs';
import { SNAPSHOT_FAILURE, chainFailure, passThrough, readPastEnd } from './failure.ts';
import { type Run } from './run.ts';
import { type SnapshotContent, readSnapshot } from './snapshot-file.ts';

/** Reads a snapshot that exists. @throws NodeFailure for one that the real program refuses. */
export function loadSnapshot(run: Run, path: string): SnapshotContent {
  const result = readSnapshot(statSync(path).isDirectory() ? Buffer.alloc(16) : readFileSync(path));
  if (!result.ok) {
    if (result.problem === 'cut' || result.problem === 'sections') {
      const failure = readPastEnd(run.form);
      run.log.line('warn', run.form.at('rethrowSnapshot'), failure.detail());
      throw failure;
    }
    const text =
      result.problem === 'magic'
        ? 'Binary snapshot has unexpected magic number!'
        : `Binary snapshot is an unsuppored version.  Expected : 1, Got: ${result.found}`;
    const failure = chainFailure(SNAPSHOT_FAILURE, text, run.form.at('throwMagic'));
    passThrough(failure, run.log, run.form.at('rethrowSnapshot'));
    throw failure;
  }
  const { version } = result.snapshot;
  const max = run.form.maxSnapshotVersion;
  if (version < 2 || version > max) {
    throw chainFailure(
      '3240001 snapshot_validation_exception: Snapshot Validation Exception',
      `Unsupported version of chain snapshot: ${version}. Supported version must be between 2 and ${max} inclusive.`,
      run.form.at('throwSnapshotVersion'),
      { version, min: 2, max },
    );
  }
  return result.snapshot;
}
