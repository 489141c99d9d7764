import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BlockFile, isIndexed, lastIndexed, lastPosition, rebuildIndex } from './block-file.ts';
import { type BlockLog, findBlockLog } from './block-log.ts';
import { BLOCK_LOG_FAILURE, chainFailure, foreignFailure } from './failure.ts';
import { type Run, say } from './run.ts';

/** Looks at the block logs, as nodeos does for the chain id. @throws NodeFailure when one is damaged. */
export function inspectLog(run: Run): BlockLog {
  const result = findBlockLog(run.options);
  if (result.ok) return result.log;
  const { problem, path } = result;
  if (problem.kind === 'empty') {
    throw foreignFailure(
      'NSt8ios_base7failureB5cxx11E',
      `cfile: ${path} unable to read 4 bytes; only read 0, eof: true, ferror: 0: iostream error`,
      run.form.at('rethrowInit'),
    );
  }
  if (problem.kind === 'version') {
    throw chainFailure(
      '3190001 block_log_unsupported_version: unsupported version of block log',
      `Unsupported version of block log. Block log version is ${problem.version} while code supports version(s) [1,3], log file: ${path}`,
      run.form.at('throwLogVersion'),
      { version: problem.version, min: 1, max: 3, log: path },
    );
  }
  const position = String(problem.position);
  throw chainFailure(
    BLOCK_LOG_FAILURE,
    `Read outside of file: position ${position}, blknum_offset 14, file size ${problem.size}`,
    run.form.at('throwLogPosition'),
    { position, o: 14, s: problem.size },
  );
}

/** Opens the logs: rebuilds indexes of stride files. @throws NodeFailure when that of `blocks.log` does not fit. */
export function openBlockLog(run: Run): void {
  const { live, strides } = run.blockLog;
  for (const file of strides.toReversed()) {
    if (!isIndexed(file)) recreateIndex(run, file);
  }
  if (live !== null) openLive(run, live);
  const index = join(run.blocksFolder, 'blocks.index');
  if (live === null && existsSync(index) && statSync(index).size > 0) {
    say(run, 'indexDiscarded', 'Log file is empty while the index file is nonempty, discard the index file');
    writeFileSync(index, '');
  }
}

function openLive(run: Run, live: BlockFile): void {
  const count = live.last - live.first + 1;
  say(run, 'logOpened', `Log has ${count} blocks`);
  if (count === 0) return;
  const indexed = lastIndexed(live);
  const fix = `please use ${run.form.utility} to fix the`;
  if (indexed === null) {
    throw chainFailure(
      BLOCK_LOG_FAILURE,
      `${live.indexPath} file is empty, ${fix} problem.`,
      run.form.at('throwIndexEmpty'),
      { index_file: live.indexPath },
    );
  }
  const position = lastPosition(live);
  if (indexed === position) return;
  throw chainFailure(
    BLOCK_LOG_FAILURE,
    `The last block position from ${live.path} is at ${position} which does not match the last block postion ${indexed} from ${live.indexPath}, ${fix} inconsistency.`,
    run.form.at('throwIndexMismatch'),
    {
      block_pos: Number(position),
      index_pos: Number(indexed),
      block_file: live.path,
      index_file: live.indexPath,
    },
  );
}

function recreateIndex(run: Run, file: BlockFile): void {
  say(run, 'indexRecreated', `Recreating index for: ${file.indexPath}`);
  say(run, 'indexWrite', `Will write new blocks.index file ${file.indexPath}`);
  say(
    run,
    'indexVersion',
    `block log version= ${file.version}, number of blocks ${file.last - file.first + 1}`,
  );
  say(run, 'indexRange', `first block= ${file.first}         last block= ${file.last}`);
  rebuildIndex(file);
}
