import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { QuestionPicture } from "../../../../src/domain/settling/decision.js";
import { photoIdOf, sha256Of } from "../../../../src/infra/hash.js";
import { Viewer, viewerProgram } from "../../../../src/ui/pictures/viewer.js";

const call = { signal: new AbortController().signal };
const BYTES = Buffer.from("a picture");
const HASH = sha256Of(BYTES);
const picture = (facts: Partial<QuestionPicture> = {}): QuestionPicture => ({
  hash: HASH,
  photo_id: photoIdOf(HASH),
  filename: "IMG_1.JPG",
  mime_type: "image/jpeg",
  bytes: BYTES.length,
  holders: ["holiday"],
  ...facts,
});

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "photosync-viewer-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function viewer({ isThere = true, starts = true, env = { DISPLAY: ":0" } as Record<string, string> } = {}) {
  const started: (readonly string[])[] = [];
  const settings = {
    env,
    platform: "linux" as const,
    bytes: { read: () => Promise.resolve(isThere ? BYTES : null) },
    temporaryFolder: folder,
    start: (command: readonly string[]) => Promise.resolve(started.push(command) > 0 && starts),
  };
  return { started, viewer: new Viewer(settings) };
}

describe("viewerProgram", () => {
  it("is each system's own, and none where there is no screen", () => {
    expect(viewerProgram("/a b.jpg", { env: {}, platform: "darwin" })).toEqual(["open", "/a b.jpg"]);
    expect(viewerProgram("C:\\a&b.jpg", { env: {}, platform: "win32" })?.at(-1)).toBe("C:\\a&b.jpg");
    const wayland = { env: { WAYLAND_DISPLAY: "wayland-0" }, platform: "linux" } as const;
    expect(viewerProgram("/a.jpg", wayland)).toEqual(["xdg-open", "/a.jpg"]);
    expect(viewerProgram("/a.jpg", { env: {}, platform: "linux" })).toBeNull();
  });
});

describe("Viewer", () => {
  it("opens a copy of the bytes under the picture's name, made once, and removes it in the end", async () => {
    const { started, viewer: opened } = viewer();
    expect(await opened.open(picture(), call)).toBeNull();
    expect(await opened.open(picture(), call)).toBeNull();
    expect(started).toHaveLength(2);
    expect(started[0]).toEqual(started[1]);
    const path = started[0]?.[1] ?? "";
    expect(basename(path)).toBe("IMG_1.jpg");
    expect(await readFile(path)).toEqual(BYTES);
    await opened.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ["../../etc/passwd.jpg", "image/jpeg", "_.._etc_passwd.jpg"],
    ["-rf.png", "image/png", "rf.png"],
    ["été à la mer.nef", "image/x-nikon-nef", "été à la mer.nef"],
    ["a\u001b[2J\n.x y", "application/octet-stream", "a__2J_.bin"],
    ["", "image/jpeg", "picture.jpg"],
  ])("gives the copy of %j a harmless name", async (filename, mime_type, expected) => {
    const { started, viewer: opened } = viewer();
    await opened.open(picture({ filename, mime_type }), call);
    expect(basename(started[0]?.[1] ?? "")).toBe(expected);
    expect(started[0]?.[1]?.startsWith(join(folder, "photosync-pictures-"))).toBe(true);
  });

  it("says why it opens nothing: no screen, no bytes, no program", async () => {
    const [blind, empty, bare] = [viewer({ env: {} }), viewer({ isThere: false }), viewer({ starts: false })];
    expect(await blind.viewer.open(picture(), call)).toMatch(/screen/);
    expect(await empty.viewer.open(picture(), call)).toMatch(/bytes/);
    expect(await bare.viewer.open(picture(), call)).toMatch(/xdg-open/);
    expect(empty.started).toEqual([]);
    // Bytes that were not there may be there the next time; nothing is left behind by having none.
    expect(await readdir(folder)).toHaveLength(1);
    for (const each of [blind, empty, bare]) await each.viewer.close();
    expect(await readdir(folder)).toEqual([]);
  });
});
