/**
 * What of the wire's behaviour is not confirmed or is a test's to choose. Each default is the likeliest answer, or the one that
 * is harder on a client.
 */
export interface HttpOptions {
  /** How far a request's `oauth_timestamp` may be off; null: any time is taken. */
  readonly timestampToleranceSeconds: number | null;
  /** The status of `oauth_problem` other than `signature_invalid`, which is always 401. */
  readonly oauthProblemStatus: 400 | 401;
  /** What a revoked token gets on REST. */
  readonly revokedToken: "token_rejected" | "98";
  /** What the callback gets when the owner refuses: nothing at all, or a call with `oauth_problem`. */
  readonly refusal: "silent" | "callback";
  /** Who says yes to every `authorize` page at once, by NSID; null: the page asks. */
  readonly authorizesAs: string | null;
  /** Whether an account that comes again gets the token it has. */
  readonly sameTokenAgain: boolean;
  /** Whether the nine digits for `oob` are shown in groups. */
  readonly groupsOobCode: boolean;
  /** How many calls of one key an hour are answered before 429; null: any number. */
  readonly hourlyBudget: number | null;
  readonly uploadsCount: boolean;
  /** `Retry-After` of a 429, in seconds; null: none, as seen so far. */
  readonly retryAfter: number | null;
  /** Whether an upload without `Content-Length` is taken. */
  readonly takesChunkedUploads: boolean;
  /** Whether the static host answers `Range`. */
  readonly servesRanges: boolean;
  /** What the static host gives for a picture that is not there: 404, or a picture of its own with 200. */
  readonly unavailable: "404" | "picture";
}

export const defaultHttpOptions: HttpOptions = {
  timestampToleranceSeconds: 300,
  oauthProblemStatus: 401,
  revokedToken: "token_rejected",
  refusal: "silent",
  authorizesAs: null,
  sameTokenAgain: true,
  groupsOobCode: true,
  hourlyBudget: 3600,
  uploadsCount: true,
  retryAfter: null,
  takesChunkedUploads: false,
  servesRanges: false,
  unavailable: "404",
};
