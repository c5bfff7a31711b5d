import {
  type ClientRequest,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
  type RequestOptions,
} from "node:http";
import { Agent as SafeAgent, request as safeRequest } from "node:https";
import { pipeline, Readable } from "node:stream";
import { type ContentHash, hexOf } from "../../../domain/ids.js";
import type { S3Place } from "../settings/s3-place.js";
import type { S3Keys } from "./s3-client.js";
import { refusalOf, type S3Refusal } from "./s3-refusal.js";
import { queryText, requestSigner, strictlyEncoded } from "./sign-request.js";

/** A request for an object. */
export interface WireRequest {
  readonly method: "GET" | "HEAD" | "PUT";
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, under this hash. */
  readonly body?: {
    readonly bytes: Uint8Array | Readable;
    readonly sizeBytes: number;
    readonly hash: ContentHash;
  };
}

/** The head of an answer below 300. */
export interface WireAnswer {
  header(name: string): string | null;
  /** To be read or destroyed; null after HEAD and PUT. */
  readonly body: Readable | null;
}

/**
 * Sends the requests that come by the thousand: bytes out and in, and what is asked of each object. The SDK takes ten times the processor's
 * time for one of them.
 */
export interface Wire {
  /** Throws `S3Refusal`, what Node throws of the network, and an error named `TimeoutError` after a silence. */
  ask(request: WireRequest, options: { readonly abortSignal: AbortSignal }): Promise<WireAnswer>;
}

export interface WireOptions {
  readonly place: S3Place;
  readonly keys: () => Promise<S3Keys>;
  /** Connections at once. */
  readonly connections: number;
  /** The longest wait for a connection. */
  readonly connectMs: number;
  /** The longest silence on a connection, until the bytes of an object begin. */
  readonly idleMs: number;
}

const EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/** Less than that is no reason to distrust this computer's clock. */
const LEAST_SKEW_MS = 5 * 60_000;
/** Buckets whose names can be part of a host's, with a certificate for it. */
const HOST_LABEL = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

const silence = (): Error => Object.assign(new Error("the server fell silent"), { name: "TimeoutError" });

const isGood = ({ statusCode = 0 }: IncomingMessage): boolean => statusCode < 300;

/** What goes before an object's key. */
function addressOf({ endpoint, bucket, pathStyle }: S3Place): {
  readonly url: URL;
  readonly host: string;
  readonly path: string;
} {
  const url = new URL(endpoint);
  const base = url.pathname.replace(/\/+$/, "");
  const isInHost = !pathStyle && HOST_LABEL.test(bucket);
  return isInHost
    ? { url, host: `${bucket}.${url.host}`, path: `${base}/` }
    : { url, host: url.host, path: `${base}/${strictlyEncoded(bucket)}/` };
}

/** Connections to one server that are kept for the next request. */
export function openWire({ place, keys, connections, connectMs, idleMs }: WireOptions): Wire {
  const { url, host, path } = addressOf(place);
  const isSafe = url.protocol === "https:";
  const agent = new (isSafe ? SafeAgent : PlainAgent)({ keepAlive: true, maxSockets: connections });
  const begin = isSafe ? safeRequest : plainRequest;
  const sign = requestSigner(place.region, keys);
  /** How far the server's clock is ahead, where it refused ours. */
  let skewMs = 0;

  const learnFrom = ({ $response: { headers } }: S3Refusal) => {
    const { date } = headers;
    const ahead = typeof date === "string" ? Date.parse(date) - Date.now() : Number.NaN;
    if (Math.abs(ahead - skewMs) >= LEAST_SKEW_MS) skewMs = ahead;
  };

  return {
    async ask({ method, key, query = {}, headers: own = {}, body }, { abortSignal }) {
      const keyPath = path + key.split("/").map(strictlyEncoded).join("/");
      const unsigned: Record<string, string> = { host, ...own };
      if (body !== undefined) {
        unsigned["content-length"] = String(body.sizeBytes);
        unsigned["content-type"] = "application/octet-stream";
      }
      const bodyHash = body === undefined ? EMPTY_HASH : hexOf(body.hash);
      const headers = await sign(
        { method, path: keyPath, query, headers: unsigned, bodyHash },
        Date.now() + skewMs,
      );
      headers["user-agent"] = "photosync";
      const asked = queryText(query);
      const options: RequestOptions = {
        agent,
        method,
        headers,
        protocol: url.protocol,
        hostname: host.replace(/:\d+$/, "").replace(/^\[|\]$/g, ""),
        port: url.port,
        path: asked === "" ? keyPath : `${keyPath}?${asked}`,
      };
      const response = await exchange(
        () => begin(options),
        body?.bytes ?? null,
        { connectMs, idleMs },
        abortSignal,
      );
      if (!isGood(response)) {
        const refusal = await refusalOf(response, method);
        learnFrom(refusal);
        throw refusal;
      }
      if (method !== "GET") await drained(response);
      return {
        header(name) {
          const value = response.headers[name];
          return typeof value === "string" ? value : null;
        },
        body: method === "GET" ? response : null,
      };
    },
  };
}

/** Sends a request and waits for the head of its answer. */
function exchange(
  begin: () => ClientRequest,
  body: Uint8Array | Readable | null,
  { connectMs, idleMs }: Pick<WireOptions, "connectMs" | "idleMs">,
  abortSignal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = begin();
    const stop = () => request.destroy(new Error("aborted"));
    abortSignal.addEventListener("abort", stop, { once: true });
    request.once("close", () => abortSignal.removeEventListener("abort", stop));
    // It may fail after its answer has begun, too: whoever reads that is told.
    request.on("error", reject);
    request.once("response", (response) => {
      // Whoever reads the bytes of an object may take their time, and watches for silence; what is said of a failure is awaited here.
      if (request.method === "GET" && isGood(response)) request.setTimeout(0);
      resolve(response);
    });
    request.once("socket", (socket) => {
      if (!socket.connecting) return;
      const late = setTimeout(() => request.destroy(silence()), connectMs);
      const settled = () => clearTimeout(late);
      socket.once("connect", settled).once("close", settled);
    });
    request.setTimeout(idleMs, () => request.destroy(silence()));
    if (abortSignal.aborted) stop();
    else if (body instanceof Readable) pipeline(body, request, (error) => error && request.destroy(error));
    else request.end(body ?? undefined);
  });
}

/** The connection serves the next request when the answer was read to its end. */
function drained(response: IncomingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    response.once("end", resolve).once("error", reject).resume();
  });
}
