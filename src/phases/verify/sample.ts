import { digestOf } from "../../infra/hash.js";

const DRAWN_DIGITS = 12;
/** Every key has a place on a ring of so many places, by its own digest: the same one on every machine and day. */
export const RING = 16 ** DRAWN_DIGITS;

/** A stretch of the ring: `length` places from `from` on. */
export interface Arc {
  readonly from: number;
  readonly length: number;
}

/**
 * The stretch that comes next after `from` when `percent` of all keys are to be looked at. Runs that go on where the last one ended pass
 * over the whole ring as soon as their percentages add up to 100: every key that was there all the time is then looked at, and at
 * 20 times 5 % just once, whatever was added or removed meanwhile; what was added waits for no more than one further round.
 */
export const nextArc = (from: number, percent: number): Arc => ({
  from,
  length: Math.min(RING, Math.ceil((RING / 100) * percent)),
});

/** Where the stretch after this one begins. */
export const endOf = ({ from, length }: Arc): number => (from + length) % RING;

/** True where the place of this key is in the stretch. */
export function inSample(key: string, { from, length }: Arc): boolean {
  const place = Number.parseInt(digestOf(key).slice(0, DRAWN_DIGITS), 16);
  return (place - from + RING) % RING < length;
}
