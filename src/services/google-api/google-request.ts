import { signInNeeded, unavailable } from "../../infra/http/failures.js";
import type { Time } from "../../infra/http/time.js";
import { isJsonRecord, type JsonRecord, parseJsonBytes } from "../../infra/json-value.js";
import type { Call } from "../../ports/call.js";
import type { Attempted, Policy } from "../../ports/policy.js";
import { googleFailure } from "./google-failure.js";

/** Gives a bearer token that is good for some minutes more; never again the one that was just refused with 401. */
export type TokenSource = (call: Call, refused?: string) => Promise<string>;

/** What every client of a Google API needs. */
export interface GoogleAccess {
  /** The account's name in the configuration; error codes begin with it. */
  readonly account: string;
  readonly fetch: typeof fetch;
  readonly token: TokenSource;
  readonly policy: Policy;
  readonly time: Pick<Time, "nowMs">;
}

export interface GoogleRequest extends Attempted {
  readonly url: string;
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or bytes of a known length that can be had anew for each attempt. */
  readonly body?: string | { readonly sizeBytes: number; open(): AsyncIterable<Uint8Array> };
  /** False for addresses that open by themselves; a token would be given away for nothing. */
  readonly isSigned?: boolean;
  /** Statuses beside 2xx that `read` understands. */
  readonly understood?: readonly number[];
}

function initOf(
  { method = "GET", headers = {}, body }: GoogleRequest,
  token: string | null,
  call: Call,
): RequestInit {
  const own = new Headers(headers);
  if (token !== null) own.set("Authorization", `Bearer ${token}`);
  const init = { method, headers: own, signal: call.signal };
  if (body === undefined) return init;
  if (typeof body === "string") {
    own.set("Content-Type", "application/json");
    return { ...init, body };
  }
  own.set("Content-Length", String(body.sizeBytes));
  return { ...init, body: ReadableStream.from(body.open()), duplex: "half" };
}

/** What `send` gives with a good token: one that is refused with 401 is renewed once, and `send` called again. */
export async function signed(
  access: GoogleAccess,
  send: (token: string) => Promise<Response>,
  call: Call,
): Promise<Response> {
  const token = await access.token(call);
  const response = await send(token);
  if (response.status !== 401) return response;
  await response.body?.cancel();
  const other = await access.token(call, token);
  if (other === token) throw signInNeeded(access.account, `${access.account} no longer takes the sign-in.`);
  return send(other);
}

async function sent(access: GoogleAccess, request: GoogleRequest, call: Call): Promise<Response> {
  const send = (token: string | null) => access.fetch(request.url, initOf(request, token, call));
  return request.isSigned === false ? send(null) : signed(access, send, call);
}

/**
 * One request under the account's policy, and what `read` makes of the reply. A token that is refused is renewed once. Throws what
 * the policy and `googleFailure` throw.
 */
export function askGoogle<T>(
  access: GoogleAccess,
  request: GoogleRequest,
  read: (response: Response, call: Call) => Promise<T>,
  call: Call,
): Promise<T> {
  const { account, policy, time } = access;
  const { label, understood = [] } = request;
  return policy.run(
    request,
    async (attempt) => {
      const response = await sent(access, request, attempt);
      const { status, headers } = response;
      if (response.ok || understood.includes(status)) return read(response, attempt);
      const body = new Uint8Array(await response.arrayBuffer());
      throw googleFailure({ account, label, status, headers, body, nowMs: time.nowMs() });
    },
    call,
  );
}

/** The reply's JSON object. Throws `<account>.unavailable` for anything else, such as a page of the network in between. */
export async function jsonReply(account: string, label: string, response: Response): Promise<JsonRecord> {
  const value = parseJsonBytes(new Uint8Array(await response.arrayBuffer()))?.value;
  if (isJsonRecord(value)) return value;
  throw unavailable({ account, message: `${account} answered ${label} with something that is not its own.` });
}

/** A reply that makes no sense. Not said to be undone: who asked for a change has to look. */
export const oddReply = (account: string, label: string, what: string): Error =>
  unavailable({ account, message: `${account} answered ${label} without ${what}.` });
