/** Which part of Flickr a request went to. */
export type Endpoint = "rest" | "upload" | "replace" | "oauth" | "static" | "none";

/** A request, with nothing in it that gives out a picture or an account. */
export interface RequestView {
  /** From 1, in the order of arrival. */
  readonly number: number;
  readonly endpoint: Endpoint;
  readonly httpMethod: string;
  /** Secrets in it are replaced by dots. */
  readonly path: string;
  /** The API's method, where it is a call. */
  readonly call: string | null;
  /** All parameters but those of OAuth and secrets. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface LoggedRequest extends RequestView {
  /** Unix seconds. */
  readonly at: number;
  /** What was answered; null where nothing was. */
  readonly status: number | null;
  /** The code of an API-level failure. */
  readonly failure: number | null;
  /** The fault that came in between. */
  readonly fault: string | null;
}

const SECRET_FIELDS = new Set(["secret", "api_key", "api_sig", "s"]);

/** The fields of a request that may be shown. */
export const safeFields = (
  parameters: readonly (readonly [string, string])[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(parameters.filter(([name]) => !name.startsWith("oauth_") && !SECRET_FIELDS.has(name)));

/** A path without the secrets of addresses. */
export const safePath = (path: string): string =>
  path
    .replace(/(\/\d+_)[0-9a-f]+/, "$1…")
    .replace(/(\/play\/\w+\/)[0-9a-f]+/, "$1…")
    .replace(/(\/video\/\d+\/)[0-9a-f]+/, "$1…");
