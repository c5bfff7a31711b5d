import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTombstones } from "../../../src/control/tombstones.js";
import { systemTime } from "../../../src/infra/http/time.js";
import { replicate } from "../../../src/operations/replicate.js";
import { show } from "../../../src/operations/show.js";
import { status } from "../../../src/operations/status.js";
import { undo } from "../../../src/operations/undo.js";
import type { ControlPlane } from "../../../src/ports/control-plane.js";
import { photoDocument, variantOf } from "../../fakes/fake-catalog.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { put } from "../control/native-git.js";
import { type ForgetWorld, forgetWorld } from "./forget-world.js";
import { pathOf } from "./library.js";

let world: ForgetWorld;
beforeEach(async () => {
  world = await forgetWorld();
});
afterEach(() => {
  world.end();
  rmSync(world.usb, { recursive: true, force: true });
});

const STORES = ["local", "usb"];
const raw = variantOf("a", { content: "a raw", role: "raw", stores: STORES });
const photo = photoDocument({
  content: "a",
  filename: "a.jpg",
  state: "replicated",
  stores: STORES,
  variants: [raw],
});
const other = photoDocument({ content: "b", filename: "b.jpg", state: "replicated", stores: STORES });
const keepBoth = () =>
  world.keep([
    { document: photo, contents: ["a", "a raw"] },
    { document: other, contents: ["b"] },
  ]);
const tombstones = async () => readTombstones(world.control, await world.control.head(), quietRun());
const ofPhoto = () =>
  [...world.files().keys()].filter((path) =>
    [photo.content_hash, raw.content_hash, photo.photo_id].some((each) =>
      path.includes(each.replace("sha256:", "")),
    ),
  );
const surroundings = { env: {}, time: systemTime, random: Math.random };
const doReplicate = (mode: "show" | "do") =>
  replicate(
    world.root,
    world.control,
    { mode, to: [], surroundings: { ...surroundings, fetch } as never },
    quietRun(),
  );

/** The same library whose commits fail from the `n`th on, as a killed process leaves it. */
const cutAtCommit = (n: number): ControlPlane => {
  let commits = 0;
  return new Proxy(world.control, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]) => {
        if (name === "commit" && ++commits >= n) throw new Error("killed");
        return Reflect.apply(value, target, args);
      };
    },
  });
};

describe("forget", () => {
  it("shows every file and what stays, and touches nothing in a dry run", async () => {
    await keepBoth();
    const before = world.files();
    const head = await world.control.head();
    const shown = await world.forget(photo.photo_id, { dryRun: true, confirmed: null });
    expect(shown).toMatchObject({
      dry_run: true,
      commit: null,
      counts: { files: 6, removed: 0, pending: 0 },
    });
    expect(shown.files.map(({ store, kind }) => [store, kind])).toEqual([
      [null, "staged"],
      [null, "staged"],
      ["local", "blob"],
      ["local", "blob"],
      ["usb", "blob"],
      ["usb", "blob"],
    ]);
    expect(shown.stays.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["source", "history"]));
    expect(world.files()).toEqual(before);
    expect(await world.control.head()).toBe(head);
  });

  it("deletes its bytes in every store and at hand, and nothing of any other photo", async () => {
    await keepBoth();
    const before = world.files();
    const shown = await world.forget(photo.photo_id, { dryRun: true });
    const done = await world.forget(photo.photo_id);
    expect(done).toMatchObject({ outcome: "done", counts: { files: 6, removed: 6, pending: 0 } });
    expect(done.files).toEqual(shown.files);
    expect(ofPhoto()).toEqual([join(world.root, "tombstones", `${photo.photo_id}.json`)]);
    for (const [path, bytes] of before)
      if (path.includes(other.photo_id) || path.includes(other.content_hash.slice(7)))
        expect(world.files().get(path)).toBe(bytes);
    expect([...(await world.documents()).values()]).toEqual([other]);
    expect(await tombstones()).toMatchObject([
      {
        photo_id: photo.photo_id,
        pending: [],
        content_hashes: [photo.content_hash, raw.content_hash].sort(),
      },
    ]);
    await expect(show(world.root, world.control, photo.photo_id, quietRun())).rejects.toMatchObject({
      code: "photo.forgotten",
    });
  });

  it.each([
    ["nothing to confirm it", null, "forget.needs-confirm"],
    ["another photo's id", other.photo_id, "forget.not-confirmed"],
    ["the beginning of the id", photo.photo_id.slice(0, 8), "forget.not-confirmed"],
  ])("with %s deletes nothing", async (_, confirmed, code) => {
    await keepBoth();
    const before = world.files();
    await expect(world.forget(photo.photo_id, { confirmed })).rejects.toMatchObject({ code });
    expect(world.files()).toEqual(before);
  });

  it("deletes nothing while the owner is editing its document, or when it changed while they were asked", async () => {
    await keepBoth();
    const path = join(world.root, pathOf(photo));
    writeFileSync(path, "{}\n");
    await expect(world.forget(photo.photo_id)).rejects.toMatchObject({ code: "forget.uncommitted-edit" });
    await world.change([photo], [{ ...photo, favorite: true }]).catch(() => {});
    expect(ofPhoto().length).toBeGreaterThan(4);
  });

  it("keeps bytes that another photo has as well, and does not bar them from coming in", async () => {
    const twin = { ...other, variants: [variantOf("b", { content: "a raw", stores: STORES })] };
    await world.keep([
      { document: photo, contents: ["a", "a raw"] },
      { document: twin, contents: ["b", "a raw"] },
    ]);
    const done = await world.forget(photo.photo_id);
    expect(done.stays.map(({ kind }) => kind)).toContain("shared");
    expect(await tombstones()).toMatchObject([{ content_hashes: [photo.content_hash] }]);
    const [shared] = twin.variants;
    expect([...world.files().keys()].filter((file) => file.endsWith(shared?.blob_key ?? "-"))).toHaveLength(
      2,
    );
  });

  it("cannot be undone, and undoing what came before does not bring the photo back", async () => {
    await keepBoth();
    const changed = await world.change(
      [photo, other],
      [photo, other].map((each) => ({ ...each, favorite: true })),
    );
    await world.forget(photo.photo_id);
    const takeBack = (operation?: string) =>
      undo(world.root, world.control, operation, { dryRun: false }, quietRun());
    await expect(takeBack()).rejects.toMatchObject({ code: "undo.forgotten" });
    await takeBack(changed);
    expect([...(await world.documents()).values()]).toEqual([other]);
    expect(ofPhoto()).toHaveLength(1);
  });
});

describe("a store that is out of reach when a photo is forgotten", () => {
  it("is noted, shown as a step of replicate, and cleared by it once it is there", async () => {
    await keepBoth();
    renameSync(world.usb, `${world.usb}-away`);
    const done = await world.forget(photo.photo_id);
    expect(done).toMatchObject({ counts: { removed: 4, pending: 1 }, pending: [{ store: "usb" }] });
    expect(await tombstones()).toMatchObject([{ pending: ["usb"] }]);
    const { next } = await status(world.root, world.control, quietRun(), surroundings);
    expect(next.map(({ command }) => command)).toContain("photosync replicate --execute");
    await doReplicate("do");
    expect(await tombstones()).toMatchObject([{ pending: ["usb"] }]);
    renameSync(`${world.usb}-away`, world.usb);
    const shown = await doReplicate("show");
    expect(shown.plan).toMatchObject([{ action: "remove-blob", photo_id: photo.photo_id, target: "usb" }]);
    expect(ofPhoto()).toHaveLength(3);
    const head = await world.control.head();
    const replicated = await doReplicate("do");
    expect(replicated).toMatchObject({ counts: { planned: 1, done: 1, failed: 0 }, outcome: "done" });
    expect(replicated.commit).not.toBe(head);
    expect(ofPhoto()).toHaveLength(1);
    expect(await tombstones()).toMatchObject([{ pending: [] }]);
    expect(await doReplicate("do")).toMatchObject({ commit: null, counts: { planned: 0 } });
  });
});

describe("cut short", () => {
  const removing = (run: () => void) => ({
    ...quietRun(),
    progress: {
      ...quietRun().progress,
      stage: (name: string) => void (name.startsWith("Removing from") && run()),
    },
  });

  it("before the first commit nothing has happened", async () => {
    await keepBoth();
    const before = world.files();
    await expect(world.forget(photo.photo_id, {}, quietRun(), cutAtCommit(1))).rejects.toThrow("killed");
    expect(world.files()).toEqual(before);
  });

  it.each([1, 2])(
    "before store %i is cleared, the tombstone stands, and the same command ends it",
    async (nth) => {
      await keepBoth();
      let stores = 0;
      const cut = removing(() => {
        if (++stores === nth) throw new Error("killed");
      });
      await expect(world.forget(photo.photo_id, {}, cut)).rejects.toThrow("killed");
      expect(await tombstones()).toMatchObject([{ pending: STORES }]);
      expect([...(await world.documents()).values()]).toEqual([other]);
      const done = await world.forget(photo.photo_id, { confirmed: null });
      expect(done).toMatchObject({ outcome: "done", counts: { pending: 0 } });
      expect(ofPhoto()).toHaveLength(1);
      expect(await tombstones()).toMatchObject([{ pending: [] }]);
    },
  );

  it("before the last commit, replicate ends it in the same state", async () => {
    await keepBoth();
    await expect(world.forget(photo.photo_id, {}, quietRun(), cutAtCommit(2))).rejects.toThrow("killed");
    expect(ofPhoto()).toHaveLength(1);
    expect(await doReplicate("do")).toMatchObject({ counts: { planned: 2, done: 2 } });
    expect(await tombstones()).toMatchObject([{ pending: [] }]);
  });
});

describe("a photo that was forgotten", () => {
  it("and comes back by a merge is neither stored nor removed, told of, and forgotten again", async () => {
    await keepBoth();
    await world.forget(photo.photo_id);
    await world.change([], [photo]);
    const told = await doReplicate("do");
    expect(told.failures).toMatchObject([{ subject: pathOf(photo), code: "photo.forgotten" }]);
    expect(told.plan).toEqual([]);
    expect(await world.forget(photo.photo_id)).toMatchObject({ outcome: "done" });
    expect([...(await world.documents()).values()]).toEqual([other]);
  });

  it.each([
    ["under its own id", pathOf(photo), "{"],
    ["with its bytes under another one", pathOf(other), `{ "content_hash": "${photo.content_hash}" `],
  ])(
    "and comes back %s in a document that cannot be read loses nothing until that is mended",
    async (_, path, text) => {
      await keepBoth();
      renameSync(world.usb, `${world.usb}-away`);
      await world.forget(photo.photo_id);
      renameSync(`${world.usb}-away`, world.usb);
      await world.commit([put(path, text)]);
      const before = ofPhoto();
      expect(before.length).toBeGreaterThan(2);
      const told = await doReplicate("do");
      expect(told.failures.map(({ subject }) => subject)).toContain(path);
      expect(told.plan).toEqual([]);
      expect(ofPhoto()).toEqual(before);
      await world.commit([{ path, bytes: null }]);
      expect((await doReplicate("do")).plan).toMatchObject([{ action: "remove-blob", target: "usb" }]);
    },
  );

  it("and has bytes that another photo was given since is not gone on with, so that those stay", async () => {
    await keepBoth();
    renameSync(world.usb, `${world.usb}-away`);
    await world.forget(photo.photo_id);
    renameSync(`${world.usb}-away`, world.usb);
    const host = { ...other, variants: [raw] };
    await world.keep([{ document: host, contents: ["b", "a raw"] }]);
    const before = world.files();
    await expect(world.forget(photo.photo_id)).rejects.toMatchObject({ code: "forget.came-back" });
    await world.change([], [{ ...photo, variants: [] }]);
    await expect(world.forget(photo.photo_id)).rejects.toMatchObject({ code: "forget.came-back" });
    for (const [path, bytes] of before) expect(world.files().get(path)).toBe(bytes);
  });

  it("does not come back as the photo that it was joined with, when the joining is undone", async () => {
    const lone = photoDocument({
      content: "a raw",
      filename: "raw.dng",
      state: "replicated",
      stores: STORES,
    });
    const joined = { ...photo, variants: [{ ...raw, blob_key: lone.blob_key, replicas: lone.replicas }] };
    await world.keep([
      { document: { ...photo, variants: [] }, contents: ["a"] },
      { document: lone, contents: ["a raw"] },
    ]);
    const joining = await world.change([photo, lone], [joined]);
    await world.forget(photo.photo_id);
    await undo(world.root, world.control, joining, { dryRun: false }, quietRun());
    expect([...(await world.documents()).values()]).toEqual([]);
  });

  it("whose blob is put back into a store on this computer is removed from it again", async () => {
    await keepBoth();
    await world.forget(photo.photo_id);
    await world.keep([{ document: { ...photo, variants: [] }, contents: ["a"] }]);
    await world.change([photo], []);
    expect(ofPhoto().length).toBeGreaterThan(1);
    expect(await doReplicate("do")).toMatchObject({ counts: { planned: 2, done: 2 } });
    expect(ofPhoto()).toHaveLength(1);
  });
});
