import { systemTime } from "../../src/infra/http/time.js";
import type { Surroundings } from "../../src/operations/service-account.js";

/** A process that knows of no sign-in. */
export const plainSurroundings: Surroundings = {
  env: {},
  time: systemTime,
  random: () => 0.5,
  userAgent: "photosync/test",
};
