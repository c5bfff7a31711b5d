import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { madeUpContent } from "../../emulators/google/content.js";
import { finishPicking } from "../../emulators/google/picker.js";
import { type Sample, sampleFilm, samplePicture, startSample } from "../../emulators/google/sample.js";
import { seedItem } from "../../emulators/google/seed.js";
import { GRANULARITY } from "../../emulators/google/uploads.js";

let google: Sample;
beforeEach(async () => {
  google = await startSample();
});
afterEach(() => google.close());

const HOUR_MS = 3_600_000;

async function baseUrl(id: string): Promise<string> {
  const response = await google.send("GET", `${google.endpoints.library}/v1/mediaItems/${id}`);
  return ((await response.json()) as { baseUrl: string }).baseUrl;
}

describe("base URLs", () => {
  test("need no token, give other bytes than were uploaded, and end after an hour", async () => {
    const bytes = samplePicture("x");
    const url = await baseUrl(seedItem(google.state, google.nowMs(), { bytes }).id);
    const given = await fetch(`${url}=d`);
    expect(given.headers.get("content-type")).toBe("image/jpeg");
    expect(Buffer.from(await given.arrayBuffer()).equals(bytes)).toBe(false);
    expect((await fetch(`${url}=dv`)).status).toBe(404);
    google.clock.advance(HOUR_MS);
    expect((await fetch(`${url}=d`)).status).toBe(403);
  });

  test("give a film only as a transcode, and once it is ready", async () => {
    const content = madeUpContent(300_000, sampleFilm("x"));
    const film = seedItem(google.state, google.nowMs(), {
      content,
      video: { fps: 30, status: "PROCESSING" },
    });
    const url = await baseUrl(film.id);
    expect((await fetch(`${url}=dv`)).status).toBe(404);
    film.video = { fps: 30, status: "READY" };
    const head = await fetch(`${url}=dv`, { method: "HEAD" });
    expect([head.headers.get("content-type"), head.headers.get("content-length")]).toEqual([
      "video/mp4",
      "300000",
    ]);
    expect((await (await fetch(`${url}=dv`)).arrayBuffer()).byteLength).toBe(300_000);
    expect((await fetch(`${url}=d`)).headers.get("content-type")).toBe("image/jpeg");
  });
});

describe("resumable uploads", () => {
  const film = madeUpContent(3 * GRANULARITY + 100, sampleFilm("up"));
  const wholeOf = async (): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    for await (const part of film.stream()) parts.push(part);
    return Buffer.concat(parts);
  };
  const begin = async (): Promise<string> => {
    const response = await google.send("POST", `${google.endpoints.library}/v1/uploads`, undefined, {
      "x-goog-upload-protocol": "resumable",
      "x-goog-upload-command": "start",
      "x-goog-upload-content-type": "video/mp4",
      "x-goog-upload-raw-size": String(film.sizeBytes),
    });
    expect(response.headers.get("x-goog-upload-chunk-granularity")).toBe(String(GRANULARITY));
    return response.headers.get("x-goog-upload-url") ?? "";
  };
  const command = (url: string, name: string, offset: number, bytes?: Uint8Array) =>
    google.send("POST", url, bytes, {
      "x-goog-upload-command": name,
      "x-goog-upload-offset": String(offset),
    });

  test("take chunks at their offsets and give the token with the last", async () => {
    const bytes = await wholeOf();
    const url = await begin();
    expect((await command(url, "upload", 0, bytes.subarray(0, 100))).status).toBe(400);
    const again = await begin();
    expect((await command(again, "upload", 0, bytes.subarray(0, GRANULARITY))).status).toBe(200);
    expect((await command(again, "upload", 5, bytes.subarray(5))).status).toBe(400);
    const last = await command(again, "upload, finalize", GRANULARITY, bytes.subarray(GRANULARITY));
    expect(last.headers.get("x-goog-upload-status")).toBe("final");
    expect(google.state.uploadTokens.get(await last.text())?.content.sha256).toBe(film.sha256);
    expect((await command(again, "upload, finalize", film.sizeBytes, Buffer.alloc(1))).status).toBe(400);
  });

  test("keep what came whole before a break, and tell how much", async () => {
    const bytes = await wholeOf();
    const url = await begin();
    const cut = 2 * GRANULARITY + 50_000;
    google.faults.add({
      matching: /POST .*\/uploads\//,
      fault: { kind: "cut-request", afterBytes: cut },
      nth: 1,
    });
    await expect(command(url, "upload, finalize", 0, bytes)).rejects.toThrow();
    const asked = await command(url, "query", 0);
    const received = Number(asked.headers.get("x-goog-upload-size-received"));
    expect(asked.headers.get("x-goog-upload-status")).toBe("active");
    expect([received % GRANULARITY, received <= cut]).toEqual([0, true]);
    const token = await (await command(url, "upload, finalize", received, bytes.subarray(received))).text();
    expect(google.state.uploadTokens.get(token)?.content.sha256).toBe(film.sha256);
  });

  test("do not give the token again when its reply was lost, and can be called off", async () => {
    const bytes = await wholeOf();
    const url = await begin();
    google.faults.add({ matching: /POST .*\/uploads\//, fault: { kind: "drop-reply" }, nth: 1 });
    await expect(command(url, "upload, finalize", 0, bytes)).rejects.toThrow();
    const asked = await command(url, "query", 0);
    expect([asked.headers.get("x-goog-upload-status"), await asked.text()]).toEqual(["final", ""]);
    const other = await begin();
    expect((await command(other, "cancel", 0)).headers.get("x-goog-upload-status")).toBe("cancelled");
  });
});

describe("the Picker", () => {
  const picker = async (method: string, path: string, body?: unknown) => {
    const response = await google.send(method, `${google.endpoints.picker}/v1/${path}`, body);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  test("waits for the owner's choice and then lists it with numbers for sizes", async () => {
    const item = seedItem(google.state, google.nowMs(), { bytes: samplePicture("x"), clientId: null });
    const { body: session } = await picker("POST", "sessions", { pickingConfig: { maxItemCount: "50" } });
    expect(session).toMatchObject({ pollingConfig: { pollInterval: "5s", timeoutIn: "1800s" } });
    expect(session).not.toHaveProperty("mediaItemsSet");
    const early = await picker("GET", `mediaItems?sessionId=${session["id"]}`);
    expect(early.body).toMatchObject({ error: { code: 400, status: "FAILED_PRECONDITION" } });
    await picker("GET", `sessions/${session["id"]}`);
    expect(google.state.sessions.get(String(session["id"]))?.earlyPolls).toBe(1);
    finishPicking(google.state, String(session["id"]), [item.id]);
    const { body: done } = await picker("GET", `sessions/${session["id"]}`);
    expect([done["mediaItemsSet"], done["pollingConfig"]]).toEqual([true, undefined]);
    const { body } = await picker("GET", `mediaItems?sessionId=${session["id"]}`);
    const [first] = body["mediaItems"] as {
      id: string;
      mediaFile: { baseUrl: string; mediaFileMetadata: object };
    }[];
    expect([first?.id, first?.mediaFile.mediaFileMetadata]).toEqual([item.id, { width: 40, height: 30 }]);
    const url = `${first?.mediaFile.baseUrl}=d`;
    expect((await fetch(url)).status).toBe(403);
    expect((await google.send("GET", url)).status).toBe(200);
    expect((await picker("DELETE", `sessions/${session["id"]}`)).body).toEqual({});
    expect((await google.send("GET", url)).status).toBe(403);
  });

  test("bounds open sessions and the number of photos", async () => {
    google.settings.openSessions = 1;
    expect((await picker("POST", "sessions", { pickingConfig: { maxItemCount: "2001" } })).status).toBe(400);
    expect((await picker("POST", "sessions", {})).status).toBe(200);
    expect((await picker("POST", "sessions", {})).body).toMatchObject({
      error: { status: "RESOURCE_EXHAUSTED" },
    });
  });
});

test("the log tells a person what was asked, without tokens and addresses of bytes", async () => {
  const url = await baseUrl(seedItem(google.state, google.nowMs(), { bytes: samplePicture("x") }).id);
  await fetch(`${url}=d`);
  google.faults.add({
    matching: /mediaItems/,
    fault: { kind: "status", status: 429, limit: "day", retryAfter: "30" },
  });
  const refused = await google.send("GET", `${google.endpoints.library}/v1/mediaItems`);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
  const log = google.log.text();
  expect(log).toContain("200 GET /lr/***");
  expect(log).toContain("[status 429]");
  expect(log).not.toContain(google.token);
  expect(log).not.toContain(url.split("/").at(-1));
});
