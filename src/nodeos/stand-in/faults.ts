/**
 * Faults that the stand-in takes on request, so that a rehearsal can show how a run copes with them.
 * Written as `name` or `name@BLOCK`, several separated by commas. With a block a fault touches only the
 * run whose range (start, end] holds that block; so one list serves all slices of a chain.
 */

/** What each fault does. The names are the documented spelling. */
export const FAULTS = {
  'wrong-hash': 'the state goes wrong at block B: every hash from there on is another one',
  'wrong-start-hash': 'the state that was loaded is another one: start hash and end hash are wrong',
  crash: 'ends by SIGABRT at block B, without a line',
  sigbus: 'ends by SIGBUS at block B, without a line, as when the disk is full under the mapped state',
  oom: 'ends by SIGKILL at block B, as when the kernel is out of memory',
  hang: 'stops at block B and stays alive without a line',
  'silent-load': 'never finishes loading the snapshot, and says nothing',
  'ignore-sigterm': 'takes no notice of SIGTERM and SIGINT',
  'exit-0': 'stops in order at block B with exit code 0, without having reached the end block',
  'exit-0-no-hash': 'exits 0 without ever printing a hash at the stop',
  'disk-full': 'finds the disk over the threshold at block B (else at once) and shuts down with exit code 0',
  'head-beyond': 'goes three blocks past the end block before it stops',
  'http-wrong-head': 'the HTTP answers name the block before the real head',
  'port-in-use': 'finds the HTTP port taken, after the whole replay',
  'dirty-state': 'finds the state database dirty at the start: exit code 2',
} as const;

export type FaultName = keyof typeof FAULTS;

/** Faults that happen at a block and make no sense without one. */
const NEED_BLOCK: readonly FaultName[] = ['wrong-hash', 'crash', 'sigbus', 'oom', 'hang', 'exit-0'];

export interface Fault {
  readonly name: FaultName;
  readonly block: number | null;
}

export type FaultList = { ok: true; faults: readonly Fault[] } | { ok: false; message: string };

/** Reads a list such as `wrong-hash@1500,ignore-sigterm`. An empty text means none. */
export function parseFaults(text: string): FaultList {
  const faults: Fault[] = [];
  for (const part of text.split(',').map((piece) => piece.trim())) {
    if (part === '') continue;
    const [, name, block] = /^([a-z0-9-]+)(?:@([1-9]\d*))?$/.exec(part) ?? [];
    if (name === undefined || !isFaultName(name)) {
      return { ok: false, message: `unknown fault '${part}'; known are: ${Object.keys(FAULTS).join(', ')}` };
    }
    if (block === undefined && NEED_BLOCK.includes(name)) {
      return { ok: false, message: `fault '${name}' needs a block: ${name}@BLOCK` };
    }
    faults.push({ name, block: block === undefined ? null : Number(block) });
  }
  return { ok: true, faults };
}

/** Range of blocks that a run works through: (start, end]; end 0 means that no end was given. */
export interface BlockRange {
  readonly start: number;
  readonly end: number;
}

/** The fault of that name that concerns this run, or null. */
export function faultIn(faults: readonly Fault[], name: FaultName, range: BlockRange): Fault | null {
  const concerns = (fault: Fault): boolean =>
    fault.name === name &&
    (fault.block === null || (fault.block > range.start && (range.end === 0 || fault.block <= range.end)));
  return faults.find(concerns) ?? null;
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}
