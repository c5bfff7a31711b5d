import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PhotosyncError } from "../../domain/errors.js";
import { withDeadline } from "../../infra/http/attempt.js";
import type { Time } from "../../infra/http/time.js";
import type { Call } from "../../ports/call.js";

/** How long a person has to read, choose an account and agree. */
const LONGEST_WAIT_MS = 10 * 60_000;

/** Where a browser comes back to after its owner has agreed or refused. */
export interface Loopback {
  readonly address: string;
  /**
   * The parameters that came back, once they are those that `isOurs` knows; others (a page that guesses the port) are turned away.
   * Throws `<account>.sign-in-timed-out` (auth) and `cancelled`.
   */
  arrived(isOurs: (parameters: URLSearchParams) => boolean, call: Call): Promise<URLSearchParams>;
  close(): Promise<void>;
}

const PATH = "/photosync";

const page = (title: string, text: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>photosync</title><body style="font-family:sans-serif;margin:4em"><h1>${title}</h1><p>${text}</p></body></html>\n`;
const DONE = page("Thank you", "photosync goes on in the terminal. You can close this window.");
const NOT_OURS = page(
  "Not expected",
  "photosync did not ask for this. Go back to the terminal and start again.",
);

/**
 * Listens on a free port of 127.0.0.1 for one browser to come back (RFC 8252, 7.3). Only this computer can reach it, and only under that
 * very name: a page elsewhere that has a name pointing here gets nothing.
 */
export async function openLoopback(account: string, time: Time): Promise<Loopback> {
  let take: (parameters: URLSearchParams) => boolean = () => false;
  const server = createServer((request, response) => answer(request, response, (found) => take(found)));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${PATH}`,
    arrived: (isOurs, call) =>
      withDeadline(
        () =>
          new Promise((resolve) => {
            take = (parameters) => {
              if (!isOurs(parameters)) return false;
              resolve(parameters);
              return true;
            };
          }),
        { ms: LONGEST_WAIT_MS, error: () => timedOut(account) },
        time,
        call,
      ),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  take: (parameters: URLSearchParams) => boolean,
): void {
  const { port } = request.socket.address() as AddressInfo;
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const isHere = request.headers.host === `127.0.0.1:${port}`;
  const isRight = isHere && request.method === "GET" && url.pathname === PATH;
  const status = isRight ? (take(url.searchParams) ? 200 : 400) : 404;
  response.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    Connection: "close",
  });
  response.end(status === 200 ? DONE : NOT_OURS);
}

const timedOut = (account: string): PhotosyncError =>
  new PhotosyncError({
    kind: "auth",
    code: `${account}.sign-in-timed-out`,
    message: `Nobody agreed to the sign-in within ${LONGEST_WAIT_MS / 60_000} minutes.`,
    next: [
      `Try again: photosync connect ${account}`,
      `If the browser showed an error, or runs on another computer: photosync connect ${account} --paste`,
    ],
  });
