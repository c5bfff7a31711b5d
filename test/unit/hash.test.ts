import { createHash } from "node:crypto";
import { test as property } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPhotoId } from "../../src/domain/ids.js";
import {
  digestOf,
  hashStream,
  photoIdOf,
  photoIdOfService,
  sha1Bytes,
  sha256Of,
} from "../../src/infra/hash.js";

const call = { signal: new AbortController().signal };
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const text = (value: string) => new TextEncoder().encode(value);

async function* chunksOf(parts: readonly Uint8Array[]) {
  yield* parts;
}

describe("hashes", () => {
  test("agree with the published values", () => {
    expect(sha256Of(new Uint8Array())).toBe(`sha256:${EMPTY}`);
    expect(sha256Of(text("abc"))).toBe(
      "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(Buffer.from(sha1Bytes(text("abc"))).toString("hex")).toBe(
      "a9993e364706816aba3e25717850c26c9cd0d89d",
    );
    expect(digestOf("")).toBe(EMPTY);
    expect(digestOf("é")).toBe(
      createHash("sha256")
        .update(Buffer.from([0xc3, 0xa9]))
        .digest("hex"),
    );
  });

  test("photo ids never change from version to version", () => {
    expect(photoIdOf(sha256Of(text("abc")))).toBe("c6b73333-67b7-5fba-ab4d-ee908e5b0d5d");
    expect(photoIdOfService("flickr", "123")).toBe("8bc549eb-ff4c-533e-8a65-b990ef3c00b2");
  });

  property.prop([fc.string(), fc.string()])("every service id gives a photo id", (service, id) => {
    expect(isPhotoId(photoIdOfService(service, id))).toBe(true);
  });
});

describe("hashStream", () => {
  property.prop([fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 })])(
    "tells the same however the bytes are cut",
    async (parts) => {
      const whole = Buffer.concat(parts);
      expect(await hashStream(chunksOf(parts), call)).toEqual({
        hash: sha256Of(whole),
        sizeBytes: whole.length,
      });
    },
  );

  test("shows every chunk and waits before the next", async () => {
    const seen: string[] = [];
    await hashStream(chunksOf([text("a"), text("b")]), call, async (chunk) => {
      await Promise.resolve();
      seen.push(Buffer.from(chunk).toString());
    });
    expect(seen).toEqual(["a", "b"]);
  });

  test("a source that fails passes its error through", async () => {
    async function* failing() {
      yield text("a");
      throw new Error("cable");
    }
    await expect(hashStream(failing(), call)).rejects.toThrow("cable");
  });

  test("an abort ends it while the source hangs, and closes the source", async () => {
    let closed = false;
    const hanging: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          closed = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const stop = new AbortController();
    const hashing = hashStream(hanging, { signal: stop.signal });
    stop.abort();
    await expect(hashing).rejects.toMatchObject({ kind: "cancelled", code: "cancelled" });
    expect(closed).toBe(true);
  });

  test("an abort before the start reads nothing", async () => {
    let opened = false;
    async function* source() {
      opened = true;
      yield text("a");
    }
    await expect(hashStream(source(), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(opened).toBe(false);
  });
});
