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

/** `12.3 s (CPU 10.1 s)`; without the latter where it was not to be had. */
export const withCpu = (seconds: number, cpuSeconds: number | null): string =>
  cpuSeconds === null ? inSeconds(seconds) : `${inSeconds(seconds)} (CPU ${inSeconds(cpuSeconds)})`;

/** A sum of processor times, null when one of them is unknown. */
export const cpuSum = (runs: readonly { readonly cpuSeconds: number | null }[]): number | null =>
  runs.reduce<number | null>(
    (sum, { cpuSeconds }) => (sum === null || cpuSeconds === null ? null : sum + cpuSeconds),
    0,
  );

/** Decimal megabytes, as the bars are meant. */
export const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** `312 MB/s`. */
export const inRate = (bytes: number, seconds: number): string =>
  `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`;

/** Durations in wall-clock seconds; the processor's are shown beside them where they are known. */
export interface Duration {
  readonly seconds: number;
  readonly cpuSeconds: number | null;
}

/** The median run of several, by wall-clock time; of an even count the slower one of the middle two. */
export function medianRun<T extends Duration>(runs: readonly T[]): T {
  const middle = runs.toSorted((a, b) => a.seconds - b.seconds)[runs.length >> 1];
  if (middle === undefined) throw new Error("no runs to take the median of");
  return middle;
}

/** The mean of several runs, for so few that a median says nothing. */
export function mean(runs: readonly Duration[]): Duration {
  const cpu = cpuSum(runs);
  return {
    seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0) / runs.length,
    cpuSeconds: cpu === null ? null : cpu / runs.length,
  };
}

/** Of several runs the one with the highest peak of resident memory. */
export function hungriest<T extends { readonly peakResidentBytes: number | null }>(runs: readonly T[]): T {
  return runs.reduce((a, b) => ((a.peakResidentBytes ?? 0) > (b.peakResidentBytes ?? 0) ? a : b));
}

export interface Compared {
  readonly what: string;
  readonly ours: Duration;
  /** `run` is null when the alternative is not installed: then there is nothing to meet. */
  readonly alternative: { readonly name: string; readonly run: Duration | null };
  readonly atMost: number;
  /** Seconds allowed on top of `atMost` times the alternative. */
  readonly plusSeconds?: number;
}

/** A row for two durations measured in the same run. */
export function comparedRow({ what, ours, alternative, atMost, plusSeconds = 0 }: Compared): Row {
  const photosync = withCpu(ours.seconds, ours.cpuSeconds);
  const bar = `≤ ${atMost}x${plusSeconds === 0 ? "" : ` + ${plusSeconds} s`}`;
  const { name, run } = alternative;
  if (run === null) {
    return { what, photosync, alternative: `${name}: not installed`, ratio: "-", bar, isMet: null };
  }
  return {
    what,
    photosync,
    alternative: `${name}: ${withCpu(run.seconds, run.cpuSeconds)}`,
    ratio: `${(ours.seconds / run.seconds).toFixed(2)}x`,
    bar,
    isMet: ours.seconds <= atMost * run.seconds + plusSeconds,
  };
}

/** A row for a duration with a fixed limit. */
export function durationRow(what: string, ours: Duration, limitSeconds: number): Row {
  return {
    what,
    photosync: withCpu(ours.seconds, ours.cpuSeconds),
    alternative: "-",
    ratio: "-",
    bar: `< ${limitSeconds} s`,
    isMet: ours.seconds < limitSeconds,
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
