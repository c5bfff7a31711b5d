import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { pipeline, Readable } from "node:stream";
import { between } from "./between.js";
import type { Handler } from "./handle.js";
import type { Ending, Reply, WireRequest } from "./wire.js";

/** A server on 127.0.0.1. */
export interface LocalServer {
  readonly origin: string;
  /** Answers requests from now on. */
  serve(handler: Handler): void;
  /** Ends every connection, those that stall too. */
  close(): Promise<void>;
}

function wireRequest(request: IncomingMessage): WireRequest {
  const target = request.url ?? "/";
  const at = target.indexOf("?");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    method: request.method ?? "GET",
    origin: `http://${headers["host"] ?? ""}`,
    path: at < 0 ? target : target.slice(0, at),
    query: at < 0 ? "" : target.slice(at + 1),
    headers,
    body: request,
  };
}

const sizeOf = (reply: Reply): number =>
  reply.body instanceof Uint8Array ? reply.body.length : reply.body.sizeBytes;

const bytesOf = (reply: Reply): Readable =>
  Readable.from(reply.body instanceof Uint8Array ? [reply.body] : reply.body.open());

/** Sends what was decided. A break is a plain end of the connection, in the middle of what was announced. */
async function send(
  ending: Ending,
  socket: Socket,
  isHead: boolean,
  response: ServerResponse,
): Promise<void> {
  if (ending.kind === "stall") return;
  if (ending.kind === "reset") {
    socket.destroy();
    return;
  }
  const { reply } = ending;
  response.writeHead(reply.status, { "content-length": sizeOf(reply), ...reply.headers });
  if (isHead) {
    response.end();
    return;
  }
  if (ending.kind === "reply") {
    pipeline(bytesOf(reply), response, () => undefined);
    return;
  }
  for await (const chunk of between(bytesOf(reply), 0, Math.floor(sizeOf(reply) / 2))) {
    await new Promise<void>((resolve) => response.write(chunk, () => resolve()));
  }
  socket.destroySoon();
}

/** Listens on 127.0.0.1; port 0 for any that is free. */
export async function startLocalServer(port: number): Promise<LocalServer> {
  let handler: Handler | null = null;
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    // Kept from the start: a request that was read to its end no longer knows its connection.
    const { socket } = request;
    if (handler === null) socket.destroy();
    handler
      ?.handle(wireRequest(request))
      .then((ending) => send(ending, socket, request.method === "HEAD", response))
      .catch(() => socket.destroy());
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (given) => {
      handler = given;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
