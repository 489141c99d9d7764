import { beforeEach, expect, it } from 'vitest';
import type { AttemptEvidence } from '../../../../src/core/protocol/attempt-evidence.ts';
import { EVIDENCE_LIMIT } from '../../../../src/core/protocol/attempt-evidence.ts';
import { OrchestratorError } from '../../../../src/core/protocol/client-error.ts';
import { EvidenceSender } from '../../../../src/core/worker/evidence/send-evidence.ts';
import { silentLogger } from '../../../../src/core/log/logger.ts';
import { anEvidence } from '../../evidence/support.ts';
import { ManualClock } from '../support/manual-clock.ts';

let clock: ManualClock;
let taken: AttemptEvidence[];
let tries: number;
let failures: Error[];
let controller: AbortController;
let sender: EvidenceSender;

beforeEach(() => {
  clock = new ManualClock();
  taken = [];
  tries = 0;
  failures = [];
  controller = new AbortController();
  sender = new EvidenceSender({
    client: {
      postEvidence: async (_own, evidence) => {
        tries += 1;
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
        taken.push(evidence);
      },
    },
    clock,
    logger: silentLogger,
    own: { jobId: 1, attempt: 1 },
    signal: controller.signal,
  });
});

const away = () => new OrchestratorError('unreachable', 'nothing listens there');

it('sends what it is given once, and at the end only what has changed', async () => {
  sender.send(anEvidence());
  await clock.settle();
  expect(taken).toEqual([anEvidence()]);
  await sender.finish(anEvidence());
  expect(tries).toBe(1);
});

it('sends at the end what is new', async () => {
  sender.send(anEvidence());
  await sender.finish(anEvidence({ commands: [] }));
  expect(taken.at(-1)).toEqual(anEvidence({ commands: [] }));
});

it('tries again after a pause, and stops trying after some', async () => {
  failures = [away(), away(), away(), away()];
  sender.send(anEvidence());
  await clock.advance(120_000);
  expect(tries).toBe(3);
  expect(taken).toEqual([]);
  failures = [];
  await sender.finish(null);
  expect(taken).toEqual([anEvidence()]);
});

it('does not wait for the end of a pause when the attempt is over, and never fails it', async () => {
  failures = [away(), new Error('a defect')];
  sender.send(anEvidence());
  await clock.settle();
  await sender.finish(null);
  expect(tries).toBe(2);
});

it('leaves an older orchestrator alone, which does not know the path', async () => {
  failures = [new OrchestratorError('not-found', 'Not found', { status: 404 })];
  sender.send(anEvidence());
  await clock.advance(60_000);
  sender.send(anEvidence({ commands: [] }));
  await sender.finish(anEvidence({ peers: ['a:1'] }));
  expect(tries).toBe(1);
});

it('sends nothing when the worker is told to stop', async () => {
  controller.abort();
  sender.send(anEvidence());
  await sender.finish(anEvidence());
  expect(tries).toBe(0);
});

it('leaves out the names of block files when they are too many, and secrets always', async () => {
  const name = 'blocks-1-2.log'.padEnd(200, 'x');
  const files = Array.from({ length: 1500 }, () => ({ name, from: name, bytes: 1 }));
  const large = anEvidence({
    blocks: { location: 's3://b', first: 1, last: 9, files },
    peers: ['Bearer 0123456789abcdef'],
  });
  sender.send(large);
  await sender.finish(null);
  expect(taken[0]).toMatchObject({ blocks: { first: 1, last: 9, files: [] }, peers: ['Bearer [redacted]'] });
  expect(JSON.stringify(taken[0]).length).toBeLessThan(EVIDENCE_LIMIT);
});
