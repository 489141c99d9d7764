/** A source of chance: numbers from 0 up to, but not including, 1. */
export interface Random {
  next(): number;
  /** An integer from `from` up to, but not including, `to`. */
  between(from: number, to: number): number;
}

/** The same seed gives the same numbers (mulberry32), so that a failure can be looked at again. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, between: (from, to) => from + Math.floor(next() * (to - from)) };
}
