import { describe, expect, it } from 'vitest';
import { FAULTS, type FaultName, faultIn, parseFaults } from '../../../src/nodeos/stand-in/faults.ts';
import { type SliceEnded, type SliceRun, runSlice, sample, startHash, stopHash } from './sample.ts';
import { type RunHooks, terminateAfter } from './support.ts';

/** The last line that says how far the replay is. */
function headLine({ stderr }: SliceEnded): string | undefined {
  return stderr.match(/head block is #\d+/g)?.at(-1);
}

async function withFault(
  faults: string,
  more: Partial<SliceRun> = {},
): Promise<SliceEnded & { hashAt: (block: number) => string }> {
  const made = await sample();
  const ended = await runSlice(made, { start: 100, end: 200, faults, ...more });
  return { ...ended, hashAt: made.chain.hashAt };
}

describe('a list of faults', () => {
  it('is read with and without blocks', () => {
    expect(parseFaults(' wrong-hash@15, ignore-sigterm ,')).toEqual({
      ok: true,
      faults: [
        { name: 'wrong-hash', block: 15 },
        { name: 'ignore-sigterm', block: null },
      ],
    });
  });

  it.each(['earthquake', 'crash', 'crash@', 'crash@0', 'crash@x', 'toString'])('%s is refused', (text) => {
    expect(parseFaults(text).ok).toBe(false);
  });

  it('concerns a run when its block is in the range (start, end]', () => {
    const faults = [{ name: 'crash', block: 200 } as const];
    const concerned = (start: number, end: number): boolean =>
      faultIn(faults, 'crash', { start, end }) !== null;
    expect([concerned(100, 200), concerned(200, 300), concerned(100, 199), concerned(100, 0)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('each fault', () => {
  it('wrong-hash: the start hash is right, the end hash is not', async () => {
    const ended = await withFault('wrong-hash@150');
    expect(startHash(ended)).toBe(ended.hashAt(100));
    expect(stopHash(ended)).toMatch(/^[0-9a-f]{64}$/);
    expect(stopHash(ended)).not.toBe(ended.hashAt(200));
    expect(ended.exit).toBe(0);
  });

  it('wrong-start-hash: both are wrong', async () => {
    const ended = await withFault('wrong-start-hash');
    expect(startHash(ended)).not.toBe(ended.hashAt(100));
    expect(stopHash(ended)).not.toBe(ended.hashAt(200));
  });

  it.each([
    ['crash', 'SIGABRT'],
    ['sigbus', 'SIGBUS'],
    ['oom', 'SIGKILL'],
  ])('%s: dies by %s in the middle, without a word', async (name, signal) => {
    const ended = await withFault(`${name}@150`);
    expect(ended.exit).toBe(signal);
    expect(ended.stderr).toMatch(/attempting to replay from 101 to 400 blocks\n$/);
  });

  it('hang: stands still at its block until it is told to stop', async () => {
    const hooks: RunHooks = {
      onText: (text, signal) => {
        // The blocks up to the fault are applied before the next turn.
        if (text.includes('attempting to replay')) setImmediate(() => signal('SIGTERM'));
      },
    };
    const ended = await withFault('hang@150', { hooks });
    expect(headLine(ended)).toBe('head block is #150');
    expect(ended.exit).toBe(0);
  });

  it('silent-load: says nothing after the start of the load', async () => {
    const ended = await withFault('silent-load', {
      hooks: terminateAfter('Starting initialization from snapshot'),
    });
    expect(ended.stderr).not.toContain('Snapshot loaded');
    expect(stopHash(ended)).toBeUndefined();
  });

  it('ignore-sigterm: replays to its end all the same', async () => {
    const ended = await withFault('ignore-sigterm', { hooks: terminateAfter('attempting to replay') });
    expect(headLine(ended)).toBe('head block is #200');
    expect(stopHash(ended)).toBe(ended.hashAt(200));
  });

  it('exit-0: ends early with the hash of where it was', async () => {
    const ended = await withFault('exit-0@150');
    expect(ended.exit).toBe(0);
    expect(ended.stderr).not.toContain('reached configured maximum block');
    expect(stopHash(ended)).toBe(ended.hashAt(150));
    expect(ended.stderr).toContain('Writing chain_head block 150 ');
  });

  it('exit-0-no-hash: reaches the end and prints no hash', async () => {
    const ended = await withFault('exit-0-no-hash');
    expect(ended.exit).toBe(0);
    expect(ended.stderr).toContain('Block 200 reached configured maximum block 200; terminating');
    expect(stopHash(ended)).toBeUndefined();
    expect(ended.stderr).not.toContain('Writing chain_head');
  });

  it('disk-full: the resource monitor shuts it down, exit code 0', async () => {
    const ended = await withFault('disk-full@150');
    expect(ended.exit).toBe(0);
    expect(ended.stderr).toContain('Gracefully shutting down, exceeded file system configured threshold.');
    expect(headLine(ended)).toBe('head block is #150');
  });

  it('head-beyond: stops three blocks late', async () => {
    const ended = await withFault('head-beyond');
    expect(ended.stderr).toContain('Block 203 reached configured maximum block 200; terminating');
    expect(stopHash(ended)).toBe(ended.hashAt(203));
  });

  it('port-in-use: after the whole replay, exit code 254', async () => {
    const ended = await withFault('port-in-use', { end: 10_000 });
    expect(headLine(ended)).toBe('head block is #400');
    expect(ended.stderr).toContain('bind: Address already in use');
    expect(ended.exit).toBe(254);
  });

  it('dirty-state: exit code 2', async () => {
    const ended = await withFault('dirty-state');
    expect(ended.exit).toBe(2);
    expect(ended.stderr).toContain('database dirty flag set');
  });

  it.each([
    'wrong-hash@250',
    'crash@250',
    'head-beyond@250',
    'exit-0-no-hash@99',
    'wrong-start-hash@300',
    'silent-load@201',
  ])('%s does not touch the slice from 100 to 200', async (faults) => {
    const ended = await withFault(faults);
    expect(ended.exit).toBe(0);
    expect(startHash(ended)).toBe(ended.hashAt(100));
    expect(stopHash(ended)).toBe(ended.hashAt(200));
  });

  it('is documented', () => {
    const names: FaultName[] = ['wrong-hash', 'crash', 'hang', 'silent-load', 'ignore-sigterm', 'exit-0'];
    for (const name of names) expect(FAULTS[name]).not.toBe('');
  });
});
