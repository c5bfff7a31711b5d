import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compilePreload, watching } from "../faults/preload.js";
import { blobsIn, picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { git } from "./run-program.js";
import { sha256Hex } from "./sha256.js";

let preload = "";
beforeAll(() => {
  preload = compilePreload();
});
afterAll(() => rm(preload, { recursive: true, force: true }));

/** More than is read at once, so that a disk can fail in the middle of it. */
const MUCH = 9 * 1024 * 1024;

/** A library with a small and a big photo, proven in its store, the big one's place, and the same library on a disk that is bad there. */
async function world() {
  const home = await tempFolder();
  const pictures = join(home, "pictures");
  const small = await picture(1);
  const big = Buffer.concat([await picture(2), Buffer.alloc(MUCH, 7)]);
  await put(pictures, "small.jpg", small);
  await put(pictures, "big.jpg", big);
  const library = await Library.fresh(join(home, "library"));
  await library.run("discover", pictures);
  await library.run("resolve");
  await library.run("replicate", "--execute");
  const blobs = join(library.path, "blobs");
  const key = library.photo("big.jpg").document.blob_key;
  const onBadDisk = (after: number): Library =>
    new Library(
      library.path,
      watching(preload, {
        roots: [join(blobs, key)],
        log: join(home, "operations.log"),
        mode: "unreadable",
        after,
      }),
    );
  return { home, pictures, library, blobs, key, small, big, onBadDisk };
}

it("never counts what the disk does not give as proven, nor as read", async () => {
  const { library, small, onBadDisk } = await world();
  const proven = library.tree();
  for (const [after, bytesOfBig] of [
    [0, 0],
    [3, 3 * 1024 * 1024],
  ] as const) {
    const found = await onBadDisk(after).run("verify", "--deep");
    expect(found).toMatchObject({
      exit: 14,
      counts: { checked: 2, ok: 1, corrupt: 1, bytes_read: small.length + bytesOfBig, read_whole: 1 },
      failures: [{ code: "file.io-error" }],
    });
  }
  expect(library.tree()).toBe(proven);
});

it("refills what cannot be read from a good copy, keeps the old file, and records the new proof", async () => {
  const { library, blobs, key, big, pictures, onBadDisk } = await world();
  const good = await blobsIn(blobs);
  // Without a good copy the file stays: what is unreadable today may be read by somebody with better tools.
  await rename(pictures, `${pictures}.away`);
  const stuck = await onBadDisk(0).run("verify", "--deep", "--repair");
  expect(stuck).toMatchObject({ exit: 14, commit: null, counts: { repaired: 0, unrepaired: 1 } });
  expect(await blobsIn(blobs)).toEqual(good);

  // A place with other bytes than recorded is no good copy: it is hashed before anything is touched.
  await put(pictures, "big.jpg", Buffer.alloc(big.length, 1));
  const wrong = await onBadDisk(0).run("verify", "--deep", "--repair");
  expect(wrong).toMatchObject({ exit: 14, commit: null, counts: { repaired: 0, unrepaired: 1 } });
  expect(await blobsIn(blobs)).toEqual(good);

  await writeFile(join(pictures, "big.jpg"), big);
  const before = library.photo("big.jpg").document.replicas["local"]?.verified_at;
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const mended = await onBadDisk(0).run("verify", "--deep", "--repair");
  expect(mended.counts).toMatchObject({ repaired: 1, unrepaired: 0, read_whole: 1 });
  expect(mended).toMatchObject({ exit: 0, failures: [] });
  expect(library.photo("big.jpg").document.replicas["local"]?.verified_at).not.toBe(before);
  expect((await blobsIn(blobs))[key]).toBe(good[key]);
  const aside = await readdir(join(blobs, ".set-aside"));
  expect(aside).toHaveLength(1);
  // Hashes, for the matcher looks at nine million bytes one by one, and takes two minutes.
  expect(sha256Hex(await readFile(join(blobs, ".set-aside", aside[0] ?? "")))).toBe(sha256Hex(big));
  expect(await library.run("verify", "--deep")).toMatchObject({ exit: 0, counts: { ok: 2, read_whole: 2 } });
});

it("finds a replica that is recorded under a key of something else, and records the right one", async () => {
  const { library, blobs } = await world();
  const good = await blobsIn(blobs);
  const [{ path, document }, other] = [library.photo("small.jpg"), library.photo("big.jpg")];
  const replicas = { local: { ...document.replicas["local"], key: other.document.blob_key } };
  await put(library.path, path, `${JSON.stringify({ ...document, replicas }, null, 2)}\n`);
  git(library.path, "commit", "--all", "--quiet", "--message", "by hand");

  for (const args of [[], ["--deep"]]) {
    const found = await library.run("verify", ...args);
    expect(found).toMatchObject({
      exit: 3,
      counts: { checked: 2, ok: 1, missing: 1 },
      failures: [{ subject: document.photo_id, code: "replica.misrecorded" }],
    });
  }
  const shown = await library.run("verify", "--repair", "--dry-run");
  const mended = await library.run("verify", "--repair");
  expect(mended).toMatchObject({ exit: 0, failures: [], counts: { repaired: 1 }, plan: shown.plan });
  expect(library.documentAt(path).replicas["local"]?.key).toBe(document.blob_key);
  expect(await blobsIn(blobs)).toEqual(good);
  expect(await library.run("verify", "--deep")).toMatchObject({ exit: 0, counts: { ok: 2 } });
});
