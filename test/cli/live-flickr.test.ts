import { expect, test } from "vitest";
import { PASSING_FAULTS } from "../emulators/flickr/http/faults.js";
import { addAccessToken, addAccount, addPhoto, addSet } from "../emulators/flickr/machine/seeding.js";
import { liveFlickr, liveLibrary } from "./live-account.js";
import { photosync, start } from "./run-program.js";

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("it is not there");
  return value;
}

const NOTHING = { new: 0, updated: 0, failed: 0, gone: 0 };

test("a Flickr account is read whole, then only for what changed", async () => {
  const flickr = await liveFlickr();
  const sea = flickr.add("Sea", { isPublic: true, tags: ["Open Sea"], description: "Early." });
  flickr.add("Passport");
  flickr.add("Band", { isFriend: true });
  addSet(flickr.emulator.machine, {
    owner: flickr.signedIn.account.nsid,
    title: "Coast",
    photoIds: [sea.id],
  });
  const { library } = await liveLibrary({ flickr });

  const planned = await library.run("discover", "--dry-run");
  const first = await library.run("discover");
  expect(first).toMatchObject({
    exit: 0,
    counts: { seen: 3, new: 3, updated: 0, unchanged: 0, duplicates: 0, skipped: 0, failed: 0, gone: 0 },
    accounts: [{ service: "flickr", seen: 3, downloaded: 3, whole: true }],
  });
  expect(planned.plan).toEqual(first.plan);
  const { document } = library.photo(`${sea.id}.jpg`);
  expect(document).toMatchObject({
    canonical_source: `flickr:${sea.id}`,
    metadata: { title: "Sea", caption: "Early.", tags: ["Open Sea"] },
    albums: ["Coast"],
    instances: { flickr: { id: sea.id, quality: "original", visibility: "public" } },
  });
  flickr.calls();

  expect(await library.run("discover")).toMatchObject({ exit: 0, commit: null, counts: NOTHING });
  expect(flickr.calls()).toEqual({ "photos.recentlyUpdated": 1 });

  expect(await library.run("discover", "--full-scan")).toMatchObject({
    exit: 0,
    commit: null,
    counts: NOTHING,
  });
  expect(flickr.calls()["bytes"]).toBeUndefined();

  await library.run("resolve");
  await library.run("replicate", "--execute");
  flickr.calls();
  expect(await library.run("discover", "--full-scan")).toMatchObject({
    exit: 0,
    commit: null,
    counts: { ...NOTHING, seen: 3, unchanged: 3, duplicates: 0 },
  });
  expect(flickr.calls()).toEqual({ "people.getPhotos": 1 });
});

test("what changed comes anew without its bytes, and what is gone is recorded and stays", async () => {
  const flickr = await liveFlickr();
  const [kept, edited, gone] = ["Kept", "Edited", "Gone"].map((name) => flickr.add(name));
  const { library } = await liveLibrary({ flickr });
  await library.run("discover");
  await library.run("resolve");
  const { machine } = flickr.emulator;
  const soon = machine.now() + 1;
  machine.state.photos.set(edited?.id ?? "", { ...present(edited), title: "Better", updatedAt: soon });
  machine.state.photos.delete(gone?.id ?? "");
  flickr.calls();

  expect(await library.run("discover")).toMatchObject({ exit: 0, counts: { new: 0, updated: 1, failed: 0 } });
  expect(flickr.calls()["bytes"]).toBeUndefined();
  expect(library.photo(`${edited?.id}.jpg`).document.metadata.title).toBe("Better");

  const whole = await library.run("discover", "--full-scan");
  expect(whole).toMatchObject({ exit: 0, counts: { seen: 2, new: 0, updated: 1, gone: 1, failed: 0 } });
  expect(whole.notes.join()).toContain(gone?.id);
  expect(library.photo(`${gone?.id}.jpg`).document.instances["flickr"]).toMatchObject({
    id: gone?.id,
    gone_since: expect.any(String),
  });
  expect(library.photo(`${kept?.id}.jpg`).document.instances["flickr"]?.gone_since).toBeUndefined();
  expect(await library.run("discover", "--full-scan")).toMatchObject({ commit: null, counts: NOTHING });
});

test("a scan that is limited, since a day, or without bytes moves no cursor", async () => {
  const flickr = await liveFlickr();
  for (const name of ["a", "b", "c"]) flickr.add(name);
  const { library } = await liveLibrary({ flickr });
  const cursor = () => library.syncState().services["flickr"]?.cursor;

  expect(await library.run("discover", "--metadata-only")).toMatchObject({
    exit: 0,
    commit: null,
    counts: { new: 0, skipped: 3 },
  });
  expect(await library.run("discover", "--limit", "2")).toMatchObject({ exit: 0, counts: { new: 2 } });
  expect(cursor()).toBeUndefined();
  expect(await library.run("discover", "--since", "2001-01-01")).toMatchObject({ counts: { new: 1 } });
  expect(cursor()).toBeUndefined();
  flickr.add("d");
  expect(await library.run("discover")).toMatchObject({ counts: { new: 1 }, accounts: [{ whole: true }] });
  expect(cursor()).toEqual(expect.any(String));
});

test("whoever else signs in under an account's name is told, and nothing of the first is taken for gone", async () => {
  const flickr = await liveFlickr();
  flickr.add("mine");
  const { library, environment } = await liveLibrary({ flickr });
  await library.run("discover");
  expect(library.syncState().services["flickr"]?.owner).toBe(flickr.signedIn.account.nsid);
  const { machine } = flickr.emulator;
  const { nsid } = addAccount(machine, { nsid: "22222222@N02" });
  addPhoto(machine, { owner: nsid, title: "theirs", file: "theirs" });
  const { token, secret } = addAccessToken(machine, {
    appKey: flickr.signedIn.app.key,
    nsid,
    perms: "write",
  });
  const theirs = { ...environment, FLICKR_OAUTH_TOKEN: token, FLICKR_OAUTH_TOKEN_SECRET: secret };
  const before = library.head();
  const { exit, stderr } = await photosync(["discover", "--full-scan", "--library", library.path], theirs);
  expect([exit, library.head()]).toEqual([2, before]);
  expect(stderr).toContain(nsid);
});

test("while one request in twenty fails, all comes in the end and nothing twice", async () => {
  const flickr = await liveFlickr();
  for (let count = 0; count < 40; count++) flickr.add(`photo ${count}`, { tags: [`Tag ${count}`] });
  for (const fault of PASSING_FAULTS)
    flickr.emulator.faults.add({ fault, probability: 0.05 / PASSING_FAULTS.length });
  const { library } = await liveLibrary({ flickr });
  const runs: number[] = [];
  for (let left = 40; left > 0 && runs.length < 5; ) {
    const run = await library.run("discover");
    expect([0, 3]).toContain(run.exit);
    runs.push(run.counts.failed);
    left -= run.counts.new;
  }
  expect(library.documents().size).toBe(40);
  const bytes = flickr.emulator.log.filter(({ endpoint, status }) => endpoint === "static" && status === 200);
  expect(bytes.length).toBeLessThan(50);
  flickr.emulator.faults.clear();
  expect(await library.run("discover", "--full-scan")).toMatchObject({ commit: null, counts: NOTHING });
});

test("a run that is killed midway has what it fetched, and the next one fetches the rest", async () => {
  const flickr = await liveFlickr();
  for (let count = 0; count < 40; count++) flickr.add(`photo ${count}`);
  const { library, environment } = await liveLibrary({ flickr });
  const { child, ended } = start(["discover", "--library", library.path], environment);
  let fetched = 0;
  flickr.emulator.onRequest((stage, { endpoint }) => {
    if (stage === "done" && endpoint === "static" && ++fetched === 20) child.kill("SIGKILL");
  });
  expect((await ended).exit).toBeNull();
  flickr.calls();
  expect(await library.run("discover")).toMatchObject({ exit: 0, counts: { new: 40, failed: 0 } });
  const again = flickr.calls()["bytes"] ?? 0;
  // What was under way when it was killed is fetched again: four at a time.
  expect(again).toBeGreaterThanOrEqual(20);
  expect(again).toBeLessThanOrEqual(25);
});

test("what an undo took out of the library comes back, although the cursor has passed it", async () => {
  const flickr = await liveFlickr();
  flickr.add("Sea");
  const { library } = await liveLibrary({ flickr });
  await library.run("discover");
  const now = flickr.emulator.machine.now();
  flickr.add("Later", { postedAt: now, updatedAt: now });
  expect(await library.run("discover")).toMatchObject({ counts: { new: 1 } });
  await library.run("undo");
  expect(library.documents().size).toBe(1);
  expect(await library.run("discover")).toMatchObject({ exit: 0, counts: { new: 1, unchanged: 1 } });
  flickr.calls();
  expect(await library.run("discover")).toMatchObject({ commit: null });
  expect(flickr.calls()).toEqual({ "photos.recentlyUpdated": 1 });
});
