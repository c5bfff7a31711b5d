import { createServer, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";

/** When a request is looked at: before the service hears of it, once its effect is done, and once its answer has gone out. */
export const MOMENTS = ["arrived", "done", "answered"] as const;
export type Moment = (typeof MOMENTS)[number];

/** Stands between the program and a service, whose address it keeps while services come and go. */
export interface RequestGate {
  readonly origin: string;
  /** Where requests go from now on. */
  lead(origin: string): void;
  /** Told of each moment, with the request's number since `lead`; false lets nothing through any more. */
  onMoment: (moment: Moment, request: number) => boolean;
  close(): Promise<void>;
}

async function whole(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part);
  return Buffer.concat(parts);
}

/** The service's answer to a request, to which nothing is changed but the place it is sent to. */
function forwarded(message: IncomingMessage, body: Buffer, origin: string) {
  const { method = "GET", url = "/", headers } = message;
  return new Promise<{ readonly reply: IncomingMessage; readonly body: Buffer }>((resolve, reject) => {
    const asked = send(new URL(url, origin), { method, headers, agent: false }, (reply) => {
      whole(reply).then((answer) => resolve({ reply, body: answer }), reject);
    });
    asked.once("error", reject);
    asked.end(body);
  });
}

/** Opens a gate on a port of its own; the caller closes it. Small bodies only: each is held whole. */
export async function openGate(): Promise<RequestGate> {
  let target = "";
  let requests = 0;
  const server = createServer((message, response) => {
    const pass = async (): Promise<void> => {
      const body = await whole(message);
      requests += 1;
      const number = requests;
      if (!gate.onMoment("arrived", number)) throw new Error("nothing passes any more");
      const { reply, body: answer } = await forwarded(message, body, target);
      if (!gate.onMoment("done", number)) throw new Error("nothing passes any more");
      response.writeHead(reply.statusCode ?? 500, reply.headers);
      response.end(answer, () => gate.onMoment("answered", number));
    };
    pass().catch(() => message.socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const gate: RequestGate = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lead(origin) {
      target = origin;
      requests = 0;
    },
    onMoment: () => true,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return gate;
}
