/** What stands in the place of something that must not be seen. */
const HIDDEN = "…";

const SECRET_WORD =
  "(?:access|refresh|id|oauth|request|auth|session|security|upload)?[_-]?(?:token|secret|signature|verifier|nonce|password|credential)|(?:api|consumer|access|private)[_-]?key|client[_-]?(?:id|secret)|code[_-]verifier|assertion";
/** `name=value` and `"name": "value"` where the name is a secret's, whatever stands before it in the name. */
const NAMED_VALUE = new RegExp(
  `((?:[A-Za-z0-9_-]*?)(?:${SECRET_WORD})[A-Za-z0-9_]*["']?\\s*(?:=|%3D|:)\\s*["']?)[^\\s"'&,;}<>]+`,
  "gi",
);
const AUTHORIZATION = /\b(Bearer|Basic|OAuth)\s+[A-Za-z0-9._~+/=%"',: -]+/gi;
/** Google's access and refresh tokens, authorization codes and client secrets by their look. */
const GOOGLE = /\b(?:ya29\.|1\/\/0|4\/0|GOCSPX-)[A-Za-z0-9._~+/-]+/g;

/** What is a key or token by its look alone: Flickr's tokens and API keys, and JSON web tokens. */
const BY_LOOK = /\b\d{10,20}-[0-9a-f]{16}\b|\b[0-9a-f]{32}\b|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/gi;

/** The most that is looked at: long bodies are no messages, and would take long to search. */
const LONGEST_MESSAGE = 2_000;

/**
 * The beginning of a service's words made safe to show: addresses without their query, and neither tokens, signatures nor keys. Meant
 * for the short messages of error bodies; what is no secret may be lost with them.
 */
export function withoutSecrets(text: string): string {
  return text
    .slice(0, LONGEST_MESSAGE)
    .replace(/(https?:\/\/)[^\s"'<>]*/gi, (address) => safeAddress(address))
    .replace(AUTHORIZATION, `$1 ${HIDDEN}`)
    .replace(GOOGLE, HIDDEN)
    .replace(BY_LOOK, HIDDEN)
    .replace(/\bcode=[^\s&"']+/gi, `code=${HIDDEN}`)
    .replace(NAMED_VALUE, `$1${HIDDEN}`);
}

/** An address as far as it may be told: scheme and host. Paths of image hosts hold secrets as well as queries do. */
export function safeAddress(address: string | URL): string {
  try {
    const { protocol, host } = new URL(address);
    return `${protocol}//${host}`;
  } catch {
    return HIDDEN;
  }
}
