import { describe, expect, test } from 'vitest';
import { conclude, concludeRestart } from '../../../src/nodeos/conclusion/conclusion.ts';
import { allLogs, recordedObservation, trueHash } from '../log/recorded.ts';
import { restartCases, runCases } from './cases.ts';

const short = (hash: string | null | undefined): string | null => hash?.slice(0, 8) ?? null;

describe('each recorded run that was meant to replay a slice', () => {
  test.each(runCases())('$name', ({ facts, expected }) => {
    const { observation } = facts;
    const conclusion = conclude(facts);
    expect({
      stage: observation.stage,
      block: observation.currentBlock === null ? null : String(observation.currentBlock),
      startHash: short(observation.startHash),
      stopHash: short(observation.stopHash),
      outcome: conclusion.ok ? 'ok' : conclusion.cause,
      detail: conclusion.ok
        ? `${short(conclusion.endHash) ?? '-'} at ${conclusion.headId?.slice(0, 16) ?? '-'}`
        : conclusion.message,
    }).toEqual({
      stage: expected['stage'],
      block: expected['block'],
      startHash: expected['startHash'],
      stopHash: expected['stopHash'],
      outcome: expected['outcome'],
      detail: expected['detail'],
    });
  });
});

// nodeos loads these without a complaint, and only the hashes tell: the ledger finds them.
function isDamagedSnapshot(name: string): boolean {
  return /snapshot-(?:bitflip|silent-value-change|8-bytes-flipped)/.test(name);
}

const completed = runCases().filter(({ expected }) => expected['outcome'] === 'ok');

describe('a completed run concludes with the true hashes', () => {
  test.each(completed.filter(({ name }) => !isDamagedSnapshot(name)))('$name', ({ name, facts }) => {
    expect(conclude(facts)).toMatchObject({
      ok: true,
      head: facts.endBlock,
      startHash: facts.fromGenesis ? null : trueHash(name, facts.startBlock),
      ...(facts.needsStopHash === true ? { endHash: trueHash(name, facts.endBlock) } : {}),
    });
  });

  test.each(completed.filter(({ name }) => isDamagedSnapshot(name)))(
    '$name: only its start hash shows that the snapshot is damaged',
    ({ name, facts }) => {
      const truth = trueHash(name, facts.startBlock);
      expect(truth).toMatch(/^[0-9a-f]{64}$/);
      expect(conclude(facts)).toMatchObject({ ok: true, startHash: expect.not.stringMatching(truth ?? '') });
    },
  );
});

describe('each recorded read-only run that was meant to give the final hash', () => {
  test.each(restartCases())('$name', ({ facts, expected }) => {
    const { observation } = facts;
    const conclusion = concludeRestart(facts);
    expect({
      stage: observation.stage,
      head: observation.startedHead === null ? null : String(observation.startedHead),
      startHash: short(observation.startHash),
      outcome: conclusion.ok ? 'ok' : conclusion.cause,
      detail: conclusion.ok
        ? `${short(conclusion.endHash)} at ${conclusion.headId.slice(0, 16)}`
        : conclusion.message,
    }).toEqual({
      stage: expected['stage'],
      head: expected['head'],
      startHash: expected['startHash'],
      outcome: expected['outcome'],
      detail: expected['detail'],
    });
  });

  test.each(restartCases().filter(({ expected }) => expected['outcome'] === 'ok'))(
    '$name: the true hash',
    ({ name, facts }) => {
      expect(concludeRestart(facts)).toMatchObject({ endHash: trueHash(name, facts.endBlock) });
    },
  );
});

test('no recorded log is taken for a wrong success, whatever slice it is judged for', () => {
  const blocks = [0, 1000, 1001, 1006, 1507, 2002, 2003, 2004, 2005, 3000, 3005, 3006, 4003, 4006, 4500];
  const ends = [...blocks, 1, 1902, 2000, 4595, 4977, 5008, 6000, 6001, 6800, 6866, 8151];
  const wrong: string[] = [];
  for (const name of allLogs()) {
    const observation = recordedObservation(name);
    for (const startBlock of blocks) {
      for (const endBlock of ends) {
        const conclusion = conclude({
          observation,
          exit: { code: 0, signal: null },
          product: name.startsWith('leap') ? 'leap' : 'spring',
          startBlock,
          endBlock,
          fromGenesis: startBlock === 0,
          endedByUs: null,
        });
        if (!conclusion.ok || conclusion.endHash === trueHash(name, endBlock)) continue;
        if (startBlock === 0 || conclusion.startHash === trueHash(name, startBlock))
          wrong.push(`${name} ${startBlock}-${endBlock}: ${conclusion.endHash}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('every failure says what was found and names its cause; most say what to do', () => {
  const failures = runCases()
    .map(({ facts }) => conclude(facts))
    .filter((conclusion) => !conclusion.ok);
  expect(failures.length).toBeGreaterThan(140);
  for (const { message, hint } of failures) {
    expect(message).not.toMatch(/undefined|null|NaN|\bunknown\b|wrapexcept|ios_failure/);
    expect(message.length).toBeLessThan(450);
    expect(hint).not.toBeNull();
  }
});
