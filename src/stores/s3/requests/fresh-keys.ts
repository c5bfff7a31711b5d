import type { KeySource, S3Keys } from "./s3-client.js";

/** So long before they expire, keys are asked for anew. */
const AHEAD_MS = 5 * 60_000;

/** The keys of a source, which is asked again only when they are about to expire, and once for all who wait. */
export function freshKeys(source: KeySource): () => Promise<S3Keys> {
  if (typeof source !== "function") return async () => source;
  let asking: Promise<S3Keys & { readonly expiration?: Date }> | undefined;
  let goodUntilMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (asking === undefined || Date.now() >= goodUntilMs) {
      goodUntilMs = Number.POSITIVE_INFINITY;
      asking = source();
      asking.then(
        ({ expiration }) => {
          if (expiration !== undefined) goodUntilMs = expiration.getTime() - AHEAD_MS;
        },
        () => {
          asking = undefined;
        },
      );
    }
    return asking;
  };
}
