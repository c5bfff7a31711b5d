import { PhotosyncError } from "../../domain/errors.js";
import { retryAfterMs } from "./backoff.js";
import { rateLimited, signInNeeded, unavailable } from "./failures.js";
import { withoutSecrets } from "./redact.js";

export interface StatusFacts {
  readonly account: string;
  /** What was asked: `albums.list`. */
  readonly label: string;
  readonly status: number;
  readonly headers: Headers;
  /** What the service said, taken from its body; made safe here. */
  readonly said?: string;
  readonly nowMs: number;
}

/** The longest part of a service's own words that is repeated. */
const LONGEST_QUOTE = 300;

/**
 * A status that is no success as photosync's own error, for what means the same everywhere: 401 `<account>.sign-in-needed` (auth), 429
 * `<account>.rate-limited` and 408, 5xx `<account>.unavailable` (transient, with what `Retry-After` says), 404 and 410 `<account>.not-found`, 413
 * `<account>.too-large`, all others `<account>.refused` (user). An adapter looks first for what its service means in particular.
 */
export function statusFailure({ account, label, status, headers, said, nowMs }: StatusFacts): PhotosyncError {
  // A page for people says nothing in its first words that the status does not.
  const quote = withoutSecrets(/^\s*</.test(said ?? "") ? "" : (said ?? ""))
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, LONGEST_QUOTE);
  const words = quote === "" ? "" : `: ${quote}`;
  const message = `${account} answered ${label} with status ${status}${words}${/[.!?]$/.test(words) ? "" : "."}`;
  const asked = retryAfterMs(headers.get("retry-after"), nowMs);
  if (status === 401) return signInNeeded(account, message);
  if (status === 429) return rateLimited({ account, message, retryAfterMs: asked, status });
  if (status === 408 || status >= 500) return unavailable({ account, message, retryAfterMs: asked, status });
  const code = status === 404 || status === 410 ? "not-found" : status === 413 ? "too-large" : "refused";
  return new PhotosyncError({
    kind: "user",
    code: `${account}.${code}`,
    message,
    next: [
      `See what this account may do with: photosync connect ${account}`,
      "If that is well, please report this message.",
    ],
    data: { status },
  });
}
