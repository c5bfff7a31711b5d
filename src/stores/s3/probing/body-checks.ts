import { randomBytes } from "node:crypto";
import { PhotosyncError } from "../../../domain/errors.js";
import type { Call } from "../../../ports/call.js";
import { removeObject } from "../objects/s3-objects.js";
import type { ProbedGround } from "../s3-parts.js";
import { readableKeeping } from "../settings/s3-keeping.js";
import { checksBodies } from "./probe-s3.js";

/** `untried`: not in this run. */
export type BodyVerdict = "untried" | "checks" | "accepts";

/**
 * Whether the server compares bodies with the hash that is signed for them, as it was seen to do in this very run: then it proves a blob's bytes
 * against the hash on record, and they need not be hashed here as well.
 */
export interface BodyChecks {
  /** Is tried when it is worth a request: once so many bytes were sent. Throws `cancelled`. */
  verdict(ground: ProbedGround, sizeBytes: number, call: Call): Promise<BodyVerdict>;
}

/** Hashing that much takes as long as some dozen requests. */
const WORTH_BYTES = 16 * 1024 ** 2;

export function bodyChecks(): BodyChecks {
  let sentBytes = 0;
  let tried: Promise<BodyVerdict> | undefined;
  return {
    async verdict(ground, sizeBytes, call) {
      sentBytes += sizeBytes;
      if (!ground.can.checksBodies || sentBytes < WORTH_BYTES) return "untried";
      tried ??= tryServer(ground, call).catch((error: unknown) => {
        tried = undefined;
        // What keeps this from being found out keeps no blob from being stored.
        if (error instanceof PhotosyncError && error.kind !== "cancelled") return "untried";
        throw error;
      });
      return tried;
    },
  };
}

async function tryServer(ground: ProbedGround, call: Call): Promise<BodyVerdict> {
  const { requests, layout } = ground;
  const key = `${requests.place.prefix}${layout.probes}${randomBytes(8).toString("hex")}`;
  const keeping = readableKeeping(ground.keeping);
  if (await checksBodies({ requests, keeping }, key, call)) return "checks";
  await removeObject(requests, key, call);
  return "accepts";
}
