import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { accountPolicy, USUAL_PATIENCE } from "../../../src/infra/http/account-policy.js";
import { DayCount } from "../../../src/infra/http/day-count.js";
import { mannersFor } from "../../../src/infra/http/manners.js";
import { serviceFetch } from "../../../src/infra/http/service-fetch.js";
import { statusFailure } from "../../../src/infra/http/status-failure.js";
import { FakeTime } from "../../fakes/fake-time.js";

const SECRET = "hush-0123456789";
const account = "flickr";

/** A server that answers each request as the next of these does; the last one stays. */
async function illServer(...answers: readonly RequestListener[]) {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    answers[Math.min(asked, answers.length) - 1]?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/x?oauth_token=${SECRET}`, asked: () => asked, server };
}

const ok: RequestListener = (_, response) => response.end('{"stat":"ok"}');
const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(code, headers).end("<html>trouble</html>");
const cut: RequestListener = (_, response) => {
  response.writeHead(200, { "Content-Length": "1000" });
  response.write("half", () => response.destroy());
};
const silent: RequestListener = () => {};
const reset: RequestListener = (request) => request.socket.resetAndDestroy();

function client() {
  const time = new FakeTime();
  const call = { signal: new AbortController().signal };
  const fetch = serviceFetch({ account, userAgent: "photosync/test", time });
  const count = new DayCount({ folder: null, account, zone: "UTC", nowMs: () => time.nowMs() });
  const policy = accountPolicy({
    account,
    manners: mannersFor(account, account, { requests_per_second: 1000 }),
    time,
    random: () => 0.5,
    count,
    patience: USUAL_PATIENCE,
  });
  const ask = (address: string) =>
    policy.run(
      { label: "test", lane: "read", isRepeatable: true },
      async ({ signal }) => {
        const response = await fetch(address, { signal, headers: { Authorization: `Bearer ${SECRET}` } });
        const said = await response.text();
        if (response.ok) return said;
        const { headers } = response;
        throw statusFailure({
          account,
          label: "test",
          status: response.status,
          headers,
          said,
          nowMs: time.nowMs(),
        });
      },
      call,
    );
  return { time, fetch, ask };
}

/** Turns fake time while real requests are under way: a little at once, so that no time-out strikes before an answer had its chance. */
async function turning<T>(time: FakeTime, promise: Promise<T>, stepMs = 500): Promise<T> {
  let settled = false;
  const mark = () => {
    settled = true;
  };
  promise.then(mark, mark);
  while (!settled) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    await time.advance(stepMs);
  }
  return promise;
}

describe("an ill server", () => {
  it.each([
    ["429 with Retry-After", status(429, { "Retry-After": "20" }), 20_000],
    ["429 without", status(429), 4_000],
    ["500", status(500), 0],
    ["503 with a date", status(503, { "Retry-After": "Sat, 21 Nov 2026 12:01:00 GMT" }), 50_000],
    ["a cut body", cut, 0],
    ["a reset", reset, 0],
  ])("that answers with %s is asked again, not too soon", async (_, ill, leastMs) => {
    const { address, asked } = await illServer(ill, ok);
    const { time, ask } = client();
    await expect(turning(time, ask(address), 50)).resolves.toBe('{"stat":"ok"}');
    expect(asked()).toBe(2);
    expect(time.elapsedMs()).toBeGreaterThanOrEqual(leastMs);
  });

  it("that is silent is given up, with nothing secret in the error", async () => {
    const { address } = await illServer(silent);
    const { time, ask } = client();
    const error = await turning(time, ask(address), 5_000).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "flickr.unavailable", kind: "transient" });
    expect(shownOf(error)).not.toContain(SECRET);
  });

  it.each([404, 403, 400, 401])("that answers %i is not asked again", async (code) => {
    const { address, asked } = await illServer(status(code));
    const { ask } = client();
    const error = await ask(address).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: code === 401 ? "auth" : "user" });
    expect(asked()).toBe(1);
    expect(shownOf(error)).not.toContain(SECRET);
  });

  it("that is not there is unavailable", async () => {
    const { address, server } = await illServer(ok);
    await new Promise((resolve) => server.close(resolve));
    const { fetch } = client();
    const error = await fetch(address).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "flickr.unavailable", data: { nothingDone: true } });
    expect(shownOf(error)).not.toContain(SECRET);
  });
});

/** Everything that could reach a screen or a log, the causes included. */
function shownOf(error: unknown): string {
  let text = "";
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    text += `${at.stack}${JSON.stringify(at)}`;
  return text;
}

describe("bodies", () => {
  it("that fall silent end, however long they may be", async () => {
    const { address } = await illServer((_, response) => {
      response.writeHead(200, { "Content-Type": "video/mp4", "Content-Length": "1000" });
      response.write("some");
    });
    const { time, fetch } = client();
    const response = await fetch(address);
    await expect(turning(time, response.arrayBuffer(), 10_000)).rejects.toMatchObject({
      code: "flickr.unavailable",
    });
  });

  it("that are texts and far too long end, and media do not", async () => {
    const long =
      (type: string): RequestListener =>
      (_, response) => {
        response.writeHead(200, { "Content-Type": type });
        response.end("x".repeat(5_000));
      };
    const fetch = serviceFetch({ account, userAgent: "t", time: new FakeTime(), largestTextBytes: 1_000 });
    const text = await illServer(long("application/json"));
    await expect(fetch(text.address).then((response) => response.text())).rejects.toMatchObject({
      code: "flickr.unavailable",
    });
    const media = await illServer(long("image/jpeg"));
    expect((await (await fetch(media.address)).arrayBuffer()).byteLength).toBe(5_000);
  });

  it("stop when the call is aborted", async () => {
    const { address } = await illServer((_, response) => {
      response.writeHead(200, { "Content-Type": "image/jpeg" });
      response.write("some");
    });
    const controller = new AbortController();
    const { fetch } = client();
    const response = await fetch(address, { signal: controller.signal });
    const reading = response.arrayBuffer();
    controller.abort();
    await expect(reading).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("where requests go", () => {
  it("only by https beyond this computer", async () => {
    const { fetch } = client();
    await expect(fetch("http://photos.example/")).rejects.toMatchObject({ code: "http.not-allowed" });
  });

  it("names itself, and takes its credentials to no other host", async () => {
    const seen: (string | undefined)[] = [];
    const other = await illServer((request, response) => {
      seen.push(request.headers.authorization, request.headers["user-agent"]);
      response.end("there");
    });
    const first = await illServer((_, response: ServerResponse) =>
      response.writeHead(302, { Location: other.address }).end(),
    );
    const { fetch } = client();
    const response = await fetch(first.address, { headers: { Authorization: `Bearer ${SECRET}` } });
    expect(await response.text()).toBe("there");
    expect(seen).toEqual([undefined, "photosync/test"]);
  });

  it("not where a redirect leads away from https", async () => {
    const { address } = await illServer((_, response: ServerResponse) =>
      response.writeHead(302, { Location: "http://photos.example/" }).end(),
    );
    await expect(client().fetch(address)).rejects.toMatchObject({ code: "http.not-allowed" });
  });

  it("round in circles only so often, and a write not at all", async () => {
    const { address, asked } = await illServer((_, response: ServerResponse) =>
      response.writeHead(302, { Location: "/again" }).end(),
    );
    await expect(client().fetch(address)).rejects.toMatchObject({ code: "flickr.unavailable" });
    expect(asked()).toBe(6);
    const answer = await client().fetch(address, { method: "POST", body: "x" });
    expect(answer.status).toBe(302);
  });
});
