import { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import { cancelled } from "../until-aborted.js";
import { withDeadline } from "./attempt.js";
import { unavailable } from "./failures.js";
import { networkFailure } from "./network-failure.js";
import { isAllowed } from "./service-address.js";
import type { Time } from "./time.js";
import { type BodyWatch, watchedBody } from "./watched-body.js";

export interface ServiceFetchOptions {
  readonly account: string;
  /** Who asks: `photosync/1.2.3`. Services that do not like a client want to know whom to write to. */
  readonly userAgent: string;
  readonly time: Time;
  /** The longest silence: before an answer begins, and between the pieces of a body. */
  readonly idleMs?: number;
  /** The largest answer that is no media. */
  readonly largestTextBytes?: number;
  readonly fetch?: typeof fetch;
}

const IDLE_MS = 60_000;
const LARGEST_TEXT_BYTES = 32 * 2 ** 20;
/** What may be long. All else is meant to be parsed as a whole. */
const MEDIA = /^(?:image|video|audio)\/|^application\/(?:octet-stream|zip|x-)/i;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 5;

/**
 * The one `fetch` for all clients of a service. Sends only to https addresses and to this computer, names itself, follows a few
 * redirects of reads only (to allowed addresses; another host gets no `Authorization`), and watches every body: silence, cuts and
 * texts over the limit end it. Statuses are left to the caller.
 *
 * Throws, and bodies fail with, `<account>.unavailable` (transient), `cancelled` when `init.signal` is aborted, or its reason where that is a
 * `PhotosyncError`; `http.not-allowed` (bug) for other addresses. No error holds an address, a header or a body.
 */
export function serviceFetch(options: ServiceFetchOptions): typeof fetch {
  return async (input, init = {}) => {
    const request = input instanceof Request ? new Request(input, init) : null;
    const signal = init.signal ?? request?.signal ?? new AbortController().signal;
    const target = request ?? String(input instanceof Request ? input.url : input);
    return followed(target, init, options, { signal });
  };
}

async function followed(
  first: Request | string,
  init: RequestInit,
  options: ServiceFetchOptions,
  call: Call,
): Promise<Response> {
  const method = (init.method ?? (typeof first === "string" ? "GET" : first.method)).toUpperCase();
  const headers = new Headers(init.headers ?? (typeof first === "string" ? {} : first.headers));
  headers.set("User-Agent", options.userAgent);
  const follows = (init.redirect ?? "follow") === "follow" && (method === "GET" || method === "HEAD");
  let target = first;
  for (let hop = 0; ; hop++) {
    const address = new URL(typeof target === "string" ? target : target.url);
    const response = await sent(
      target,
      { ...init, ...bodyMode(init), method, headers },
      address,
      options,
      call,
    );
    const location = response.headers.get("location");
    if (!follows || !REDIRECTS.has(response.status) || location === null) {
      if (init.redirect === "error" && REDIRECTS.has(response.status)) {
        await response.body?.cancel();
        throw unavailable({
          account: options.account,
          message: `${address.host} sent the request elsewhere.`,
        });
      }
      return watched(response, address, options, call);
    }
    await response.body?.cancel();
    if (hop >= MOST_REDIRECTS || !URL.canParse(location, address.href)) {
      throw unavailable({
        account: options.account,
        message: `${address.host} sends requests round in circles.`,
      });
    }
    const next = new URL(location, address);
    if (next.origin !== address.origin) for (const name of ["Authorization", "Cookie"]) headers.delete(name);
    target = next.href;
  }
}

async function sent(
  target: Request | string,
  init: RequestInit,
  address: URL,
  options: ServiceFetchOptions,
  call: Call,
): Promise<Response> {
  if (!isAllowed(address)) {
    throw new PhotosyncError({
      kind: "bug",
      code: "http.not-allowed",
      message: `A request to ${address.protocol}//${address.host} was held back: only https is used beyond this computer.`,
    });
  }
  const { account, time, idleMs = IDLE_MS, fetch: plainFetch = fetch } = options;
  // How long sending takes is not known of a large body: there only undici's own watch of the socket counts (300 s).
  const isSmall = isShort(init.body) && (typeof target === "string" || target.body === null);
  const error = () => unavailable({ account, message: `${address.host} did not answer.` });
  try {
    return await withDeadline(
      ({ signal }) => plainFetch(target, { ...init, signal }),
      isSmall ? { ms: idleMs, error } : null,
      time,
      call,
    );
  } catch (error) {
    throw told(error, account, address.host, call);
  }
}

/**
 * How redirects are taken. The fetch standard has a request that could be sent again keep a copy of its body; only one that is of no
 * window and may not be redirected is sent as it is (https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch), and
 * undici would hold a video of a gigabyte in memory for any other.
 */
const bodyMode = ({ redirect, body }: RequestInit): Pick<RequestInit, "redirect" | "window"> =>
  redirect === "error" && !isShort(body) ? { redirect, window: null } : { redirect: "manual" };

const isShort = (body: RequestInit["body"]): boolean =>
  body === undefined || body === null || typeof body === "string" || body instanceof URLSearchParams;

function watched(response: Response, address: URL, options: ServiceFetchOptions, call: Call): Response {
  const { account, time, idleMs = IDLE_MS, largestTextBytes = LARGEST_TEXT_BYTES } = options;
  if (response.body === null) return response;
  const isMedia = MEDIA.test(response.headers.get("content-type") ?? "");
  const watch: BodyWatch = {
    idleMs,
    largestBytes: isMedia ? null : largestTextBytes,
    onSilence: () =>
      unavailable({ account, message: `${address.host} fell silent in the middle of an answer.` }),
    onTooLarge: () =>
      unavailable({ account, message: `${address.host} answered with more than can be right.` }),
    onError: (error) => told(error, account, address.host, call),
  };
  const { status, statusText, headers } = response;
  const seen = new Response(watchedBody(response.body, watch, time, call), { status, statusText, headers });
  // A response made by hand has no address; clients look at it to tell where a redirect led.
  Object.defineProperty(seen, "url", { value: response.url });
  return seen;
}

/** What a person may be told of a failure; an abort by the policy carries its own words. */
function told(error: unknown, account: string, host: string, call: Call): unknown {
  if (error instanceof PhotosyncError && error.code !== "cancelled") return error;
  if (call.signal.aborted) {
    const reason: unknown = call.signal.reason;
    return reason instanceof PhotosyncError ? reason : cancelled(call);
  }
  if (error instanceof PhotosyncError) return error;
  return networkFailure(error, account, host) ?? error;
}
