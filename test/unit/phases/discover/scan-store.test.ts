import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LocalIndex, openLocalIndex } from "../../../../src/control/local-index.js";
import { findingLog, scanMemory } from "../../../../src/phases/discover/scan-store.js";
import type { Examined, SourceEntry } from "../../../../src/ports/photo-source.js";
import { findingOf, hashOf } from "./findings.js";

let home: string;
let index: LocalIndex;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "photosync-memory-"));
  index = await openLocalIndex(home, { scratch: false });
});
afterEach(async () => {
  await index.close();
  rmSync(home, { recursive: true, force: true });
});

const entry = (name: string, stamp = "1"): SourceEntry => ({
  kind: "entry",
  location: { path: "/x.zip", entry: name },
  name,
  sizeBytes: 1,
  stamp,
  async *open() {
    yield new Uint8Array(1);
  },
});
const examinedOf = ({ location, name, sizeBytes }: SourceEntry, kind: Examined["kind"]): Examined => ({
  location,
  name,
  sizeBytes,
  hash: hashOf(name),
  kind,
});

describe("scanMemory", () => {
  it("recalls a file while its stamp is the same, under the name that it has now", async () => {
    const memory = scanMemory(index);
    memory.remember(entry("a"), examinedOf(entry("a"), "other"));
    await memory.settled();
    expect(memory.recall(entry("a"))).toEqual(examinedOf(entry("a"), "other"));
    expect(memory.recall({ ...entry("a"), name: "renamed" })?.name).toBe("renamed");
    expect(memory.recall(entry("a", "2"))).toBeNull();
    expect(memory.recall(entry("b"))).toBeNull();
  });

  it("does not recall what it no longer knows everything about", async () => {
    const memory = scanMemory(index);
    for (const kind of ["media", "json", "xmp"] as const) {
      memory.remember(entry(kind), examinedOf(entry(kind), kind));
      await memory.settled();
      expect(memory.recall(entry(kind))).toBeNull();
      if (kind === "media")
        memory.keepReading(hashOf(kind), {
          media: { mime_type: "image/jpeg" },
          extension: "jpg",
          facts: {},
          raw: {},
        });
      else memory.keepSmall(hashOf(kind), new Uint8Array(1));
      await memory.settled();
      expect(memory.recall(entry(kind))?.kind).toBe(kind);
    }
  });

  it("keeps places apart, however long they are", async () => {
    const memory = scanMemory(index);
    const names = ["名".repeat(3000), `${"名".repeat(3000)}x`, "a", "a\0"];
    for (const name of names) memory.remember(entry(name), examinedOf(entry(name), "other"));
    await memory.settled();
    expect(names.map((name) => memory.recall(entry(name))?.hash)).toEqual(names.map(hashOf));
  });
});

describe("findingLog", () => {
  it("gives findings back by number, and forgets those of an earlier run", async () => {
    const log = findingLog(index);
    const numbers = ["a", "b", "c"].map((content) => log.add(findingOf(content)));
    await log.settled();
    expect(numbers.map((id) => log.get(id))).toEqual(["a", "b", "c"].map((content) => findingOf(content)));
    const next = findingLog(index);
    expect(() => next.get(numbers[0] ?? 0)).toThrow();
  });
});
