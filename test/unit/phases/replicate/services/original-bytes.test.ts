import { describe, expect, it } from "vitest";
import { sha256Of } from "../../../../../src/infra/hash.js";
import { Original } from "../../../../../src/phases/replicate/services/original-bytes.js";
import type { UploadStep } from "../../../../../src/phases/replicate/services/service-step.js";
import { memoryStore } from "../../../../../src/stores/memory-store.js";
import { photoDocument } from "../../../../fakes/fake-catalog.js";
import { depsOf, quietRun, replicateWorld } from "../../../../fakes/replicate-world.js";

const CONTENT = "the very bytes of a picture";
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Two stores that hold this under the photo's key (null for nothing), and a place where it was found. */
async function world(primary: string | null, second: string | null, place: string | null) {
  const document = photoDocument({ content: CONTENT, locations: [{ path: "/card/IMG.jpg" }] });
  const stores = [memoryStore("local"), memoryStore("usb")];
  for (const [at, text] of [primary, second].entries()) {
    if (text === null) continue;
    const bytes = bytesOf(text);
    await stores[at]?.put(
      {
        key: document.blob_key,
        hash: sha256Of(bytes),
        sizeBytes: bytes.length,
        open: async function* () {
          yield bytes;
        },
      },
      quietRun(),
    );
  }
  const made = replicateWorld([document], stores);
  if (place !== null) made.locations.files.set("/card/IMG.jpg", place);
  const step: UploadStep = {
    id: "upload:flickr:1",
    action: "upload",
    photo_id: document.photo_id,
    target: "flickr",
    why: "not on flickr yet",
    key: document.blob_key,
    hash: document.content_hash,
    bytes: bytesOf(CONTENT).length,
    mime_type: "image/jpeg",
    filename: "IMG.jpg",
    fields: {},
    expects: "absent",
  };
  return new Original(step, depsOf(made), quietRun());
}

/** What came out before the end or the error. */
async function read(original: Original): Promise<{ readonly text: string; readonly code: string | null }> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of original.open()) parts.push(part);
    return { text: Buffer.concat(parts).toString(), code: null };
  } catch {
    return { text: Buffer.concat(parts).toString(), code: original.failure?.code ?? "nothing said" };
  }
}

describe("Original", () => {
  it("gives the bytes of the primary store, as often as it is asked", async () => {
    const original = await world(CONTENT, CONTENT, null);
    expect(await read(original)).toEqual({ text: CONTENT, code: null });
    expect(await read(original)).toEqual({ text: CONTENT, code: null });
  });

  it("holds the end of wrong bytes back, and goes on to the next place", async () => {
    const original = await world(CONTENT.toUpperCase(), CONTENT, null);
    const first = await read(original);
    expect(first.code).toBe("original.changed");
    expect(first.text).not.toBe(CONTENT.toUpperCase());
    expect(original.isExhausted).toBe(false);
    original.nextPlace();
    expect(await read(original)).toEqual({ text: CONTENT, code: null });
    expect(original.failure).toBeNull();
  });

  it("reads where discover found it when no store has it, and says where it looked when nothing has", async () => {
    expect(await read(await world(null, null, CONTENT))).toEqual({ text: CONTENT, code: null });
    const nowhere = await world(null, null, null);
    expect(await read(nowhere)).toEqual({ text: "", code: "original.not-found" });
    expect(nowhere.isExhausted).toBe(true);
  });
});
