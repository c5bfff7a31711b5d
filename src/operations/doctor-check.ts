import type { DoctorResult } from "./results.js";

export type Check = DoctorResult["checks"][number];

/** As it should be. */
export const ok = (name: string, found: string): Check => ({ name, level: "ok", found, advice: null });

const advising =
  (level: Exclude<Check["level"], "ok">) =>
  (name: string, found: string, advice: string): Check => ({ name, level, found, advice });

export const warning = advising("warning");
export const problem = advising("problem");
/** Nobody knows; the advice is how to find out. */
export const unconfirmed = advising("unconfirmed");
