import type { RestartFacts, RunFacts } from '../../../src/nodeos/conclusion/conclusion.ts';
import { conclude } from '../../../src/nodeos/conclusion/conclusion.ts';
import { integrityAnswer, logLines, observeAll, productOfCase, table } from '../log/recorded.ts';

export interface RunCase {
  readonly name: string;
  readonly lines: readonly string[];
  readonly facts: RunFacts;
  readonly expected: Readonly<Record<string, string | null>>;
}

/** The recorded runs that were meant to replay a slice, with what the table says of them. */
export function runCases(): RunCase[] {
  return table('conclusions.tsv').map((row) => {
    const name = row['case'] ?? '';
    const startBlock = Number(row['start']);
    const lines = logLines(name);
    const facts: RunFacts = {
      observation: observeAll(lines),
      // Of one run the recorder did not keep the exit code.
      exit: { code: row['exit'] === null ? null : Number(row['exit']), signal: null },
      product: productOfCase(name),
      startBlock,
      endBlock: Number(row['end']),
      fromGenesis: startBlock === 0,
      endedByUs: row['ended'] === 'us' ? 'stalled' : null,
      needsStopHash: row['hash'] === 'on-stop',
    };
    return { name, lines, facts, expected: row };
  });
}

export function runCase(name: string): RunCase {
  const found = runCases().find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no recorded run ${name}`);
  return found;
}

export interface RestartCase {
  readonly name: string;
  readonly facts: RestartFacts;
  readonly expected: Readonly<Record<string, string | null>>;
}

/** The recorded read-only runs that were meant to give the final hash. */
export function restartCases(): RestartCase[] {
  const runs = new Map(runCases().map((run) => [run.name, run]));
  return table('restarts.tsv').map((row) => {
    const name = row['case'] ?? '';
    const answer = integrityAnswer(name);
    const replay = runs.get(row['after'] ?? '');
    const replayed = replay === undefined ? undefined : conclude({ ...replay.facts, needsStopHash: false });
    const facts: RestartFacts = {
      observation: observeAll(logLines(name)),
      exit: answer === undefined ? { code: Number(row['exit']), signal: null } : null,
      product: productOfCase(name),
      endBlock: Number(row['end']),
      headId: replayed?.ok === true ? replayed.headId : null,
      answer,
      endedByUs: null,
    };
    return { name, facts, expected: row };
  });
}
