import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openLocalIndex } from "../../../src/control/local-index.js";
import { photoEdit } from "../../../src/control/records.js";
import { discover } from "../../../src/operations/discover.js";
import { resolve } from "../../../src/operations/resolve.js";
import type { DiscoverResult } from "../../../src/operations/results.js";
import { undo } from "../../../src/operations/undo.js";
import type { Run } from "../../../src/ports/phase.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { jpegFile, xmpPacket } from "../../fixtures/media/jpeg-file.js";
import { makeLibrary, type TestLibrary } from "../../unit/operations/library.js";
import { runs } from "../runs.js";

const NAMES = ["a.jpg", "b.jpg", "b.xmp", "sub/a.jpg", "c.txt", "empty.jpg"] as const;

/** What can happen to a library and its source between two runs. */
type Event =
  | { readonly kind: "write"; readonly name: (typeof NAMES)[number]; readonly content: number }
  | { readonly kind: "touch" | "remove"; readonly name: (typeof NAMES)[number] }
  | { readonly kind: "exclude"; readonly globs: readonly string[] }
  | { readonly kind: "default-visibility"; readonly level: string }
  | { readonly kind: "caption" | "undo" | "resolve" | "nothing" };

const name = fc.constantFrom(...NAMES);
const event: fc.Arbitrary<Event> = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant("write" as const), name, content: fc.nat(2) }), weight: 4 },
  fc.record({ kind: fc.constantFrom("touch" as const, "remove" as const), name }),
  fc.record({ kind: fc.constant("exclude" as const), globs: fc.subarray(["sub/**", "b.*"]) }),
  fc.record({
    kind: fc.constant("default-visibility" as const),
    level: fc.constantFrom("private", "friends"),
  }),
  fc.record({ kind: fc.constantFrom("caption", "undo", "resolve", "nothing") }),
);

function contentOf(file: string, content: number): Uint8Array | string {
  if (file === "empty.jpg") return "";
  if (file.endsWith(".xmp")) return xmpPacket("", `xmp:Rating="${content + 1}"`);
  return file.endsWith(".txt") ? `text ${content}` : jpegFile({ trailer: Buffer.from([content]) });
}

/** A library, its one source, and what runs have shown of how they went. */
class World {
  readonly library: TestLibrary;
  readonly source: string;
  exclude: readonly string[] = [];
  /** How often a run relied on what an earlier one had seen. */
  shortcuts = 0;
  private captions = 0;

  constructor(library: TestLibrary) {
    this.library = library;
    this.source = join(library.root, "pictures");
    mkdirSync(this.source);
  }

  async look(dryRun: boolean): Promise<DiscoverResult> {
    const { root, control } = this.library;
    let reads = 0;
    const run: Run = {
      ...quietRun(),
      progress: {
        ...quietRun().progress,
        stage: (label) => {
          if (label.startsWith("Reading")) reads += 1;
        },
      },
    };
    const options = { paths: [this.source], include: [], exclude: this.exclude, hidden: false };
    const result = await discover(root, control, { ...options, fullScan: false, dryRun }, run);
    if (reads === 0) this.shortcuts += 1;
    return result;
  }

  /** The same run by an index that remembers no earlier scan. */
  async lookWithoutMemory(): Promise<DiscoverResult> {
    const change = async (deed: (index: Awaited<ReturnType<typeof openLocalIndex>>) => void) => {
      const index = await openLocalIndex(this.library.root, { scratch: false });
      deed(index);
      await index.close();
    };
    let kept: { readonly key: string; readonly value: unknown }[] = [];
    await change((index) => {
      kept = [...index.scans.getRange({})];
      index.scans.clearSync();
    });
    const result = await this.look(true);
    await change((index) => {
      for (const { key, value } of kept) index.root.openDB({ name: "scans" }).putSync(key, value);
    });
    return result;
  }

  async happen(event: Event): Promise<void> {
    const { root, control } = this.library;
    const at = (file: string) => join(this.source, file);
    switch (event.kind) {
      case "write":
        mkdirSync(dirname(at(event.name)), { recursive: true });
        writeFileSync(at(event.name), contentOf(event.name, event.content));
        return;
      case "touch":
        try {
          utimesSync(at(event.name), new Date(), new Date());
        } catch {
          // It was never written.
        }
        return;
      case "remove":
        rmSync(at(event.name), { force: true });
        return;
      case "exclude":
        this.exclude = event.globs;
        return;
      case "default-visibility": {
        const path = join(root, "config/user-preferences.json");
        const preferences: object = JSON.parse(readFileSync(path, "utf8"));
        writeFileSync(path, JSON.stringify({ ...preferences, default_visibility: event.level }));
        return;
      }
      case "caption": {
        const [first] = await this.library.documents();
        if (first === undefined) return;
        const [path, document] = first;
        const metadata = { ...document.metadata, caption: `by hand, no. ${++this.captions}` };
        await this.library.commit([photoEdit(path, { ...document, metadata })]);
        return;
      }
      case "undo":
        await undo(root, control, undefined, { dryRun: false }, quietRun()).catch(() => {});
        return;
      case "resolve":
        await resolve(root, control, { autoResolve: "simple", dryRun: false }, quietRun());
        return;
      case "nothing":
    }
  }
}

it("tells the same of a source that lists as before, whether or not it remembers", {
  timeout: 300_000,
}, async () => {
  let shortcuts = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 2, maxLength: 6 }), async (events) => {
      const world = new World(await makeLibrary());
      try {
        await world.happen({ kind: "write", name: "a.jpg", content: 0 });
        await world.look(false);
        for (const each of events) {
          await world.happen(each);
          expect(await world.look(true)).toEqual(await world.lookWithoutMemory());
          await world.look(false);
        }
        shortcuts += world.shortcuts;
      } finally {
        world.library.end();
      }
    }),
    { numRuns: runs(8) },
  );
  expect(shortcuts).toBeGreaterThan(0);
});
