import { PhotosyncError } from "../../../domain/errors.js";
import { isRecord } from "../../../domain/is-record.js";
import { retryAfterMs } from "../../../infra/http/backoff.js";
import { rateLimited, unavailable } from "../../../infra/http/failures.js";
import { networkFailure } from "../../../infra/http/network-failure.js";
import { withoutSecrets } from "../../../infra/http/redact.js";
import { WHERE_SETTINGS_ARE } from "../settings/bad-settings.js";

/** The account name under which all stores' codes stand: `store.unavailable`. */
export const STORE_CODES = "store";

/** What is known of a failed request beside the error. */
export interface Asked {
  /** The store's name. */
  readonly store: string;
  readonly host: string;
  readonly bucket: string;
  /** What was to be done, as a verb: `list objects`. */
  readonly label: string;
  readonly nowMs: number;
}

/** What an S3 server said, taken from the SDK's exception without trusting its shape. */
export interface S3Answer {
  /** The error code of the body, or the SDK's word where there was no body: `NotFound`. */
  readonly code: string;
  readonly status: number | null;
  readonly said: string;
  readonly header: (name: string) => string | null;
}

/** The longest part of a server's own words that is repeated. */
const LONGEST_QUOTE = 300;

/** Null for what is no answer of a server: a failure of the network, or a defect. */
export function answerOf(error: unknown): S3Answer | null {
  if (!(error instanceof Error)) return null;
  const metadata = "$metadata" in error && isRecord(error.$metadata) ? error.$metadata : {};
  const response = "$response" in error && isRecord(error.$response) ? error.$response : {};
  const headers = isRecord(response["headers"]) ? response["headers"] : {};
  const status = metadata["httpStatusCode"] ?? response["statusCode"];
  if (typeof status !== "number") return null;
  const code = "Code" in error && typeof error.Code === "string" ? error.Code : error.name;
  return {
    code,
    status,
    said: withoutSecrets(error.message).replace(/\s+/g, " ").trim().slice(0, LONGEST_QUOTE),
    header: (name) => {
      const value = headers[name];
      return typeof value === "string" ? value : null;
    },
  };
}

/** True for an error with one of these codes of S3. */
export function isAnswer(error: unknown, ...codes: readonly string[]): boolean {
  const answer = answerOf(error);
  return answer !== null && codes.includes(answer.code);
}

type Told = Pick<PhotosyncError, "kind"> & {
  readonly code: string;
  readonly what: (asked: Asked) => string;
  readonly next: string;
};

const WRONG_KEYS: Told = {
  kind: "auth",
  code: "store.wrong-keys",
  what: ({ store }) => `Store ${store} does not accept its access keys`,
  next: "Give the right ones (PHOTOSYNC_STORE_<NAME>_ACCESS_KEY_ID and _SECRET_ACCESS_KEY, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for the only store in a bucket), and see that they belong to this endpoint.",
};
const EXPIRED: Told = {
  kind: "auth",
  code: "store.session-expired",
  what: ({ store }) => `The session that opens store ${store} has expired`,
  next: "Sign in again where the temporary keys came from (a profile: aws sso login --profile NAME), and run the same command with the new ones.",
};
const REGION: Told = {
  kind: "user",
  code: "store.wrong-region",
  what: ({ bucket }) => `The bucket ${bucket} is in another region than the settings say`,
  next: `Correct the region (and the endpoint) of this store ${WHERE_SETTINGS_ARE}.`,
};
const NO_PERMISSION: Told = {
  kind: "user",
  code: "store.no-permission",
  what: ({ store, label }) => `The access keys of store ${store} may not ${label}`,
  next: "Allow it in the bucket's policy or in that of the keys: listing, reading, writing and removing objects, and uploads in parts are needed.",
};
const NO_SPACE: Told = {
  kind: "user",
  code: "store.no-space",
  what: ({ store }) => `Store ${store} takes nothing more: its quota or its disk is full`,
  next: "Make room, or raise the quota at the provider, then run the same command again.",
};
const SKEWED: Told = {
  kind: "user",
  code: "store.clock-skew",
  what: ({ store }) => `This computer's clock and that of store ${store} are too far apart`,
  next: "Set this computer's date, time and time zone, then run the same command again.",
};
const ARCHIVED: Told = {
  kind: "transient",
  code: "store.archived",
  what: ({ store }) =>
    `Store ${store} keeps this object in an archive, from which it has to be asked back before it can be read`,
  next: "Ask for it with: photosync restore --thaw. When it is there, hours later, run the same command again.",
};
const NO_BUCKET: Told = {
  kind: "user",
  code: "store.no-bucket",
  what: ({ bucket, host }) => `There is no bucket ${bucket} at ${host}`,
  next: `Make the bucket at the provider, or correct bucket, region and endpoint ${WHERE_SETTINGS_ARE}.`,
};

/** By the codes of https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and those of Ceph, MinIO and B2 beside them. */
const BY_CODE: Readonly<Record<string, Told>> = {
  InvalidAccessKeyId: WRONG_KEYS,
  SignatureDoesNotMatch: WRONG_KEYS,
  InvalidSecurity: WRONG_KEYS,
  ExpiredToken: EXPIRED,
  InvalidToken: EXPIRED,
  TokenRefreshRequired: EXPIRED,
  AuthorizationHeaderMalformed: REGION,
  PermanentRedirect: REGION,
  IllegalLocationConstraintException: REGION,
  RequestTimeTooSkewed: SKEWED,
  NoSuchBucket: NO_BUCKET,
  InvalidBucketName: NO_BUCKET,
  InvalidObjectState: ARCHIVED,
  ObjectNotInActiveTierError: ARCHIVED,
  QuotaExceeded: NO_SPACE,
  XMinioStorageFull: NO_SPACE,
  XMinioAdminBucketQuotaExceeded: NO_SPACE,
  InsufficientStorage: NO_SPACE,
  AccessDenied: NO_PERMISSION,
  AllAccessDisabled: NO_PERMISSION,
  AccountProblem: NO_PERMISSION,
};

const SLOW_DOWN = new Set([
  "SlowDown",
  "SlowDownRead",
  "SlowDownWrite",
  "TooManyRequests",
  "RequestLimitExceeded",
  "Throttling",
  "ThrottlingException",
  "BandwidthLimitExceeded",
]);
/** Codes with a status that looks final, and that pass all the same. */
const PASSING = new Set([
  "RequestTimeout",
  "InternalError",
  "OperationAborted",
  "ConditionalRequestConflict",
  "ServiceUnavailable",
  "IncompleteBody",
]);
/** Whatever was sent did not arrive as it was. */
const CHANGED_ON_THE_WAY = new Set([
  "BadDigest",
  "XAmzContentSHA256Mismatch",
  "InvalidDigest",
  "XAmzContentChecksumMismatch",
]);

/**
 * What a failed request to a store means: `store.wrong-keys`, `store.session-expired` (auth), `store.wrong-region`, `store.no-permission`,
 * `store.no-space`, `store.clock-skew`, `store.no-bucket`, `store.refused` (user), `store.archived`, `store.rate-limited`,
 * `store.unavailable`, `store.bytes-changed` (transient). Any other thrown value comes back as it was.
 */
export function s3Error(error: unknown, asked: Asked): unknown {
  if (error instanceof PhotosyncError) return error;
  const answer = answerOf(error);
  if (answer === null) return withoutAnswer(error, asked);
  const { code, status, said } = answer;
  const quote = quoteOf(answer);
  const told = /cap exceeded/i.test(said) ? NO_SPACE : BY_CODE[code];
  if (told !== undefined) return failure(told, asked, quote, status);
  const facts = {
    account: STORE_CODES,
    ...(status === null ? {} : { status }),
    retryAfterMs: retryAfterMs(answer.header("retry-after"), asked.nowMs),
  };
  if (SLOW_DOWN.has(code) || status === 429 || (status === 503 && !PASSING.has(code)))
    return rateLimited({ ...facts, message: `Store ${asked.store} asks to slow down${quote}.` });
  if (CHANGED_ON_THE_WAY.has(code)) {
    return new PhotosyncError({
      kind: "transient",
      code: "store.bytes-changed",
      message: `Bytes were changed on their way to store ${asked.store}; they were not kept${quote}.`,
      next: ["Run the same command again; should it happen again, check this computer's memory and network."],
      data: { nothingDone: true },
    });
  }
  if (
    PASSING.has(code) ||
    (status !== null && status >= 500 && status !== 501 && status !== 507) ||
    status === 409
  )
    return unavailable({ ...facts, message: `${asked.host} could not ${asked.label}${quote}.` });
  if (status === 401) return failure(WRONG_KEYS, asked, quote, status);
  if (status === 403) return failure(NO_PERMISSION, asked, quote, status);
  if (status === 301 || status === 307) return failure(REGION, asked, quote, status);
  if (status === 507) return failure(NO_SPACE, asked, quote, status);
  if (status !== null && status < 300) {
    return new PhotosyncError({
      kind: "user",
      code: "store.refused",
      message: `What answers at ${asked.host} does not speak as an S3 server does.`,
      next: [`Correct the endpoint of this store ${WHERE_SETTINGS_ARE}.`],
    });
  }
  return new PhotosyncError({
    kind: "user",
    code: "store.refused",
    message: `Store ${asked.store} refused to ${asked.label} with status ${status}${isWordless(code) ? "" : quote}.`,
    next: ["Run: photosync doctor", "If that is well, please report this message."],
    data: { s3_code: code, ...(status === null ? {} : { status }) },
  });
}

/** True for what `s3Error` makes of a refusal by the server or its rules, which asking again does not change. */
export const isRefused = (error: unknown): boolean =>
  error instanceof PhotosyncError && ["store.no-permission", "store.refused"].includes(error.code);

/** True for a name that the SDK gave an error without a body, as after HEAD. */
const isWordless = (code: string): boolean => /^(?:Unknown|BadRequest$|Forbidden$|\d+$)/.test(code);

/** True for a refusal that says nothing of its reason, because answers to HEAD have no body. */
export function isWordlessRefusal(error: unknown): boolean {
  const answer = answerOf(error);
  return answer !== null && (answer.status === 400 || answer.status === 403) && isWordless(answer.code);
}

/** What the server said; its status where it gave no reason. */
function quoteOf({ code, status, said }: S3Answer): string {
  if (isWordless(code)) return ` (status ${status})`;
  return said === "" || said === code || /^Unknown/.test(said) ? ` (${code})` : ` (${code}: ${said})`;
}

function failure(
  { kind, code, what, next }: Told,
  asked: Asked,
  quote: string,
  status: number | null,
): PhotosyncError {
  return new PhotosyncError({
    kind,
    code,
    message: `${what(asked)}${quote}.`,
    next: [next],
    ...(status === null ? {} : { data: { status } }),
  });
}

function withoutAnswer(error: unknown, { host }: Asked): unknown {
  // The SDK names both a silence and a cut so.
  const cause = networkFailure(error, STORE_CODES, host);
  if (cause === null && error instanceof Error && error.name === "TimeoutError")
    return unavailable({ account: STORE_CODES, message: `${host} fell silent.` });
  if (
    cause === null &&
    error instanceof Error &&
    /socket hang up|aborted|premature|Parse Error/i.test(error.message)
  )
    return unavailable({ account: STORE_CODES, message: `${host}: the connection was cut.` });
  return cause ?? error;
}
