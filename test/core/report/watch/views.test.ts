import { describe, expect, it } from 'vitest';
import { OrchestratorError } from '../../../../src/core/protocol/client-error.ts';
import type { RunChange } from '../../../../src/core/protocol/events/run-mirror.ts';
import { jsonView, lineView } from '../../../../src/core/report/watch/line-view.ts';
import { ScreenView } from '../../../../src/core/report/watch/screen-view.ts';
import { ManualMonotonic } from '../../orchestrator/manual-monotonic.ts';
import { aJob, aSummary } from '../builders.ts';

const ALL = { failed: false, running: false, sort: null, reverse: false };
const WAITING = aJob({ status: 'WAITING_4_WORKER', verdict: null, attempt: 0, worker_id: null });
const WORKING = aJob({ status: 'WORKING', verdict: null, last_block_processed: 2000 });
const run = { summary: aSummary(), jobs: new Map([[1, WORKING]]) };
const LOST: RunChange = { kind: 'lost', error: new OrchestratorError('unreachable', 'cut') };
const READ: RunChange = { kind: 'read', run };
const SUMMARY: RunChange = { kind: 'summary', run };

function change(job: typeof WORKING, before: typeof WORKING): RunChange {
  return { kind: 'job', run, job, before };
}

function lines(choice = ALL) {
  const clock = { now: new Date('2026-11-22T10:00:00.000Z') };
  const written: string[] = [];
  const view = lineView({ write: (text) => void written.push(text), choice, now: () => clock.now });
  return { clock, view, written, text: () => written.splice(0).join('') };
}

describe('a run in lines', () => {
  it('begins with the whole, which is repeated after a minute', () => {
    const { view, text, clock } = lines();
    view.show(READ);
    expect(text()).toMatch(/^Run 1: /u);
    view.show(SUMMARY);
    expect(text()).toBe('');
    clock.now = new Date(clock.now.getTime() + 60_000);
    view.show(SUMMARY);
    expect(text()).toMatch(/^Run 1: /u);
  });

  it('has one for each job that changes more than its progress', () => {
    const { view, text } = lines();
    view.show(change(WORKING, WAITING));
    expect(text()).toBe('2026-11-22T10:00:00Z  job 1  slice 1  WORKING  host host-1  50.0 %\n');
    view.show(change({ ...WORKING, last_block_processed: 2500 }, WORKING));
    expect(text()).toBe('');
    const failed = aJob({
      status: 'ERROR',
      attempt: 2,
      error_cause: 'nodeos-crash',
      error_message: 'a\nb',
      verdict: null,
    });
    view.show(change(failed, WORKING));
    expect(text()).toMatch(/ERROR {2}attempt 2 {2}.* {2}cause nodeos-crash {2}a b\n$/u);
  });

  it('says once that the orchestrator is not heard, and that it is heard again', () => {
    const { view, text } = lines();
    view.show(LOST);
    view.show(LOST);
    view.show(SUMMARY);
    expect(text()).toMatch(/not heard any more: cut; trying again\n.*Z {2}heard again\n/u);
  });

  it('tells of the chosen jobs alone, and of one that no longer belongs to them', () => {
    const { view, text } = lines({ ...ALL, failed: true });
    view.show(change(WORKING, WAITING));
    expect(text()).toBe('');
    view.show(change(WAITING, aJob({ status: 'ERROR' })));
    expect(text()).toContain('WAITING_4_WORKER');
  });
});

describe('a run as JSON lines', () => {
  it('is an object for each change', () => {
    const written: string[] = [];
    const view = jsonView((text) => void written.push(text), ALL);
    for (const step of [READ, change(WORKING, WAITING), SUMMARY, LOST]) view.show(step);
    expect(written.map((line) => JSON.parse(line) as object)).toEqual([
      { type: 'run', summary: run.summary, jobs: [WORKING] },
      { type: 'job', job: WORKING },
      { type: 'summary', summary: run.summary },
      { type: 'lost', message: 'cut' },
    ]);
  });
});

describe('a run in a window', () => {
  function scene() {
    const clock = new ManualMonotonic();
    const drawn: string[] = [];
    const written: string[] = [];
    let isClosed = false;
    const view = new ScreenView({
      screen: {
        draw: (content) => void drawn.push(content.join('\n')),
        close: () => void (isClosed = true),
        size: { width: 100, height: 24 },
      },
      choice: ALL,
      columns: null,
      colour: false,
      write: (text) => void written.push(text),
      now: () => clock.now(),
      after: (delayMs, callback) => clock.after(delayMs, callback),
    });
    return { clock, view, drawn, written, isClosed: () => isClosed };
  }

  it('is drawn at once, and after that four times a second at most', () => {
    const { clock, view, drawn } = scene();
    view.show(READ);
    expect(drawn).toHaveLength(1);
    for (let count = 0; count < 50; count += 1) view.show(SUMMARY);
    expect(drawn).toHaveLength(1);
    clock.advance(250);
    expect(drawn).toHaveLength(2);
    clock.advance(60_000);
    expect(drawn).toHaveLength(2);
  });

  it('counts the time for which it has not been up to date', () => {
    const { clock, view, drawn } = scene();
    view.show(READ);
    clock.advance(1000);
    view.show(LOST);
    clock.advance(3000);
    view.show(LOST);
    clock.advance(2250);
    expect(drawn.at(-1)).toContain('NOT UP TO DATE for 5 s: cut.');
    view.show(SUMMARY);
    clock.advance(250);
    expect(drawn.at(-1)).not.toContain('NOT UP TO DATE');
  });

  it('leaves the last numbers below what stood in the window before', () => {
    const { clock, view, written, isClosed } = scene();
    view.show(READ);
    view.close();
    expect(isClosed()).toBe(true);
    expect(written.join('')).toMatch(/^Run 1: /u);
    expect(clock.timers).toBe(0);
  });
});
