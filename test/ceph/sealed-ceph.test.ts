import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { BlobSource } from "../../src/ports/blob-store.js";
import { ageSealing } from "../../src/stores/s3/sealing/age-sealing.js";
import { unlockKey } from "../../src/stores/s3/sealing/key-file.js";
import { call, each } from "../contract/blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "../contract/blob-store-samples.js";
import { openCephStore } from "./bucket.js";

const run = promisify(execFile);
const KIB = 1024;

test("what is sealed on Ceph is opened by Debian's age, and what Debian's age seals is opened here", async () => {
  const folder = await mkdtemp(join(tmpdir(), "photosync-sealed-"));
  const mine = join(folder, "mine.txt");
  await run("age-keygen", ["-o", mine]);
  const { stdout: recipient } = await run("age-keygen", ["-y", mine]);
  const identity = await readFile(mine, "utf8");
  const { store, bucket, close } = await openCephStore({
    wholeBytes: 1024 * KIB,
    partBytes: 5 * 1024 * KIB,
    encryption: {
      lock: { kind: "recipients", recipients: [recipient.trim()] },
      secrets: async () => ({ identity }),
    },
  });
  const sizes = [0, 1, 64 * KIB - 1, 64 * KIB, 64 * KIB + 1, 6 * 1024 * KIB + 3];
  const blobs = sizes.map((size, n) => blobOf(sampleBytes(size, n)));
  for (const blob of blobs) await store.put(blob, call);
  const sorted = [...blobs].sort((a: BlobSource, b: BlobSource) => (a.key < b.key ? -1 : 1));
  await store.writeChecksumList(each(sorted), call);

  const fetched = async (object: string): Promise<string> => {
    const path = join(folder, "bucket", object);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await bucket.read(object));
    return path;
  };
  const opened = async (object: string, out: string, key: string): Promise<void> => {
    await mkdir(dirname(join(folder, out)), { recursive: true });
    // As a shell's `>` does: with -o, age makes no file for no bytes.
    const options = { encoding: "buffer", maxBuffer: 64 * 1024 * KIB } as const;
    const { stdout } = await run("age", ["-d", "-i", key, await fetched(object)], options);
    await writeFile(join(folder, out), stdout);
  };
  await opened("key.age", "key.txt", mine);
  const key = join(folder, "key.txt");
  await opened("names.age", "names.txt", key);
  await opened("sums.age", "photos/SHA256SUMS", key);
  for (const line of (await readFile(join(folder, "names.txt"), "utf8")).trim().split("\n")) {
    const [object = "", name = ""] = line.split("  ");
    await opened(object, join("photos", name), key);
  }
  const { stdout } = await run("sha256sum", ["-c", "SHA256SUMS"], { cwd: join(folder, "photos") });
  expect(stdout.match(/: OK/g)).toHaveLength(sizes.length);

  const theirs = blobOf(sampleBytes(130 * KIB, 50));
  const { identity: ofStore } = await unlockKey(
    await readFile(join(folder, "bucket", "key.age")),
    { identity },
    "ceph",
  );
  await writeFile(join(folder, "plain"), await collect(theirs.open()));
  await run("age", ["-r", ofStore.recipient, "-o", join(folder, "theirs"), join(folder, "plain")]);
  await bucket.write(ageSealing(ofStore).objectOf(theirs.key), await readFile(join(folder, "theirs")));
  expect(await store.put(theirs, call)).toEqual({ kind: "already" });
  const bytes = await collect(store.get(theirs.key, call));
  expect(Buffer.compare(bytes, sampleBytes(130 * KIB, 50))).toBe(0);
  await close();
  await rm(folder, { recursive: true, force: true });
});
