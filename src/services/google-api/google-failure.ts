import { PhotosyncError } from "../../domain/errors.js";
import { retryAfterMs } from "../../infra/http/backoff.js";
import { quotaUsedUp, rateLimited, signInNeeded } from "../../infra/http/failures.js";
import { withoutSecrets } from "../../infra/http/redact.js";
import { statusFailure } from "../../infra/http/status-failure.js";
import { nextMidnightMs } from "../../infra/http/zoned-day.js";
import { isJsonRecord, type JsonRecord, parseJsonBytes, textAt } from "../../infra/json-value.js";

export interface GoogleRefusal {
  readonly account: string;
  /** What was asked: `mediaItems.list`. */
  readonly label: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly nowMs: number;
}

/** Google's daily quotas begin again at midnight there. */
const DAY_ZONE = "America/Los_Angeles";

interface Said {
  readonly message: string;
  /** `NOT_FOUND` and the like; empty where it is not Google's API that speaks. */
  readonly rpcStatus: string;
  /** `reason` of a google.rpc.ErrorInfo, or of the older list of errors that Drive sends. */
  readonly reasons: readonly string[];
  readonly metadata: JsonRecord;
}

/** What stands in an error's body: `google.rpc.Status` inside `error`, with Drive's `errors` beside it. Empty for pages for people. */
function saidIn(body: Uint8Array): Said {
  const parsed = parseJsonBytes(body)?.value;
  const error = isJsonRecord(parsed) ? parsed["error"] : undefined;
  if (!isJsonRecord(error)) return { message: "", rpcStatus: "", reasons: [], metadata: {} };
  const details = error["details"] ?? [];
  const errors = error["errors"] ?? [];
  const lists = [details, errors].flatMap((list) => (Array.isArray(list) ? list : []));
  const records = lists.filter(isJsonRecord);
  const metadata = records.map((one) => one["metadata"]).find(isJsonRecord) ?? {};
  return {
    message: textAt(error, "message") ?? "",
    rpcStatus: textAt(error, "status") ?? "",
    reasons: records.flatMap((one) => textAt(one, "reason") ?? []),
    metadata,
  };
}

/**
 * A refusal of a Google API as photosync's own error. Beside what `statusFailure` gives: a day's quota that is used up and a missing
 * scope, which Google tells apart only in the body; an API that is not switched on (`<account>.api-disabled`, user); a full
 * account (`<account>.storage-full`, user); and Drive's 403 for too many requests.
 */
export function googleFailure(refusal: GoogleRefusal): PhotosyncError {
  const { account, label, status, headers, body, nowMs } = refusal;
  const said = saidIn(body);
  const usual = statusFailure({ account, label, status, headers, said: said.message, nowMs });
  const has = (reason: string): boolean => said.reasons.includes(reason);
  if (status === 429 && /per day/i.test(said.message)) {
    return quotaUsedUp(account, nextMidnightMs(nowMs, DAY_ZONE));
  }
  if (status === 403 && (has("dailyLimitExceeded") || has("quotaExceeded"))) {
    return quotaUsedUp(account, nextMidnightMs(nowMs, DAY_ZONE));
  }
  if (status === 403 && (has("userRateLimitExceeded") || has("rateLimitExceeded"))) {
    const asked = retryAfterMs(headers.get("retry-after"), nowMs);
    return rateLimited({
      account,
      message: `${account} asks for fewer requests.`,
      retryAfterMs: asked,
      status,
    });
  }
  if (has("ACCESS_TOKEN_SCOPE_INSUFFICIENT") || has("insufficientPermissions")) {
    return signInNeeded(
      account,
      `${account} was not allowed to be used for this (${label}) when you signed in.`,
    );
  }
  if (has("SERVICE_DISABLED") || has("accessNotConfigured")) return apiDisabled(account, said);
  if (status === 400 && /remaining storage/i.test(said.message)) return storageFull(account);
  return said.rpcStatus === "" ? usual : withRpcStatus(usual, said.rpcStatus);
}

/** The same error with the name that Google's API gave it: pages of a network in between have none. */
function withRpcStatus(error: PhotosyncError, rpcStatus: string): PhotosyncError {
  const { kind, code, message, next, data } = error;
  return new PhotosyncError({ kind, code, message, next, data: { ...data, rpcStatus } });
}

function apiDisabled(account: string, { metadata }: Said): PhotosyncError {
  const service = textAt(metadata, "service") ?? "the API";
  return new PhotosyncError({
    kind: "user",
    code: `${account}.api-disabled`,
    message: `${withoutSecrets(service)} is not switched on in your Google Cloud project.`,
    next: [
      "Switch it on at https://console.cloud.google.com/apis/library, wait a few minutes, and run the command again.",
    ],
  });
}

const storageFull = (account: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: `${account}.storage-full`,
    message: `The storage of ${account} is full; nothing more can be uploaded there.`,
    next: ["Make room or buy storage at https://one.google.com/storage, then run the command again."],
  });
