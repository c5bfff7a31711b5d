import type { IncomingHttpHeaders } from "node:http";
import type { EmulatorClock } from "./clock.js";
import type { GoogleSettings } from "./settings.js";
import type { AccessToken, GoogleState } from "./state.js";

/** All that a handler may look at besides its request. */
export interface World {
  readonly state: GoogleState;
  readonly clock: EmulatorClock;
  readonly settings: GoogleSettings;
  /** Evenly spread from 0 to 1, settled by the seed. */
  readonly random: () => number;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Users with a batchCreate under way. */
  readonly writing: Set<string>;
  /** Resumable uploads under way, by id; kept apart from the state because they hold hashes that are not done. */
  readonly uploads: Map<string, unknown>;
}

export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parts of the path that the route's pattern caught. */
  readonly captured: readonly string[];
  /** The request's body, once. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** A request whose bearer token was looked up. */
export interface Signed extends Incoming {
  readonly access: AccessToken;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?:
    | string
    | Uint8Array
    | { readonly sizeBytes: number; readonly stream: AsyncIterable<Uint8Array> };
}

/** Thrown by a handler to answer at once. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`answered ${reply.status}`);
    this.reply = reply;
  }
}

export const json = (
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  status,
  headers: { "content-type": "application/json; charset=UTF-8", ...headers },
  body: `${JSON.stringify(value, null, 2)}\n`,
});

export const text = (body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  body,
});

export const html = (status: number, body: string): Reply => ({
  status,
  headers: { "content-type": "text/html; charset=UTF-8" },
  body: `<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n${body}\n`,
});

/** What Google's front end answers to a path or method that no API has. */
export const notFoundPage = (path: string): Reply =>
  html(
    404,
    `<title>Error 404 (Not Found)!!1</title>\n<p>The requested URL <code>${escaped(path)}</code> was not found.`,
  );

export const escaped = (words: string): string =>
  words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const HTTP_OF = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const;
export type RpcStatus = keyof typeof HTTP_OF;

/** An error of the Photos APIs: `google.rpc.Status` inside `error`. */
export function rpcError(
  status: RpcStatus,
  message: string,
  details?: readonly object[],
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const code = HTTP_OF[status];
  return json(
    { error: { code, message, status, ...(details === undefined ? {} : { details }) } },
    code,
    headers,
  );
}

export const refuse = (status: RpcStatus, message: string, details?: readonly object[]): Refusal =>
  new Refusal(rpcError(status, message, details));

/** The status that stands for an HTTP code of the Photos APIs. */
export const rpcStatusOf = (code: number): RpcStatus => {
  for (const [status, http] of Object.entries(HTTP_OF))
    if (http === code && isRpcStatus(status)) return status;
  return "INTERNAL";
};
const isRpcStatus = (name: string): name is RpcStatus => name in HTTP_OF;

/** Google's machine-readable reason beside a status. */
export const errorInfo = (reason: string, metadata: Readonly<Record<string, string>>): object => ({
  "@type": "type.googleapis.com/google.rpc.ErrorInfo",
  reason,
  domain: "googleapis.com",
  metadata,
});

/** An error of Drive v3, which has the older form with a list of reasons. */
export function driveError(code: number, reason: string, message: string, where: object = {}): Reply {
  return json(
    { error: { code, message, errors: [{ message, domain: domainOf(reason), reason, ...where }] } },
    code,
  );
}
const domainOf = (reason: string): string =>
  /[rR]ateLimit|dailyLimit/.test(reason) ? "usageLimits" : "global";
