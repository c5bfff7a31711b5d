import type { PhotosyncError } from "../../domain/errors.js";
import { unavailable } from "./failures.js";

/** Failures before anything could be sent, by the codes of Node and undici; what else breaks may have arrived. */
const BEFORE_SENDING: Readonly<Record<string, string>> = {
  ECONNREFUSED: "it refuses connections",
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "names cannot be looked up; is this computer online?",
  EHOSTUNREACH: "there is no way to it; is this computer online?",
  ENETUNREACH: "there is no network; is this computer online?",
  ENETDOWN: "there is no network; is this computer online?",
  UND_ERR_CONNECT_TIMEOUT: "it does not take the connection in time",
};

const WHILE_AT_IT: Readonly<Record<string, string>> = {
  ECONNRESET: "the connection was cut",
  ECONNABORTED: "the connection was cut",
  EPIPE: "the connection was cut",
  ETIMEDOUT: "it fell silent",
  UND_ERR_SOCKET: "the connection was cut",
  UND_ERR_HEADERS_TIMEOUT: "it fell silent",
  UND_ERR_BODY_TIMEOUT: "it fell silent",
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: "the connection was cut",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "its answer was cut off",
};

/** What Node says of certificates and handshakes (https://nodejs.org/api/errors.html, https://docs.openssl.org). */
const TLS =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** The first code in a chain of causes; `AggregateError`s of several addresses count by their first. */
function codeOf(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") return at.code;
    if (at instanceof AggregateError && at.errors[0] !== undefined) return codeOf(at.errors[0]);
  }
  return null;
}

/** The names that undici gives a response body that ends too early, where there is no code. */
const CUT_SHORT = /terminated|other side closed|premature|aborted/i;

/**
 * What `fetch` or a response's body threw, as `<account>.unavailable` (transient); null where it is no failure of the network. The
 * error itself is not kept as the cause: it may hold the request with its credentials.
 */
export function networkFailure(error: unknown, account: string, host: string): PhotosyncError | null {
  const code = codeOf(error) ?? "";
  const before = BEFORE_SENDING[code];
  if (before !== undefined) {
    return unavailable({
      account,
      message: `${host} cannot be reached: ${before} (${code}).`,
      nothingDone: true,
    });
  }
  if (TLS.test(code)) {
    return unavailable({
      account,
      message: `No safe connection to ${host}: its certificate or the encryption was not accepted (${code}).`,
      next: [
        "Check this computer's date and time, and whether a proxy or a virus scanner reads the traffic (NODE_EXTRA_CA_CERTS names its certificate). Then run the command again.",
      ],
      nothingDone: true,
    });
  }
  const during = WHILE_AT_IT[code];
  if (during !== undefined) return unavailable({ account, message: `${host}: ${during} (${code}).` });
  if (error instanceof TypeError && CUT_SHORT.test(error.message))
    return unavailable({ account, message: `${host}: its answer was cut off.` });
  if (error instanceof TypeError && error.message === "fetch failed")
    return unavailable({
      account,
      message: `${host}: the request failed${code === "" ? "" : ` (${code})`}.`,
    });
  return null;
}
