/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Scheme and host as called: `http://127.0.0.1:8080`. */
  readonly origin: string;
  readonly path: string;
  /** Without the question mark, as sent. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** What goes back. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | { readonly sizeBytes: number; open(): AsyncIterable<Uint8Array> };
}

/** What the server does with a connection in the end. */
export type Ending =
  | { readonly kind: "reply"; readonly reply: Reply }
  /** The head and half of the body go out, then the connection breaks. */
  | { readonly kind: "cut"; readonly reply: Reply }
  | { readonly kind: "reset" }
  /** Nothing comes, until somebody gives up. */
  | { readonly kind: "stall" };

/** A reply with a text of this type. */
export const textReply = (
  status: number,
  type: string,
  text: string,
  headers: Reply["headers"] = {},
): Reply => ({
  status,
  headers: { "content-type": type, ...headers },
  body: new TextEncoder().encode(text),
});

export const htmlReply = (status: number, title: string): Reply =>
  textReply(status, "text/html", `<html><body><h1>${title}</h1></body></html>\n`);

const TOO_MANY =
  "<html><body><h1>429 Too Many Requests</h1>\nYou have sent too many requests in a given amount of time.\n</body></html>\n";

/** What one gets who asks too much: 117 bytes of HTML, never JSON. */
export const tooManyReply = (retryAfter: number | null): Reply =>
  textReply(429, "text/html", TOO_MANY, retryAfter === null ? {} : { "retry-after": String(retryAfter) });
