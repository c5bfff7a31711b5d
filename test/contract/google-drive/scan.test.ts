import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PhotoService, ScanPage, ScanRequest } from "../../../src/ports/photo-service.js";
import { openGoogleDrive } from "../../../src/services/google-drive/adapter.js";
import { type Access, accessTo, call, codeOf, scanned } from "../../emulators/google/access.js";
import { type Sample, samplePicture, startSample } from "../../emulators/google/sample.js";
import {
  removeDriveFile,
  SHORTCUT_TYPE,
  seedDriveFile,
  seedDriveFolder,
  touchDriveFile,
} from "../../emulators/google/seed.js";

let google: Sample;
let access: Access;
let photos: string;
let drive: PhotoService;
const open = (...folders: readonly string[]): PhotoService =>
  openGoogleDrive({ access, drive: google.endpoints.drive, folders });
beforeEach(async () => {
  google = await startSample();
  access = accessTo(google, "google-drive");
  photos = seedDriveFolder(google.state, google.nowMs(), "Photos").id;
  drive = open("/Photos");
});
afterEach(() => google.close());

const now = () => google.nowMs();
const seed = (name: string, parent = photos, more: object = {}) =>
  seedDriveFile(google.state, now(), { name, bytes: samplePicture(name), parent, ...more });
const folder = (name: string, parent = photos) => seedDriveFolder(google.state, now(), name, parent).id;
const namesIn = (pages: readonly ScanPage[]): readonly string[] =>
  pages
    .flatMap((page) => (page.kind === "instances" ? page.seen.map(({ filename }) => filename) : []))
    .toSorted();
const endOf = (pages: readonly ScanPage[]) => {
  const last = pages.at(-1);
  if (last?.kind !== "end") throw new Error("the scan was cut off");
  return last;
};
const scan = (request: ScanRequest = {}, from = drive) => scanned(from.scan(request, call));

describe("a whole scan", () => {
  test("of an empty folder is whole and has a cursor", async () => {
    const [end, ...rest] = await scan();
    expect(rest).toEqual([]);
    expect(end).toEqual({
      kind: "end",
      isWhole: true,
      gone: [],
      cursor: expect.stringMatching(/^1 \w+ \d+$/),
    });
  });

  test("finds pictures and videos in all folders below, and nothing else", async () => {
    const deep = folder("b", folder("a"));
    seed("top.jpg");
    seed("deep.jpg", deep);
    seed("raw.CR2", deep, { mimeType: "application/octet-stream" });
    seed("notes.bin", deep, { mimeType: "application/octet-stream" });
    seed("letter", deep, {
      bytes: undefined,
      content: undefined,
      mimeType: "application/vnd.google-apps.document",
    });
    seed("trashed.jpg", deep, { trashed: true });
    seed("elsewhere.jpg", folder("Other", undefined));
    seedDriveFile(google.state, now(), { name: "root.jpg", bytes: samplePicture("r") });
    seedDriveFile(google.state, now(), {
      name: "link",
      mimeType: SHORTCUT_TYPE,
      shortcutTarget: "x",
      parent: deep,
    });
    const pages = await scan();
    expect(namesIn(pages)).toEqual(["deep.jpg", "elsewhere.jpg", "raw.CR2", "top.jpg"]);
    expect(pages.filter(({ kind }) => kind === "note").length).toBe(1);
    expect(namesIn(await scan({}, open("/")))).toContain("root.jpg");
  });

  test("asks as few times as pages and depth allow", async () => {
    for (let n = 0; n < 25; n += 1) seed(`${n}.jpg`, folder(`f${n}`));
    google.log.clear();
    expect(namesIn(await scan()).length).toBe(25);
    // The root, the folder by its name, a token, Photos, and its 25 folders in one query.
    expect(google.log.entries.length).toBe(5);
  });

  test("goes over ragged pages, and tells nothing twice", async () => {
    google.settings.hasRaggedPages = true;
    const names = Array.from({ length: 60 }, (_, n) => `${n}.jpg`);
    for (const name of names) seed(name);
    expect(namesIn(await scan())).toEqual(names.toSorted());
  });

  test("goes on after faults", async () => {
    seed("a.jpg");
    google.faults.add({ matching: /files\?/, nth: 1, fault: { kind: "status", status: 403 } });
    google.faults.add({ matching: /files\?/, nth: 1, fault: { kind: "status", status: 500 } });
    google.faults.add({ matching: /startPageToken/, nth: 1, fault: { kind: "reset" } });
    google.faults.add({ matching: /files\?/, nth: 3, fault: { kind: "cut-body" } });
    expect(namesIn(await scan())).toEqual(["a.jpg"]);
  });

  test("that is limited or since a day gives no cursor and is not whole", async () => {
    seed("old.jpg", photos, { createdMs: now() - 48 * 3_600_000 });
    seed("new.jpg", folder("sub"));
    const since = await scan({ since: new Date(now() - 3_600_000).toISOString() });
    expect(namesIn(since)).toEqual(["new.jpg"]);
    expect(endOf(since)).toEqual({ kind: "end", isWhole: false, gone: [] });
    const limited = await scan({ limit: 1 });
    expect([namesIn(limited).length, endOf(limited).cursor]).toEqual([1, undefined]);
  });

  test("with a folder missing reads the others, tells, and moves no cursor", async () => {
    seed("a.jpg");
    const pages = await scan({}, open("/Photos", "/Nowhere"));
    expect(namesIn(pages)).toEqual(["a.jpg"]);
    expect(pages.some((page) => page.kind === "problem" && page.subject === "/Nowhere")).toBe(true);
    expect(endOf(pages)).toEqual({ kind: "end", isWhole: false, gone: [] });
  });

  test("takes folders by address, id and path; two of one name are no path", async () => {
    seed("a.jpg", folder("It's"));
    for (const named of [
      photos,
      `https://drive.google.com/drive/u/0/folders/${photos}?usp=sharing`,
      "/Photos/It's",
    ]) {
      expect(namesIn(await scan({}, open(named)))).toEqual(["a.jpg"]);
    }
    folder("It's");
    const [first] = await scan({}, open("/Photos/It's"));
    expect(first).toMatchObject({ kind: "problem", error: { code: "google-drive.folder-ambiguous" } });
    expect(await codeOf(scan({}, open()))).toBe("google-drive.no-folders");
  });
});

describe("a scan from a cursor", () => {
  const cursor = async () => ({ cursor: endOf(await scan()).cursor ?? "" });

  test("asks for changes alone, and finds none", async () => {
    for (let n = 0; n < 5; n += 1) seed(`${n}.jpg`);
    const request = await cursor();
    google.log.clear();
    const pages = await scan(request);
    expect(pages).toEqual([{ kind: "end", isWhole: false, gone: [], cursor: request.cursor }]);
    expect(google.log.entries.length).toBe(3);
  });

  test("tells what is new, changed, trashed, deleted and moved away", async () => {
    const other = folder("Other", undefined);
    const [changed, trashed, deleted, moved] = ["c.jpg", "t.jpg", "d.jpg", "m.jpg"].map((name) => seed(name));
    const outside = seed("outside.jpg", seedDriveFolder(google.state, now(), "Outside").id);
    const request = await cursor();
    if (!changed || !trashed || !deleted || !moved) throw new Error("not seeded");
    touchDriveFile(google.state, now(), changed.id, (file) => {
      file.description = "words";
    });
    touchDriveFile(google.state, now(), trashed.id, (file) => {
      file.trashed = true;
    });
    touchDriveFile(google.state, now(), moved.id, (file) => {
      file.parents = [outside.parents[0] ?? ""];
    });
    removeDriveFile(google.state, now(), deleted.id);
    touchDriveFile(google.state, now(), outside.id, (file) => {
      file.description = "not ours";
    });
    seed("new.jpg", other);
    const pages = await scan(request);
    expect(namesIn(pages)).toEqual(["c.jpg", "new.jpg"]);
    const { gone, cursor: next } = endOf(pages);
    expect(gone.toSorted()).toEqual([trashed.id, deleted.id, moved.id, outside.id].toSorted());
    expect(namesIn(await scan({ cursor: next ?? "" }))).toEqual([]);
  });

  test("takes nothing for gone where Drive did not look in all of its folders", async () => {
    const file = seed("deep.jpg", folder("Deep"));
    const request = await cursor();
    touchDriveFile(google.state, now(), file.id, (changed) => {
      changed.description = "words";
    });
    const cutShort: Access = {
      ...access,
      fetch: async (input, init) => {
        const answer = await access.fetch(input, init);
        const { searchParams } = new URL(input instanceof Request ? input.url : input);
        if (searchParams.get("q")?.includes(" in parents") !== false) return answer;
        return Response.json({ files: [], incompleteSearch: true });
      },
    };
    const from = openGoogleDrive({ access: cutShort, drive: google.endpoints.drive, folders: ["/Photos"] });
    const pages = await scan(request, from);
    expect(namesIn(pages)).toEqual(["deep.jpg"]);
    expect(endOf(pages).gone).toEqual([]);
  });

  test("lists everything where a folder moved in with files that did not change", async () => {
    const away = seedDriveFolder(google.state, now(), "Away").id;
    seed("inside.jpg", away);
    const request = await cursor();
    touchDriveFile(google.state, now(), away, (file) => {
      file.parents = [photos];
    });
    const pages = await scan(request);
    expect(namesIn(pages)).toEqual(["inside.jpg"]);
    expect(endOf(pages)).toMatchObject({ isWhole: true, cursor: expect.any(String) });
  });

  test.each([
    ["a token that Drive does not take", (good: string) => good.replace(/\d+$/, "999999")],
    ["another set of folders", (good: string) => good.replace(/ \w+ /, " 0000000000000000 ")],
    ["words that mean nothing", () => "x"],
  ])("lists everything for %s", async (_, change) => {
    seed("a.jpg");
    const { cursor: good } = await cursor();
    const pages = await scan({ cursor: change(good) });
    expect(namesIn(pages)).toEqual(["a.jpg"]);
    expect(endOf(pages)).toMatchObject({ isWhole: true, cursor: good });
  });

  test("misses nothing that changes while it lists", async () => {
    seed("a.jpg");
    const pages: ScanPage[] = [];
    for await (const page of drive.scan({}, call)) {
      if (page.kind === "instances") seed("meanwhile.jpg");
      pages.push(page);
    }
    expect(namesIn(await scan({ cursor: endOf(pages).cursor ?? "" }))).toEqual(["meanwhile.jpg"]);
  });
});
