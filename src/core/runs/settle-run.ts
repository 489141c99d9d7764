import { setImmediate } from 'node:timers/promises';
import type { FoundHashes } from '../domain/summary.ts';
import { Findings } from '../store/findings.ts';
import { hasDocument } from '../store/job-document.ts';
import type { JobTable } from '../store/job-table.ts';
import { Overlay } from '../store/overlay.ts';

/** Blocks between two turns of the event loop: a few milliseconds' worth. */
const BLOCKS_AT_ONCE = 500;

/**
 * Settles all verdicts of a run that was read from its folder, in the table itself: what the orchestrator
 * that wrote it did last may have made some possible.
 * @returns what else the hashes show
 */
export async function settleRun(table: JobTable): Promise<FoundHashes> {
  const blocks = [...blocksOf(table)];
  const findings = new Findings(table);
  for (const some of inPieces(blocks)) {
    const overlay = new Overlay(table, 0);
    overlay.settle(some);
    for (const stored of overlay.changedJobs()) table.replace(stored);
    await setImmediate();
  }
  for (const some of inPieces(blocks)) {
    findings.update(some);
    await setImmediate();
  }
  return findings.all();
}

/** Where nothing has been heard of, there is nothing to settle. */
function blocksOf(table: JobTable): Set<number> {
  const blocks = new Set(table.observations().map(({ block }) => block));
  for (const stored of table.all()) {
    const { startBlock, endBlock } = stored.job.slice;
    if (hasDocument(stored)) blocks.add(startBlock).add(endBlock);
  }
  return blocks;
}

function* inPieces(blocks: readonly number[]): Generator<Set<number>> {
  for (let first = 0; first < blocks.length; first += BLOCKS_AT_ONCE) {
    yield new Set(blocks.slice(first, first + BLOCKS_AT_ONCE));
  }
}
