import { Writable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { createView } from '../../../../src/core/worker/view/create-view.ts';
import { createLineView, LINE_INTERVAL_MS } from '../../../../src/core/worker/view/line-view.ts';
import type { JobEnd, View } from '../../../../src/core/worker/view/view.ts';

const TITLE = { jobId: 7, startBlock: 1_000_000, endBlock: 2_000_000, attempt: 1 };
const COMPLETE: JobEnd = { kind: 'complete', hash: 'ab'.repeat(32), standIn: false };

describe('plain lines', () => {
  let lines: string[];
  let now: number;
  let view: View;

  beforeEach(() => {
    lines = [];
    now = 0;
    view = createLineView(
      (line) => lines.push(line.trimEnd()),
      () => now,
    );
  });

  it('are one an event', () => {
    view.notice('No job waits.');
    view.jobBegins({ ...TITLE, attempt: 2 });
    view.stepBegins('install');
    view.stepEnds('install', 'nodeos v1.2.2');
    view.jobEnds(TITLE, COMPLETE, 200_000);
    expect(lines).toEqual([
      'No job waits.',
      'job 7: blocks 1,000,000 to 2,000,000, attempt 2',
      'job 7: install nodeos',
      'job 7: install nodeos done, nodeos v1.2.2',
      'job 7: blocks 1,000,000 to 2,000,000: complete, hash abababababababab… (3 min 20 s)',
    ]);
  });

  it('tell of progress now and then', () => {
    view.jobBegins(TITLE);
    view.stepBegins('replay');
    lines.length = 0;
    for (let s = 1; s <= 100; s += 1) {
      now = s * 1000;
      view.stepProgress('replay', {
        kind: 'blocks',
        block: 1_000_000 + s * 1000,
        startBlock: 1_000_000,
        endBlock: 2_000_000,
        perSecond: 1000,
        leftMs: (1000 - s) * 1000,
      });
    }
    expect(LINE_INTERVAL_MS).toBe(30_000);
    expect(lines).toEqual([
      'job 7: replay blocks  3 %  block 1,030,000  1,000 blocks/s  16 min 10 s left',
      'job 7: replay blocks  6 %  block 1,060,000  1,000 blocks/s  15 min 40 s left',
      'job 7: replay blocks  9 %  block 1,090,000  1,000 blocks/s  15 min 10 s left',
    ]);
  });

  it.each<[JobEnd, string]>([
    [{ kind: 'error', cause: 'stalled', message: 'nothing moves' }, 'failed, stalled: nothing moves'],
    [{ kind: 'given-back' }, 'interrupted, given back'],
    [{ kind: 'dropped', reason: 'somebody took it' }, 'dropped: somebody took it'],
    [{ ...COMPLETE, standIn: true }, 'complete, hash abababababababab… [STAND-IN, not a real nodeos]'],
  ])('tell how a job ended: %j', (end, text) => {
    view.jobEnds(TITLE, end, 1000);
    expect(lines).toEqual([`job 7: blocks 1,000,000 to 2,000,000: ${text} (1 s)`]);
  });
});

describe('in a terminal', () => {
  function terminal(): { stream: NodeJS.WriteStream; text(): string } {
    let text = '';
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString();
        done();
      },
    });
    Object.assign(stream, { isTTY: true, columns: 120, rows: 40 });
    return { stream: stream as unknown as NodeJS.WriteStream, text: () => text };
  }

  it('the steps are drawn while a job runs, and one line stays of it', async () => {
    const stdout = terminal();
    const stderr = terminal();
    const listeners = process.listenerCount('SIGINT');
    const view = createView({ stdout: stdout.stream, stderr: stderr.stream });
    view.jobBegins(TITLE);
    view.stepBegins('snapshot');
    await drawn(stdout, 'install nodeos');
    view.stepProgress('snapshot', { kind: 'bytes', done: 50, total: 100, perSecond: 10 });
    view.notice('The orchestrator does not answer.');
    await drawn(stdout, '[############------------]  50 %  50 B of 100 B  10 B/s');
    expect(process.listenerCount('SIGINT')).toBe(listeners);
    view.stepBegins('replay');
    view.stepProgress('replay', {
      kind: 'blocks',
      block: 1_250_000,
      startBlock: 1_000_000,
      endBlock: 2_000_000,
      perSecond: null,
      leftMs: null,
    });
    await drawn(stdout, '25 %  block 1,250,000  - blocks/s');
    expect(stdout.text()).toContain('The orchestrator does not answer.');
    view.jobEnds(TITLE, COMPLETE, 200_000);
    await view.close();
    const last = 'job 7: blocks 1,000,000 to 2,000,000: complete, hash abababababababab… (3 min 20 s)\n';
    expect(stdout.text().endsWith(last)).toBe(true);
  });

  it('one job after the other has its own list', async () => {
    const stdout = terminal();
    const view = createView({ stdout: stdout.stream, stderr: terminal().stream });
    view.jobBegins(TITLE);
    await drawn(stdout, 'job 7: blocks 1,000,000 to 2,000,000');
    view.jobEnds(TITLE, COMPLETE, 1000);
    view.jobBegins({ ...TITLE, jobId: 8 });
    await drawn(stdout, 'job 8: blocks 1,000,000 to 2,000,000');
    view.jobEnds({ ...TITLE, jobId: 8 }, COMPLETE, 2000);
    await view.close();
    const lines = stdout
      .text()
      .split('\n')
      .filter((line) => line.includes('complete, hash'));
    expect(lines).toEqual([expect.stringContaining('job 7'), expect.stringContaining('job 8')]);
  });

  it('a job that is cut off leaves the terminal as it was', async () => {
    const stdout = terminal();
    const view = createView({ stdout: stdout.stream, stderr: terminal().stream });
    view.jobBegins(TITLE);
    await drawn(stdout, 'install nodeos');
    await view.close();
    const SHOW_CURSOR = '\u001B[?25h';
    expect(stdout.text()).toContain(SHOW_CURSOR);
  });
});

/** Until the drawing, which has its own pace, has got there; the test's time limit ends it otherwise. */
async function drawn(stream: { text(): string }, text: string): Promise<void> {
  while (!stream.text().includes(text)) await new Promise((resolve) => setImmediate(resolve));
}
