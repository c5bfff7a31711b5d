import { describe, expect, it } from "vitest";
import type { ContentHash } from "../../../../src/domain/ids.js";
import { sha256Of } from "../../../../src/infra/hash.js";
import { examine } from "../../../../src/phases/discover/examine.js";
import { type Keeping, WHOLE_BYTES } from "../../../../src/phases/discover/read-entry.js";
import type { SourceEntry } from "../../../../src/ports/photo-source.js";
import { quietRun } from "../../../fakes/replicate-world.js";
import { fileType } from "../../../fixtures/media/box-file.js";
import { jpegFile } from "../../../fixtures/media/jpeg-file.js";
import { forgetful } from "./scan-world.js";

/** A staging in memory that tells what it kept and what it dropped. */
class FakeStaging {
  readonly kept = new Map<ContentHash, Uint8Array>();
  begun = 0;
  dropped = 0;
  readonly #wanted: boolean;

  constructor(wanted = true) {
    this.#wanted = wanted;
  }

  get keeping(): Keeping {
    return {
      isStore: () => true,
      wanted: () => this.#wanted,
      staging: {
        keep: async (hash, bytes) => void this.kept.set(hash, bytes),
        begin: async () => {
          this.begun += 1;
          const chunks: Uint8Array[] = [];
          return {
            write: async (chunk) => void chunks.push(chunk),
            keep: async (hash) => void this.kept.set(hash, Buffer.concat(chunks)),
            drop: async () => {
              this.dropped += 1;
            },
          };
        },
        find: async () => null,
        forget: async () => {},
      },
    };
  }
}

/** An entry that gives these chunks and counts how often it is opened; it can break off before its end. */
function entryOf(name: string, chunks: readonly Uint8Array[], { breaksOff = false } = {}) {
  const entry = {
    opens: 0,
    kind: "entry" as const,
    location: { path: `/pictures/${name}` },
    name,
    sizeBytes: chunks.reduce((sum, { length }) => sum + length, 0),
    stamp: "1",
    async *open() {
      entry.opens += 1;
      yield* breaksOff ? chunks.slice(0, -1) : chunks;
      if (breaksOff) throw new Error("the disk is gone");
    },
  };
  return entry;
}

const MIB = 1024 * 1024;
/** More than is held in memory: the box of a film's beginning, then that of its pictures. */
function film(): Uint8Array[] {
  const contents = Array.from({ length: WHOLE_BYTES / MIB + 1 }, (_, n) => Buffer.alloc(MIB, n));
  const header = Buffer.from("\0\0\0\0mdat", "latin1");
  header.writeUInt32BE(header.length + contents.length * MIB, 0);
  const chunks: Uint8Array[] = [Buffer.concat([fileType("isom", "mp42"), header]), ...contents];
  return chunks;
}

const look = async (entry: SourceEntry, staging: FakeStaging) => {
  const result = await examine(entry, forgetful, staging.keeping, quietRun());
  return result.kind === "examined" ? result.examined.kind : result.failure.code;
};

describe("examine", { timeout: 60_000 }, () => {
  it.each([
    ["in one chunk", 1],
    ["in many", 7],
  ])("keeps a picture that comes %s, having opened it once", async (_what, pieces) => {
    const bytes = jpegFile();
    const size = Math.ceil(bytes.length / pieces);
    const chunks = Array.from({ length: pieces }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
    const staging = new FakeStaging();
    const entry = entryOf("a.jpg", chunks);
    expect(await look(entry, staging)).toBe("media");
    expect([...staging.kept.keys()]).toEqual([sha256Of(bytes)]);
    expect(Buffer.compare([...staging.kept.values()][0] ?? Buffer.alloc(0), bytes)).toBe(0);
    expect(entry.opens).toBe(1);
  });

  it("keeps a film while it passes, having opened it once", async () => {
    const chunks = film();
    const staging = new FakeStaging();
    const entry = entryOf("a.mp4", chunks);
    expect(await look(entry, staging)).toBe("media");
    const whole = Buffer.concat(chunks);
    expect([...staging.kept.keys()]).toEqual([sha256Of(whole)]);
    expect(Buffer.compare([...staging.kept.values()][0] ?? Buffer.alloc(0), whole)).toBe(0);
    expect([entry.opens, staging.begun, staging.dropped]).toEqual([1, 1, 0]);
  });

  it("keeps nothing of what every store holds", async () => {
    const staging = new FakeStaging(false);
    expect(await look(entryOf("a.jpg", [jpegFile()]), staging)).toBe("media");
    expect(await look(entryOf("a.mp4", film()), staging)).toBe("media");
    expect([staging.kept.size, staging.dropped]).toEqual([0, staging.begun]);
  });

  it("keeps no sidecar and nothing that is neither picture nor film, whatever it is called", async () => {
    const staging = new FakeStaging();
    const text = Buffer.from("not a picture");
    expect(await look(entryOf("a.jpg", [text]), staging)).toBe("other");
    expect(await look(entryOf("a.txt", [text]), staging)).toBe("other");
    expect(await look(entryOf("a.jpg.json", [Buffer.from("{}")]), staging)).toBe("json");
    const long = Array.from({ length: 40 }, () => Buffer.alloc(MIB, 1));
    expect(await look(entryOf("a.mp4", long), staging)).toBe("other");
    expect(await look(entryOf("a.bin", long), staging)).toBe("other");
    expect([staging.kept.size, staging.begun]).toEqual([0, 0]);
  });

  it("drops what it kept of a film that breaks off", async () => {
    const staging = new FakeStaging();
    expect(await look(entryOf("a.mp4", film(), { breaksOff: true }), staging)).toBe("bug.unexpected");
    expect([staging.kept.size, staging.begun, staging.dropped]).toEqual([0, 1, 1]);
  });

  it.each(["a.bin", "a.mp4"])(
    "leaves the rest unread of a long file named %s whose beginning is no picture's or film's",
    async (name) => {
      let given = 0;
      const entry = entryOf(
        name,
        Array.from({ length: 40 }, () => Buffer.alloc(MIB, 1)),
      );
      const counted: SourceEntry = {
        ...entry,
        async *open() {
          for await (const chunk of entry.open()) {
            given += 1;
            yield chunk;
          }
        },
      };
      expect(await look(counted, new FakeStaging())).toBe("other");
      expect(given).toBe(1);
    },
  );
});
