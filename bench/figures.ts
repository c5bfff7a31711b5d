import type { Row } from "./benchmark.js";

/** The middle of these numbers, of an even count the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** `0.042 s`, `1.37 s`, `128 s`. */
export function inSeconds(seconds: number): string {
  return `${seconds < 0.1 ? seconds.toFixed(3) : seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
}

/** Decimal megabytes, as the bars are meant. */
export const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** `312 MB/s`. */
export const inRate = (bytes: number, seconds: number): string =>
  `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`;

export interface Compared {
  readonly what: string;
  readonly seconds: number;
  /** Null when the alternative is not installed: then there is nothing to meet. */
  readonly alternative: { readonly name: string; readonly seconds: number | null };
  readonly atMost: number;
  /** Seconds allowed on top of `atMost` times the alternative. */
  readonly plusSeconds?: number;
}

/** A row for two durations measured in the same run. */
export function comparedRow({ what, seconds, alternative, atMost, plusSeconds = 0 }: Compared): Row {
  const bar = `≤ ${atMost}x${plusSeconds === 0 ? "" : ` + ${plusSeconds} s`}`;
  if (alternative.seconds === null) {
    const missing = `${alternative.name}: not installed`;
    return { what, photosync: inSeconds(seconds), alternative: missing, ratio: "-", bar, isMet: null };
  }
  return {
    what,
    photosync: inSeconds(seconds),
    alternative: `${alternative.name}: ${inSeconds(alternative.seconds)}`,
    ratio: `${(seconds / alternative.seconds).toFixed(2)}x`,
    bar,
    isMet: seconds <= atMost * alternative.seconds + plusSeconds,
  };
}

/** A row for a duration with a fixed limit. */
export function durationRow(what: string, seconds: number, limitSeconds: number): Row {
  return {
    what,
    photosync: inSeconds(seconds),
    alternative: "-",
    ratio: "-",
    bar: `< ${limitSeconds} s`,
    isMet: seconds < limitSeconds,
  };
}

/** A row for the peak memory of a process; the part that is not file-backed stands beside it. */
export function memoryRow(
  what: string,
  peak: { readonly peakResidentBytes: number | null; readonly peakAnonymousBytes: number | null },
  limitMegabytes: number,
): Row {
  const bar = `< ${limitMegabytes} MB`;
  const { peakResidentBytes: resident, peakAnonymousBytes: anonymous } = peak;
  if (resident === null || anonymous === null) {
    return { what, photosync: "not measurable here", alternative: "-", ratio: "-", bar, isMet: null };
  }
  return {
    what,
    photosync: `${inMegabytes(resident)} resident, of it ${inMegabytes(anonymous)} anonymous`,
    alternative: "-",
    ratio: "-",
    bar,
    isMet: resident < limitMegabytes * 1e6,
  };
}
