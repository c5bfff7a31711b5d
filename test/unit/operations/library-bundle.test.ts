import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { PhotosyncError } from "../../../src/domain/errors.js";
import { bundlePlanOf, sendBundles } from "../../../src/operations/library-bundle.js";
import type { BlobStore } from "../../../src/ports/blob-store.js";
import { memoryStore } from "../../../src/stores/memory-store.js";
import { faultyStore } from "../../fakes/faulty-store.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { call, put } from "../control/native-git.js";
import { makeLibrary } from "./library.js";

const run = quietRun();
const NOTHING = { steps: [], held: [] };

async function world() {
  const library = await makeLibrary();
  onTestFinished(library.end);
  const session = { control: library.control, libraryRoot: library.root };
  /** What a replicate does at its end, in these stores. */
  const send = async (stores: readonly BlobStore[], stopped: readonly string[] = []) => {
    const plan = await bundlePlanOf(await library.control.head(), NOTHING, stores, run);
    const named = new Map(stores.map((store) => [store.name, store]));
    return { plan, ...(await sendBundles(session, plan, named, new Set(stopped), run)) };
  };
  let changes = 0;
  const change = () => library.commit([put("README.md", `${++changes}\n`)]);
  return { library, send, change };
}

const names = async (store: BlobStore) => (await store.bundles.list(call)).map(({ name }) => name);

it("goes to every store once for each state of the library", async () => {
  const { library, send, change } = await world();
  const [usb, cloud] = [memoryStore("usb"), memoryStore("cloud")];
  const first = await send([usb, cloud]);
  expect(first.bundles).toMatchObject([
    { store: "usb", outcome: "sent", removed: 0 },
    { store: "cloud", outcome: "sent", removed: 0 },
  ]);
  expect(await names(usb)).toEqual(await names(cloud));
  expect(await send([usb, cloud])).toMatchObject({ plan: { steps: [] }, bundles: [], failures: [] });
  const head = await change();
  const second = await send([usb]);
  expect(second.plan.steps).toMatchObject([{ target: "usb", why: expect.stringContaining("older commit") }]);
  expect(await names(usb)).toHaveLength(2);
  // The clock of this test stands still: names are later all the same.
  expect((await names(usb)).at(-1)).toContain(head.slice(0, 12));
  expect(readdirSync(join(library.root, ".photosync"))).not.toContain("bundle");
});

it("a store that takes none is a failure, and the others get theirs", async () => {
  const { send } = await world();
  const away = new PhotosyncError({ kind: "transient", code: "store.unavailable", message: "away" });
  const failing = (method: string) =>
    faultyStore(memoryStore("cloud"), (called) =>
      called === method ? { kind: "throw", error: away } : undefined,
    );
  const usb = memoryStore("usb");
  const sent = await send([failing("bundles.put"), usb]);
  expect(sent.failures).toMatchObject([{ subject: "store cloud", code: "bundle.not-stored" }]);
  expect(sent.bundles).toMatchObject([{ store: "usb" }]);
  const flipped = faultyStore(memoryStore("disk"), (called) =>
    called === "bundles.put" ? { kind: "flip-bit" } : undefined,
  );
  expect((await send([flipped])).failures).toMatchObject([{ code: "bundle.not-stored" }]);
  const held = { steps: [], held: [{ subject: "store usb", why: "gone" }] };
  expect((await bundlePlanOf("0".repeat(40), held, [usb], run)).shelves).toEqual([]);
  const stopped = memoryStore("stopped");
  expect(await send([stopped], ["stopped"])).toMatchObject({ bundles: [], failures: [] });
});

it("removes what its new one makes spare, and nothing of another line of history", async () => {
  const { library, send, change } = await world();
  const usb = memoryStore("usb");
  const other = await world();
  await other.change();
  await other.send([usb]);
  const [theirs] = await names(usb);
  for (let n = 0; n < 6; n++) {
    await change();
    await send([usb]);
  }
  await change();
  const sent = await send([usb]);
  expect(sent.bundles).toMatchObject([{ removed: 1 }]);
  expect(await names(usb)).toHaveLength(6);
  expect(await names(usb)).toContain(theirs);
  expect((await names(usb)).at(-1)).toContain((await library.control.head()).slice(0, 12));
});
