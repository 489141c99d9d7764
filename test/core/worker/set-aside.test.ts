import { beforeEach, expect, it } from 'vitest';
import { OrchestratorError } from '../../../src/core/protocol/client-error.ts';
import type { SelfCheckRecord } from '../../../src/core/protocol/self-check-record.ts';
import { CHECK_EVERY_MS, createSetAside } from '../../../src/core/worker/set-aside.ts';
import { ManualClock } from './support/manual-clock.ts';

const WELL: SelfCheckRecord = { ok: true, checks: [{ name: 'disk-space', ok: true, message: 'enough' }] };
const ILL: SelfCheckRecord = {
  ok: false,
  checks: [
    { name: 'memory', ok: true, message: 'enough' },
    { name: 'disk-write', ok: false, message: 'the file system is read-only' },
  ],
};

let clock: ManualClock;
let findings: SelfCheckRecord[];
let refusals: OrchestratorError[];
let posted: SelfCheckRecord[];
let notices: string[];
let whenSetAside: (reason: string) => Promise<void>;

beforeEach(() => {
  clock = new ManualClock();
  findings = [WELL];
  refusals = [];
  posted = [];
  notices = [];
  whenSetAside = createSetAside({
    client: {
      postSelfCheck: async (check) => {
        const refusal = refusals.shift();
        if (refusal !== undefined) throw refusal;
        posted.push(check);
      },
    },
    clock,
    signal: new AbortController().signal,
    notice: (text) => notices.push(text),
    check: async () => findings.shift() ?? WELL,
  });
});

const REASON = 'This host is set aside: its last 3 attempts failed (disk-full).';

it('a host that is set aside says so, looks at itself and tells what it found', async () => {
  findings = [ILL];
  await whenSetAside(REASON);
  expect(posted).toEqual([ILL]);
  expect(notices).toEqual([
    `The orchestrator gives no jobs to this host. ${REASON}`,
    'Self-check: disk-write: the file system is read-only.',
  ]);
});

it('the host looks again after ten minutes, not before', async () => {
  findings = [ILL, WELL];
  await whenSetAside(REASON);
  await clock.advance(CHECK_EVERY_MS - 1);
  await whenSetAside(REASON);
  expect(posted).toEqual([ILL]);
  await clock.advance(1);
  await whenSetAside(REASON);
  expect(posted).toEqual([ILL, WELL]);
  expect(notices.filter((text) => text.includes(REASON))).toHaveLength(1);
});

it('a finding that did not arrive is sent again, without another look', async () => {
  findings = [ILL, WELL];
  refusals = [new OrchestratorError('unreachable', 'no connection')];
  await whenSetAside(REASON);
  expect(posted).toEqual([]);
  await whenSetAside(REASON);
  expect(posted).toEqual([ILL]);
});

it('a finding that is not wanted is not sent again', async () => {
  refusals = [new OrchestratorError('not-found', 'it answered 404')];
  await whenSetAside(REASON);
  await whenSetAside(REASON);
  expect(posted).toEqual([]);
  expect(notices.at(-1)).toBe('The orchestrator does not take the self-check: it answered 404');
});
