/** Counts the calls of each key in the last hour. */
export interface Budget {
  /** Counts a call; false where the key has had all that it may have. */
  take(appKey: string): boolean;
}

const HOUR = 3600;

/** So many calls an hour and key; null for any number. `now` in unix seconds. */
export function hourlyBudget(limit: number | null, now: () => number): Budget {
  const calls = new Map<string, number[]>();
  return {
    take: (appKey) => {
      if (limit === null) return true;
      const earliest = now() - HOUR;
      const recent = (calls.get(appKey) ?? []).filter((at) => at > earliest);
      const isWithin = recent.length < limit;
      calls.set(appKey, isWithin ? [...recent, now()] : recent);
      return isWithin;
    },
  };
}
