import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { PhotosyncError } from "../../../src/domain/errors.js";
import type { BlobKey } from "../../../src/domain/ids.js";
import { photoIdOf } from "../../../src/infra/hash.js";
import { discover } from "../../../src/operations/discover.js";
import { replicate } from "../../../src/operations/replicate.js";
import { resolve } from "../../../src/operations/resolve.js";
import { restore } from "../../../src/operations/restore.js";
import { thawPlanned } from "../../../src/operations/restore-thaw.js";
import { addStore } from "../../../src/operations/stores/add-store.js";
import { removeStore } from "../../../src/operations/stores/remove-store.js";
import { verify } from "../../../src/operations/verify.js";
import type { RestorePlan } from "../../../src/phases/restore/restore-plan.js";
import type { BlobStore } from "../../../src/ports/blob-store.js";
import { memoryStore } from "../../../src/stores/memory-store.js";
import { picture, put } from "../../cli/files.js";
import { blobOf } from "../../contract/blob-store-samples.js";
import { startS3, TEST_KEYS } from "../../emulators/s3/start.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { nobody } from "../../fixtures/scripted-person.js";
import { nobodysComputer } from "../../fixtures/surroundings.js";
import { makeLibrary } from "./library.js";

it("originals in an archive are verified by listing, asked back, and restored when they have come", async () => {
  const library = await makeLibrary();
  const server = await startS3();
  const home = await mkdtemp(join(tmpdir(), "photosync-thaw-"));
  onTestFinished(async () => {
    library.end();
    await server.close();
    await rm(home, { recursive: true, force: true });
  });
  const surroundings = {
    ...nobodysComputer,
    env: {
      ...nobodysComputer.env,
      PHOTOSYNC_STORE_DEEP_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
      PHOTOSYNC_STORE_DEEP_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
    },
  };
  const { root, control } = library;
  const given = {
    endpoint: server.url,
    bucket: "photos",
    storageClass: "DEEP_ARCHIVE",
    create: false,
    versioning: false,
    recipients: [],
    machineRole: false,
  };
  const options = {
    given,
    secretsFromInput: false,
    test: true,
    dryRun: false,
    person: nobody(),
    surroundings,
  };
  await addStore(root, control, { name: "deep", ...options }, quietRun());
  await removeStore(root, control, { name: "local", yes: true, dryRun: false }, quietRun());
  await put(join(home, "pictures"), "a.jpg", await picture(1));
  const paths = [join(home, "pictures")];
  await discover(
    root,
    control,
    { paths, fullScan: false, include: [], exclude: [], hidden: false, dryRun: false },
    quietRun(),
  );
  await resolve(root, control, { autoResolve: "simple", dryRun: false }, quietRun());
  const stored = await replicate(root, control, { mode: "do", to: [], surroundings }, quietRun());
  expect(stored).toMatchObject({ outcome: "done", counts: { done: 1 } });
  expect(server.state.log.filter(({ operation }) => operation === "GetObject").length).toBeGreaterThan(0);

  const prove = (deep: boolean) =>
    verify(root, control, { deep, repair: false, dryRun: false, surroundings }, quietRun());
  expect(await prove(false)).toMatchObject({ outcome: "done", counts: { checked: 1, ok: 1 } });
  const deeply = await prove(true);
  expect(deeply).toMatchObject({ outcome: "partial", counts: { missing: 0, corrupt: 0 } });
  expect(deeply.failures).toMatchObject([{ message: expect.stringContaining("archive") }]);

  const to = join(home, "out");
  const back = (thaw: boolean, dryRun = false) =>
    restore(
      root,
      control,
      {
        photos: [],
        filter: { undated: false, conflicts: false },
        to,
        by: "date",
        variants: true,
        sidecars: false,
        overwrite: false,
        dryRun,
        surroundings,
        ...(thaw ? { thaw: { days: 7, tier: "bulk" as const } } : {}),
      },
      quietRun(),
    );
  expect(await back(true, true)).toMatchObject({ thaw: { ready: 0, asked: 1, coming: 0, hours: 48 } });
  expect(server.state.log.map(({ operation }) => operation)).not.toContain("RestoreObject");
  expect(await back(true)).toMatchObject({ outcome: "done", thaw: { asked: 1, coming: 0, hours: 48 } });
  expect(await back(true)).toMatchObject({ thaw: { asked: 0, coming: 1, hours: 48 } });
  expect(existsSync(to)).toBe(false);
  expect(await back(false)).toMatchObject({ outcome: "partial", failures: [{ code: "store.archived" }] });
  server.thaw();
  expect(await back(true)).toMatchObject({ thaw: { ready: 1, asked: 0, hours: null } });
  expect(await back(false)).toMatchObject({ outcome: "done", counts: { done: 1 } });
});

it("goes on with the next originals after a refusal, tells each reason once, and stops where all would be refused", async () => {
  const blobs = Array.from({ length: 450 }, (_, n) => blobOf(Buffer.from(`${n}`)));
  const odd = new Set(blobs.filter((_, n) => n % 5 === 0).map(({ key }) => key));
  const plan: RestorePlan = {
    photos: blobs.map(({ key, hash, sizeBytes }) => ({
      photo_id: photoIdOf(hash),
      document: "",
      modifiedMs: null,
      blobs: [
        {
          role: "original",
          hash,
          key,
          bytes: sizeBytes,
          stores: ["deep"],
          places: [{ path: key, state: "write" }],
        },
      ],
      sidecars: [],
    })),
    failures: [],
  };
  const error = (kind: "user" | "transient", code: string) =>
    new PhotosyncError({ kind, code, message: "No.", next: [] });
  const asked = async (refuse: (key: BlobKey) => PhotosyncError | null) => {
    const seen: BlobKey[] = [];
    const store: BlobStore = {
      ...memoryStore("deep"),
      thaw: async (batch) => {
        seen.push(...batch);
        return new Map(
          batch.map((key) => {
            const refusal = refuse(key);
            return [
              key,
              refusal === null ? { kind: "asked", hours: 12 } : { kind: "refused", error: refusal },
            ] as const;
          }),
        );
      },
    };
    const how = { days: 7, tier: "bulk", ask: true } as const;
    return { ...(await thawPlanned(plan, new Map([["deep", store]]), how, quietRun())), seen: seen.length };
  };
  const some = await asked((key) => (odd.has(key) ? error("transient", "store.unavailable") : null));
  expect(some).toMatchObject({ seen: 450, thaw: { asked: 360, hours: 12 } });
  expect(some.failures).toMatchObject([{ subject: "store deep", code: "store.unavailable" }]);
  const barred = await asked(() => error("user", "store.no-permission"));
  expect(barred).toMatchObject({ seen: 200, thaw: { asked: 0, hours: null } });
  expect(barred.failures).toMatchObject([{ code: "store.no-permission" }]);
});
