import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { onTestFinished } from "vitest";
import type { Failure } from "../../../../src/domain/errors.js";
import type { PhotoDocument } from "../../../../src/domain/photo.js";
import { typeOfName } from "../../../../src/infra/media/media-type.js";
import { executeRestore, type PlaceResult } from "../../../../src/phases/restore/execute-restore.js";
import type { Layout } from "../../../../src/phases/restore/name-photos.js";
import { planRestore } from "../../../../src/phases/restore/plan-restore.js";
import { storeReader } from "../../../../src/phases/restore/read-from-stores.js";
import {
  type RestorePlan,
  type RestoreStep,
  restoreSteps,
} from "../../../../src/phases/restore/restore-plan.js";
import type { BlobStore } from "../../../../src/ports/blob-store.js";
import type { Run } from "../../../../src/ports/phase.js";
import type { Disk } from "../../../../src/stores/disk.js";
import { fileTree } from "../../../../src/stores/file-tree.js";
import { type MemoryStore, memoryStore } from "../../../../src/stores/memory-store.js";
import { fakeLibrary, photoDocument, variantOf } from "../../../fakes/fake-catalog.js";
import { quietRun } from "../../../fakes/replicate-world.js";

export interface RestoreWish {
  readonly photos: readonly PhotoDocument[];
  /** Of these, the ones to restore; all unless told. */
  readonly only?: (document: PhotoDocument) => boolean;
  readonly stores: readonly BlobStore[];
  readonly root: string;
  readonly layout?: Partial<Layout>;
  readonly overwrite?: boolean;
  readonly disk?: Disk;
  readonly run?: Run;
}

export interface Restored {
  readonly plan: RestorePlan;
  readonly steps: readonly RestoreStep[];
  readonly results: readonly PlaceResult[];
  /** Codes of all that is told, the plan's first. */
  readonly codes: readonly string[];
  readonly failures: readonly Failure[];
  readonly suspects: readonly string[];
}

/** An empty folder to restore to, gone after the test. */
export function emptyFolder(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "photosync-restore-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return join(root, "out");
}

/** A store that holds these contents under the keys that their photos give them. */
export function storeOf(name: string, contents: readonly (readonly [PhotoDocument, string])[]): MemoryStore {
  const store = memoryStore(name);
  for (const [document, content] of contents) {
    const hash = createHash("sha256").update(content).digest("hex");
    const variant = (document.variants ?? []).find(({ content_hash }) => content_hash.endsWith(hash));
    store.blobs.set(variant?.blob_key ?? document.blob_key, Buffer.from(content));
  }
  return store;
}

/** What `restore` would do, and unless `dryRun` what comes of it. */
export async function restoreInto(wish: RestoreWish, { dryRun = false } = {}): Promise<Restored> {
  const { photos, stores, root, only = () => true } = wish;
  const run = wish.run ?? quietRun();
  const library = fakeLibrary(photos);
  const catalog = library.catalog();
  const selected = [...catalog.rows()].filter(({ photo_id }) => only(library.get(photo_id)));
  const tree = fileTree(root, wish.disk);
  const plan = await planRestore(
    {
      catalog,
      documents: library.documents,
      tree,
      selected,
      layout: {
        by: "date",
        wantsAlbum: () => true,
        variants: true,
        sidecars: false,
        isMediaName: (name) => typeOfName(name) !== null,
        digest: (text) => createHash("sha256").update(text).digest("hex"),
        ...wish.layout,
      },
      stores: stores.map(({ name }) => name),
      gone: new Map(),
      isSuspect: () => false,
      overwrite: wish.overwrite ?? false,
    },
    run,
  );
  const steps = restoreSteps(plan);
  const results: PlaceResult[] = [];
  const failures: Failure[] = [...plan.failures];
  const suspects: string[] = [];
  if (!dryRun) {
    const reader = storeReader({
      stores: new Map(stores.map((store) => [store.name, store])),
      onBad: (store, { key }, failure) => {
        failures.push(failure);
        suspects.push(`${store} ${key}`);
      },
    });
    const deps = { documents: library.documents, tree, reader };
    for await (const result of executeRestore(plan, deps, run)) {
      results.push(result);
      if (result.kind === "failed" && result.failure !== null && !failures.includes(result.failure))
        failures.push(result.failure);
    }
    failures.push(...reader.stopped());
  }
  return { plan, steps, results, failures, suspects, codes: failures.map(({ code }) => code) };
}

/** Every file below a folder with its text, temporary ones included. */
export function filesIn(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => statSync(join(root, name), { throwIfNoEntry: false })?.isFile());
  return Object.fromEntries(
    files
      .sort()
      .map((name) => [
        relative(root, join(root, name)).split(sep).join("/"),
        readFileSync(join(root, name), "utf8"),
      ]),
  );
}

/** A photo whose original is `content`, recorded in these stores. */
export const photoOf = (
  content: string,
  options: {
    readonly filename?: string;
    readonly taken?: string | null;
    readonly stores?: readonly string[];
    readonly albums?: readonly string[];
    readonly edited?: string;
  } = {},
): PhotoDocument => {
  const { albums, edited, stores = ["a"], ...rest } = options;
  return photoDocument({
    content,
    stores,
    ...rest,
    ...(edited !== undefined && { variants: [variantOf(content, { content: edited, stores })] }),
    ...(albums !== undefined && { with: { albums } }),
  });
};
