import { assemble, type Emulation, type EmulatorSettings } from "./assemble.js";
import { between } from "./http/between.js";
import type { Handler } from "./http/handle.js";
import type { Ending, Reply } from "./http/wire.js";
import { realAddresses } from "./machine/address.js";

/** An emulated Flickr behind a `fetch` of its own, under the real addresses. */
export interface InProcessFlickr extends Emulation {
  /** As the global one, without a socket: everything goes to this Flickr. Bodies are held in memory. */
  readonly fetch: typeof fetch;
}

/** As Node's own `fetch` fails when the other side hangs up. */
const hungUp = (message: string): TypeError =>
  new TypeError(message, {
    cause: Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }),
  });

const sizeOf = (reply: Reply): number =>
  reply.body instanceof Uint8Array ? reply.body.length : reply.body.sizeBytes;

async function* bytesOf(reply: Reply): AsyncIterable<Uint8Array> {
  if (reply.body instanceof Uint8Array) yield reply.body;
  else yield* reply.body.open();
}

/** Half of a body and then what a broken connection gives. */
async function* broken(reply: Reply): AsyncIterable<Uint8Array> {
  yield* between(bytesOf(reply), 0, Math.floor(sizeOf(reply) / 2));
  throw hungUp("terminated");
}

const streamed = (bytes: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> => {
  const iterator = bytes[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
};

function responseOf(ending: Ending, url: string, isHead: boolean): Response {
  if (ending.kind !== "reply" && ending.kind !== "cut") throw hungUp("fetch failed");
  const { reply } = ending;
  const hasBody = !isHead && sizeOf(reply) > 0;
  const body = streamed(ending.kind === "cut" ? broken(reply) : bytesOf(reply));
  const headers = { "content-length": String(sizeOf(reply)), ...reply.headers };
  const response = new Response(hasBody ? body : null, { status: reply.status, headers });
  Object.defineProperty(response, "url", { value: url });
  return response;
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

async function exchanged(handler: Handler, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const body = new Uint8Array(await request.arrayBuffer());
  const ending = await handler.handle({
    method: request.method,
    origin: url.origin,
    path: url.pathname,
    query: url.search.slice(1),
    headers: { ...Object.fromEntries(request.headers), "content-length": String(body.length) },
    body: streamed(bytesOf({ status: 0, headers: {}, body })),
  });
  if (ending.kind === "stall") return aborted(request.signal);
  return responseOf(ending, request.url, request.method === "HEAD");
}

const MOST_REDIRECTS = 20;

/** A Flickr for tests that make thousands of them: no socket, no port, nothing to close. */
export function inProcessFlickr(settings: EmulatorSettings): InProcessFlickr {
  const { emulation, handler } = assemble(settings, realAddresses);
  const answered: typeof fetch = async (input, init) => {
    let request = new Request(input, init);
    for (let turn = 0; turn <= MOST_REDIRECTS; turn += 1) {
      request.signal.throwIfAborted();
      const response = await Promise.race([exchanged(handler, request), aborted(request.signal)]);
      const location = response.headers.get("location");
      if (location === null || request.redirect === "manual") return response;
      if (request.redirect === "error") throw new TypeError("fetch failed");
      const { headers, signal } = request;
      request = new Request(new URL(location, request.url), { headers, signal });
    }
    throw new TypeError("fetch failed");
  };
  return { ...emulation, fetch: answered };
}
