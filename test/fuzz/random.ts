/** Chances that repeat: the same seed gives the same run. */
export interface Random {
  /** A whole number from 0 to `most` - 1. */
  below(most: number): number;
  /** True once in `times` on average. */
  oneIn(times: number): boolean;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
}

/** A generator of 32 bits of state (mulberry32, public domain by Tommy Ettinger): plenty for choosing mutations. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most: number): number => Math.floor(next() * most);
  return {
    below,
    oneIn: (times) => below(times) === 0,
    pick: (list) => {
      const picked = list[below(list.length)];
      if (picked === undefined && list.length === 0) throw new RangeError("nothing to pick from");
      return picked as (typeof list)[number];
    },
  };
}
