import { PhotosyncError } from "../../domain/errors.js";
import { timestamp } from "./time.js";

/** What is known of a failed request beside its words. */
export interface FailureFacts {
  readonly account: string;
  /** What happened, as a sentence for people, without addresses and credentials. */
  readonly message: string;
  readonly next?: readonly string[];
  /** True where the failure itself proves that the service did nothing, so that even a write may be sent again. */
  readonly nothingDone?: boolean;
  /** What the service asked to wait. */
  readonly retryAfterMs?: number | null;
  readonly status?: number;
}

function transient(code: string, facts: FailureFacts): PhotosyncError {
  const { account, message, next, nothingDone, retryAfterMs, status } = facts;
  return new PhotosyncError({
    kind: "transient",
    code: `${account}.${code}`,
    message,
    next: next ?? ["Run the same command again later: it goes on where it stopped."],
    data: {
      ...(nothingDone === true ? { nothingDone } : {}),
      ...(retryAfterMs === undefined || retryAfterMs === null ? {} : { retryAfterMs }),
      ...(status === undefined ? {} : { status }),
    },
  });
}

/** `<account>.unavailable` (transient): the service cannot be reached, is silent, or says that it is in trouble. */
export const unavailable = (facts: FailureFacts): PhotosyncError => transient("unavailable", facts);

/** `<account>.rate-limited` (transient): the service refused because of too many requests; it did nothing. */
export const rateLimited = (facts: FailureFacts): PhotosyncError =>
  transient("rate-limited", { nothingDone: true, ...facts });

/** `<account>.quota-used-up` (transient): nothing more today. Never repeated in the same run. */
export function quotaUsedUp(account: string, resetsAtMs: number, message?: string): PhotosyncError {
  const at = timestamp(resetsAtMs);
  return new PhotosyncError({
    kind: "transient",
    code: `${account}.quota-used-up`,
    message: message ?? `Today's requests to ${account} are used up.`,
    next: [`Run the same command again after ${at}: it goes on where it stopped.`],
    data: { retryAt: at, nothingDone: true },
  });
}

/** `<account>.sign-in-needed` (auth): nobody is signed in, or the service no longer takes the sign-in. `message` says which. */
export const signInNeeded = (account: string, message: string): PhotosyncError =>
  new PhotosyncError({
    kind: "auth",
    code: `${account}.sign-in-needed`,
    message,
    next: [`Sign in with: photosync connect ${account}`],
  });

/** What the service asked to wait before the next request; null where it did not say. */
export function retryAfterOf(error: PhotosyncError): number | null {
  const asked = error.data["retryAfterMs"];
  return typeof asked === "number" ? asked : null;
}

/** Whether a failure proves that nothing was done at the service. */
export const provesNothingDone = (error: PhotosyncError): boolean => error.data["nothingDone"] === true;

export const isRateLimited = (error: PhotosyncError): boolean => error.code.endsWith(".rate-limited");
export const isQuotaUsedUp = (error: PhotosyncError): boolean => error.code.endsWith(".quota-used-up");
