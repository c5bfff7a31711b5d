import { expect, test } from "vitest";
import { newIdentity } from "../../src/infra/age/x25519-header.js";
import type { BlobStore } from "../../src/ports/blob-store.js";
import { AWS_LIKE, CEPH_LIKE, POOR } from "../emulators/s3/state.js";
import { encryptedBy, PASSPHRASE } from "./behind-bucket.js";
import { call, each, keysOf } from "./blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "./blob-store-samples.js";
import { count, inWorld, PARTS, PREFIX, photo, SMALL_PARTS } from "./s3-opened.js";
import { inSealedWorld, type SealedWorld } from "./sealed-opened.js";

const CHUNK = 65_536;

/** What the bucket's owner sees under the store's prefix. */
const seen = (world: SealedWorld): string[] =>
  [...world.objects().keys()].map((key) => key.slice(PREFIX.length));

test(
  "names are of one length and say nothing, and everything else is an age file that age opens",
  inSealedWorld(AWS_LIKE, async (world) => {
    const blobs = [blobOf(sampleBytes(10, 1)), blobOf(sampleBytes(70_000, 2), "1999-12"), photo];
    for (const blob of blobs) await world.store.put(blob, call);
    await world.store.writeChecksumList(each([...blobs].sort((a, b) => (a.key < b.key ? -1 : 1))), call);
    const names = seen(world);
    const sealed = names.filter((name) => name.startsWith("o/"));
    expect(sealed).toHaveLength(3);
    for (const name of sealed) expect(name).toMatch(/^o\/[A-Za-z0-9_-]{192}$/);
    expect(names.filter((name) => !name.startsWith("o/")).sort()).toEqual([
      "key.age",
      "names.age",
      "sums.age",
    ]);
    const table = Buffer.from(await world.opened("names.age"))
      .toString()
      .trim()
      .split("\n");
    expect(table).toHaveLength(3);
    for (const line of table) {
      const [object = "", key] = line.split("  ");
      const blob = blobs.find((one) => one.key === key);
      expect(Buffer.compare(await world.opened(object), await collect(blob?.open() ?? each([])))).toBe(0);
    }
  }),
);

test(
  "the table of names follows the checksum list, and is not written again for an equal one",
  inSealedWorld(AWS_LIKE, async (world) => {
    const [a, b] = [blobOf(sampleBytes(10, 1), "2020-01"), blobOf(sampleBytes(11, 2), "2021-01")];
    for (const blob of [a, b]) await world.store.put(blob, call);
    for (const entries of [[a], [a, b], [a, b]]) await world.store.writeChecksumList(each(entries), call);
    expect(count(world, "PutObject", "names.age")).toBe(2);
    expect(Buffer.from(await world.opened("names.age")).toString()).toContain(b.key);
    world.objects().delete(`${PREFIX}names.age`);
    await world.store.writeChecksumList(each([a, b]), call);
    expect(Buffer.from(await world.opened("names.age")).toString()).toContain(b.key);
  }),
);

test(
  "ranges across chunks are exact",
  inSealedWorld(AWS_LIKE, async (world) => {
    const bytes = sampleBytes(2 * CHUNK + 500, 8);
    const blob = blobOf(bytes);
    await world.store.put(blob, call);
    for (const [first, last] of [
      [0, 0],
      [CHUNK - 1, CHUNK],
      [CHUNK, 2 * CHUNK - 1],
      [10, 2 * CHUNK + 10],
      [2 * CHUNK + 499, 9 * CHUNK],
      [2 * CHUNK + 500, 3 * CHUNK],
      [5 * CHUNK, 6 * CHUNK],
    ] as const) {
      const part = await collect(world.store.get(blob.key, { ...call, range: [first, last] }));
      expect(Buffer.compare(part, bytes.subarray(first, last + 1))).toBe(0);
    }
    expect(await world.store.stat([blob.key], call)).toEqual(new Map([[blob.key, bytes.length]]));
  }),
);

/** All that a store gives before it fails, and the failure. */
async function readUntilError(store: BlobStore, key: typeof photo.key) {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of store.get(key, call)) pieces.push(Uint8Array.from(piece));
  } catch (error) {
    return { bytes: Buffer.concat(pieces), error };
  }
  throw new Error("read to the end");
}

const tampers: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  "a flipped bit in its header": (bytes) => flip(bytes, 60),
  "a flipped bit in its nonce": (bytes) => flip(bytes, 170),
  "a flipped bit in its second chunk": (bytes) => flip(bytes, 184 + 70_000),
  "its end cut off": (bytes) => bytes.subarray(0, bytes.length - 100),
  "its last chunk cut off": (bytes) => bytes.subarray(0, 184 + CHUNK + 16),
  "nothing left": () => Buffer.alloc(0),
  "other text": () => Buffer.from("not an age file at all"),
};
const flip = (bytes: Buffer, at: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
};

test.each(Object.keys(tampers))("an object with %s is told, and put right again", async (what) => {
  await inSealedWorld(AWS_LIKE, async (world) => {
    const bytes = sampleBytes(CHUNK + 20_000, 9);
    const blob = blobOf(bytes);
    await world.store.put(blob, call);
    const object = await world.objectOf(blob.key);
    const tampered = tampers[what]?.(object.bytes) ?? object.bytes;
    await world.plantSealed(blob.key, bytes);
    const name = PREFIX + (await world.sealing()).objectOf(blob.key);
    world.objects().set(name, { ...object, bytes: tampered });
    const { bytes: given, error } = await readUntilError(world.store, blob.key);
    expect(error).toMatchObject({ kind: "integrity", code: "blob.damaged" });
    expect([0, CHUNK]).toContain(given.length);
    expect(Buffer.compare(given, bytes.subarray(0, given.length))).toBe(0);
    const outcome = await world.again().put(blob, call);
    expect(outcome).toMatchObject({ kind: "replaced" });
    const aside = outcome.kind === "replaced" ? outcome.asidePath.slice("s3://photos/".length) : "";
    expect(Buffer.compare(world.objects().get(aside)?.bytes ?? Buffer.alloc(1), tampered)).toBe(0);
    expect(Buffer.compare(await collect(world.store.get(blob.key, call)), bytes)).toBe(0);
  })();
});

test(
  "an object that another one was put in the place of is not taken for it",
  inSealedWorld(AWS_LIKE, async (world) => {
    const other = blobOf(sampleBytes(40_000, 77));
    await world.store.put(photo, call);
    await world.store.put(other, call);
    const name = PREFIX + (await world.sealing()).objectOf(photo.key);
    world.objects().set(name, await world.objectOf(other.key));
    expect(await world.again().put(photo, call)).toMatchObject({ kind: "replaced" });
  }),
);

test.each([
  ["AWS", SMALL_PARTS],
  ["Ceph", { ...CEPH_LIKE, leastPartBytes: 1 }],
] as const)(
  "an upload in parts is gone on with by a later process, on a server like %s",
  async (_, profile) => {
    await inSealedWorld(
      profile,
      async (world) => {
        const bytes = sampleBytes(150_000, 5);
        const blob = blobOf(bytes);
        const stop = new AbortController();
        const breaking = {
          ...blob,
          async *open() {
            yield bytes.subarray(0, 140_000);
            while (count(world, "UploadPart", "o/") < 13) await new Promise((wake) => setTimeout(wake, 5));
            await new Promise((wake) => setTimeout(wake, 50));
            stop.abort();
            await new Promise(() => {});
          },
        };
        // Two chunks of the source are known to be inner ones: 13 parts of ten thousand bytes and a rest.
        await expect(world.store.put(breaking, stop)).rejects.toMatchObject({ code: "cancelled" });
        expect(count(world, "UploadPart", "o/")).toBe(13);
        const [note] = await world.notes.all();
        expect(JSON.stringify(note)).not.toContain((await world.key()).identity.secret);
        const restarted = world.again();
        expect(await restarted.sweep(call)).toBe(0);
        expect(await restarted.put(blob, call)).toEqual({ kind: "stored" });
        expect(count(world, "CreateMultipartUpload", "o/")).toBe(1);
        expect(count(world, "UploadPart", "o/")).toBe(16);
        expect(Buffer.compare(await collect(restarted.get(blob.key, call)), bytes)).toBe(0);
        expect(await world.notes.all()).toEqual([]);
      },
      PARTS,
    )();
  },
);

test.each([
  ["AWS", SMALL_PARTS],
  ["Ceph", { ...CEPH_LIKE, leastPartBytes: 1 }],
] as const)(
  "an upload in parts is not gone on with by other bytes under the same key, on a server like %s",
  async (_, profile) => {
    await inSealedWorld(
      profile,
      async (world) => {
        const bytes = sampleBytes(150_000, 6);
        const blob = blobOf(bytes);
        const stop = new AbortController();
        const misread = {
          ...blob,
          async *open() {
            yield flip(Buffer.from(bytes.subarray(0, 140_000)), 15_000);
            while (count(world, "UploadPart", "o/") < 13) await new Promise((wake) => setTimeout(wake, 5));
            await new Promise((wake) => setTimeout(wake, 50));
            stop.abort();
            await new Promise(() => {});
          },
        };
        await expect(world.store.put(misread, stop)).rejects.toMatchObject({ code: "cancelled" });
        const [note] = await world.notes.all();
        const { uploads } = world.server.bucket("photos");
        const [begun] = uploads.values();
        const second = begun?.parts.get(2)?.bytes;
        expect(second).toBeDefined();
        expect(await world.again().put(blob, call)).toEqual({ kind: "stored" });
        const { bytes: stored } = await world.objectOf(blob.key);
        expect(stored.subarray(0, 184).toString("base64")).not.toBe(note?.envelope);
        expect(begun?.parts.get(2)?.bytes).toBe(second);
        expect(uploads.size).toBe(0);
        expect(Buffer.compare(await collect(world.store.get(blob.key, call)), bytes)).toBe(0);
        expect(await world.notes.all()).toEqual([]);
      },
      PARTS,
    )();
  },
);

test(
  "an upload whose note opens no more begins again",
  inSealedWorld(
    SMALL_PARTS,
    async (world) => {
      world.server.faults.add({ kind: "reset", operation: "CompleteMultipartUpload", key: "o/" });
      await expect(world.store.put(photo, call)).rejects.toMatchObject({ kind: "transient" });
      world.server.faults.clear();
      const [note] = await world.notes.all();
      if (note === undefined) throw new Error("no note");
      await world.notes.keep({ ...note, envelope: "AAAA" });
      expect(await world.again().put(photo, call)).toEqual({ kind: "stored" });
      expect(Buffer.compare(await collect(world.store.get(photo.key, call)), sampleBytes(40_000, 1))).toBe(0);
    },
    PARTS,
  ),
);

test.each([
  ["knows conditions", AWS_LIKE],
  ["refuses conditions", POOR],
  ["takes no notice of conditions", { ...POOR, conditionalPut: "ignores" }],
] as const)(
  "of several computers that begin at once, all use one key, on a server that %s",
  async (_, profile) => {
    await inSealedWorld(profile, async (world) => {
      const blobs = Array.from({ length: 4 }, (_, n) => blobOf(sampleBytes(1000, n + 20)));
      const stores = blobs.map(() => world.again({ elsewhere: true }));
      await Promise.all(blobs.map((blob, n) => stores[n]?.put(blob, call)));
      expect(await keysOf(world.again())).toEqual(blobs.map(({ key }) => key).sort());
      for (const store of stores) expect(await keysOf(store)).toEqual(blobs.map(({ key }) => key).sort());
      expect(seen(world).filter((name) => !name.startsWith("o/"))).toEqual(["key.age"]);
    })();
  },
);

test.each([
  ["a wrong passphrase", encryptedBy("Correct horse"), "auth", "store.wrong-passphrase"],
  ["no passphrase", encryptedBy(undefined), "auth", "store.no-passphrase"],
  [
    "an identity alone",
    encryptedBy(undefined, { secrets: async () => ({ identity: newIdentity().secret }) }),
    "auth",
    "store.no-passphrase",
  ],
] as const)("with %s nothing is stored or read", async (_, encryption, kind, code) => {
  await inSealedWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    const before = seen(world);
    const store = world.again({ encryption });
    expect(await store.availability(call)).toBe("gone");
    expect(store.trouble?.()).toMatchObject({ kind, code });
    await expect(store.put(blobOf(sampleBytes(5, 5)), call)).rejects.toMatchObject({ kind, code });
    await expect(collect(store.get(photo.key, call))).rejects.toMatchObject({ code: "store.unavailable" });
    await expect(keysOf(store)).rejects.toMatchObject({ data: { because: code } });
    expect(seen(world)).toEqual(before);
  })();
});

test(
  "an identity that is of no recipient is told",
  inSealedWorld(AWS_LIKE, async (world) => {
    const stranger = newIdentity();
    const owner = newIdentity();
    const lock = { kind: "recipients", recipients: [owner.recipient] } as const;
    const as = (identity: string) => ({ lock, secrets: async () => ({ identity }) });
    const locked = world.again({ encryption: as(stranger.secret) });
    await expect(locked.put(photo, call)).rejects.toMatchObject({ code: "store.wrong-identity" });
    expect(seen(world)).toEqual([]);
    await world.again({ encryption: as(owner.secret) }).put(photo, call);
    const late = world.again({ encryption: as(stranger.secret) });
    await expect(late.put(photo, call)).rejects.toMatchObject({ kind: "auth", code: "store.wrong-identity" });
    const nonsense = world.again({ encryption: as("AGE-SECRET-KEY-NONSENSE") });
    await expect(nonsense.put(photo, call)).rejects.toMatchObject({ code: "store.wrong-identity" });
  }),
);

test(
  "a store in the clear is not gone on with encrypted",
  inWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    const store = world.again({ encryption: encryptedBy(PASSPHRASE) });
    const code = "store.in-the-clear";
    await expect(store.put(photo, call)).rejects.toMatchObject({ kind: "user", code });
    world.objects().delete(`${PREFIX}.photosync-store`);
    await expect(store.put(photo, call)).rejects.toMatchObject({ kind: "user", code });
    expect([...world.objects().keys()]).toEqual([PREFIX + photo.key]);
  }),
);

test(
  "an encrypted store is not gone on with in the clear",
  inSealedWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    const before = seen(world);
    const store = world.inTheClear();
    expect(await store.availability(call)).toBe("gone");
    await expect(store.put(photo, call)).rejects.toMatchObject({ kind: "user", code: "store.sealed" });
    expect(seen(world)).toEqual(before);
  }),
);

test.each([
  ["cut", (bytes: Buffer) => bytes.subarray(0, 100), "store.damaged-key"],
  ["changed in its payload", (bytes: Buffer) => flip(bytes, bytes.length - 3), "store.damaged-key"],
  ["something else", () => Buffer.from("hello"), "store.damaged-key"],
  ["gone", null, "store.no-key-file"],
] as const)("a key file that is %s keeps the store as it is", async (_, change, code) => {
  await inSealedWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    const name = `${PREFIX}key.age`;
    const object = world.objects().get(name);
    if (object === undefined) throw new Error("no key file");
    if (change === null) world.objects().delete(name);
    else world.objects().set(name, { ...object, bytes: change(object.bytes) });
    const store = world.again();
    await expect(store.put(blobOf(sampleBytes(3, 3)), call)).rejects.toMatchObject({
      kind: "integrity",
      code,
    });
    expect(seen(world).filter((each) => each.startsWith("o/"))).toHaveLength(1);
  })();
});

test(
  "what another computer finishes in the place of one's own, where no condition is known, is taken for right and stays",
  inSealedWorld(
    { ...CEPH_LIKE, leastPartBytes: 1 },
    async (world) => {
      await world.store.put(photo, call);
      const theirs = await world.objectOf(photo.key);
      const object = PREFIX + (await world.sealing()).objectOf(photo.key);
      world.objects().delete(object);
      const putting = world.again({ elsewhere: true }).put(photo, call);
      while (!world.objects().has(object)) await new Promise((wake) => setImmediate(wake));
      expect(world.objects().get(object)?.etag).not.toBe(theirs.etag);
      world.objects().set(object, theirs);
      expect(await putting).toEqual({ kind: "already" });
      expect((await world.objectOf(photo.key)).etag).toBe(theirs.etag);
    },
    PARTS,
  ),
);
