import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { randomFrom } from "../../faults/seeded.js";
import { type EmulatorClock, wallClock } from "./clock.js";
import { faultReply } from "./fault-replies.js";
import { type Fault, Faults } from "./faults.js";
import type { Reply, World } from "./reply.js";
import { type LoggedRequest, noteBody, RequestLog } from "./request-log.js";
import { answer } from "./routes.js";
import { defaultSettings, type GoogleSettings } from "./settings.js";
import { emptyState, type GoogleState } from "./state.js";

/** Where the emulated hosts are; the names are those of a service's `endpoints` in the configuration. */
export interface GoogleEndpoints {
  readonly library: string;
  readonly picker: string;
  readonly drive: string;
  readonly auth: string;
  readonly token: string;
  readonly revoke: string;
  readonly userinfo: string;
}

export interface GoogleEmulator {
  readonly endpoints: GoogleEndpoints;
  readonly state: GoogleState;
  readonly settings: GoogleSettings;
  readonly faults: Faults;
  readonly log: RequestLog;
  /** The emulator's time now, in milliseconds since 1970. */
  nowMs(): number;
  /** Breaks all connections and frees the port. */
  close(): Promise<void>;
}

export interface GoogleEmulatorOptions {
  /** The computer's clock unless given. */
  readonly clock?: EmulatorClock;
  /** Settles ids and chances; 1 unless given. */
  readonly seed?: number;
  /** Any free one unless given. */
  readonly port?: number;
  readonly settings?: Partial<GoogleSettings>;
}

/** The request's bytes as they come, counted; a fault may break them off. */
async function* bodyOf(
  message: IncomingMessage,
  entry: LoggedRequest,
  cutAfter: number,
): AsyncGenerator<Uint8Array> {
  const parts: Uint8Array[] = [];
  const isJson = message.headers["content-type"]?.startsWith("application/json") === true;
  for await (const chunk of message) {
    const bytes: Uint8Array = chunk;
    const room = cutAfter - entry.bodyBytes;
    const part = bytes.subarray(0, room);
    entry.bodyBytes += part.length;
    if (isJson && entry.bodyBytes <= 1024 * 1024) parts.push(part);
    if (part.length > 0) yield part;
    if (bytes.length > room || entry.bodyBytes >= cutAfter) {
      message.socket.destroy();
      throw new Error("the request's body was made to break off");
    }
  }
  if (isJson) noteBody(entry, Buffer.concat(parts));
}

/** Resolves when more can be written, or nothing ever can. */
function roomIn(response: ServerResponse): Promise<void> {
  return new Promise((go) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      go();
    };
    response.on("drain", done).on("close", done);
  });
}

async function send(
  response: ServerResponse,
  reply: Reply,
  entry: LoggedRequest,
  isHead: boolean,
  fault?: Fault,
): Promise<void> {
  const { body = "" } = reply;
  const isStream = typeof body === "object" && "stream" in body;
  const whole = isStream ? null : Buffer.from(body);
  const sizeBytes = isStream ? body.sizeBytes : (whole?.length ?? 0);
  response.writeHead(reply.status, { ...reply.headers, "content-length": String(sizeBytes) });
  entry.status = reply.status;
  const most = fault?.kind === "cut-body" ? Math.floor(sizeBytes / 2) : sizeBytes;
  let sent = 0;
  if (!isHead) {
    for await (const part of isStream ? body.stream : [whole ?? Buffer.alloc(0)]) {
      if (response.destroyed || sent >= most) break;
      const piece = part.subarray(0, most - sent);
      sent += piece.length;
      if (!response.write(piece)) await roomIn(response);
    }
  }
  entry.replyBytes = sent;
  if (fault?.kind === "cut-body")
    await new Promise((go) => response.write("", go)).then(() => response.destroy());
  else response.end();
}

async function handle(
  message: IncomingMessage,
  response: ServerResponse,
  world: World,
  log: RequestLog,
  faults: Faults,
): Promise<void> {
  const url = new URL(message.url ?? "/", world.origin);
  const method = message.method ?? "GET";
  const entry = log.begin(method, url, message.headers, world.clock.nowMs());
  const fault = faults.next(`${method} ${url.pathname}${url.search}`);
  if (fault !== undefined) entry.fault = fault.kind === "status" ? `status ${fault.status}` : fault.kind;
  if (fault?.kind === "stall") return;
  if (fault?.kind === "reset") {
    message.socket.destroy();
    return;
  }
  const cutAfter = fault?.kind === "cut-request" ? fault.afterBytes : Number.POSITIVE_INFINITY;
  const body = bodyOf(message, entry, cutAfter);
  const instead = fault === undefined ? null : faultReply(fault, url.pathname);
  let reply: Reply;
  try {
    const request = { method, path: url.pathname, query: url.searchParams, headers: message.headers, body };
    reply = instead ?? (await answer(request, world));
    // What a handler did not read is read to its end, so that the client gets to hear the answer.
    for await (const _ of body);
  } catch (error) {
    if (cutAfter !== Number.POSITIVE_INFINITY || message.destroyed) return;
    response.writeHead(500).end(String(error));
    throw error;
  }
  if (fault?.kind === "drop-reply") {
    message.socket.destroy();
    return;
  }
  await send(response, reply, entry, method === "HEAD", fault);
}

/** Starts an emulated Google on the loopback interface. It knows no accounts and no clients until the state is given some. */
export async function startGoogleEmulator(options: GoogleEmulatorOptions = {}): Promise<GoogleEmulator> {
  const { clock = wallClock, seed = 1, port = 0 } = options;
  const state = emptyState(seed);
  const settings = { ...defaultSettings(), ...options.settings };
  const random = randomFrom(seed);
  const faults = new Faults(random);
  const log = new RequestLog();
  const defects: unknown[] = [];
  let world: World | undefined;
  const server = createServer((message, response) => {
    if (world === undefined) return;
    handle(message, response, world, log, faults).catch((error: unknown) => defects.push(error));
  });
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  const { port: bound } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${bound}`;
  world = { state, clock, settings, random, origin, writing: new Set(), uploads: new Map() };
  return {
    endpoints: {
      library: `${origin}/photoslibrary`,
      picker: `${origin}/photospicker`,
      drive: `${origin}/drive/v3`,
      auth: `${origin}/o/oauth2/v2/auth`,
      token: `${origin}/token`,
      revoke: `${origin}/revoke`,
      userinfo: `${origin}/v1/userinfo`,
    },
    state,
    settings,
    faults,
    log,
    nowMs: () => clock.nowMs(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      if (defects.length > 0) throw new AggregateError(defects, "the emulator failed while it answered");
    },
  };
}
