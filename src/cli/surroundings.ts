import { systemTime } from "../infra/http/time.js";
import type { Surroundings } from "../operations/service-account.js";
import { environment } from "./environment.js";

/** What operations on services know of this process. */
export const surroundings = (version: string): Surroundings => ({
  env: environment(),
  time: systemTime,
  random: Math.random,
  userAgent: `photosync/${version} (personal photo library)`,
});
