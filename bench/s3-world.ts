import { spawnSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { startCluster } from "../test/ceph/cluster.js";
import type { Bench } from "./benchmark.js";
import { versionOf } from "./measure.js";

/** Transfers at once, of photosync and of rclone alike. */
const AT_ONCE = "8";

/** A real S3 server on this computer, and how photosync and rclone reach it. */
export interface S3World {
  readonly client: S3Client;
  /** For photosync. */
  readonly env: Readonly<Record<string, string>>;
  /** An rclone command; `ceph:BUCKET` names a bucket. */
  rclone(...args: readonly string[]): [string, ...string[]];
  makeBucket(name: string): Promise<void>;
  /** Gives a library a store in this bucket, beside its local one and in the place of others; `cloud` unless it is encrypted, and then `sealed`. */
  addStore(library: string, bucket: string, how?: "sealed"): Promise<void>;
}

/** Installs rclone from the system's packages where this process may. */
function requireRclone(): void {
  if (versionOf("rclone", "version") !== null) return;
  if (process.getuid?.() === 0)
    spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "rclone"], { stdio: "ignore" });
  if (versionOf("rclone", "version") === null)
    throw new Error("rclone is not installed. Once, as root: apt-get install rclone");
}

/** Runs `task` with a fresh Ceph cluster in memory, which ends with it. Ceph's packages come with `npm run test:ceph`. */
export async function inS3World<T>(bench: Bench, task: (world: S3World) => Promise<T>): Promise<T> {
  requireRclone();
  const cluster = await startCluster(bench.log);
  const { endpoint, accessKeyId, secretAccessKey } = cluster;
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  try {
    const config = join(bench.dir, "rclone.conf");
    await mkdir(bench.dir, { recursive: true });
    const keys = `access_key_id = ${accessKeyId}\nsecret_access_key = ${secretAccessKey}\n`;
    await writeFile(config, `[ceph]\ntype = s3\nprovider = Ceph\n${keys}endpoint = ${endpoint}\n`);
    return await task({
      client,
      env: {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        PHOTOSYNC_PASSPHRASE: "correct horse battery staple",
        PHOTOSYNC_KEYCHAIN: "off",
      },
      rclone: (...args) => [
        "rclone",
        "--config",
        config,
        "--transfers",
        AT_ONCE,
        "--checkers",
        AT_ONCE,
        ...["--exclude", "SHA256SUMS", "--exclude", ".photosync*", "--exclude", "library/**"],
        ...args,
      ],
      async makeBucket(name) {
        await client.send(new CreateBucketCommand({ Bucket: name }));
      },
      async addStore(library, bucket, how) {
        const path = join(library, "config", "user-preferences.json");
        const preferences: { blob_storage: { stores?: object } } = JSON.parse(await readFile(path, "utf8"));
        const place = { type: "s3", bucket, region: "us-east-1", endpoint, concurrency: Number(AT_ONCE) };
        preferences.blob_storage.stores =
          how === "sealed" ? { sealed: { ...place, encryption: "age" } } : { cloud: place };
        await writeFile(path, `${JSON.stringify(preferences, null, 2)}\n`);
      },
    });
  } finally {
    client.destroy();
    await cluster.stop();
    await rm(join(bench.dir, "rclone.conf"), { force: true });
  }
}
