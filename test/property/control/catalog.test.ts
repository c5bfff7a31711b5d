import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openCatalog } from "../../../src/control/catalog.js";
import { RunningSums } from "../../../src/control/catalog-sums.js";
import { openLocalIndex } from "../../../src/control/local-index.js";
import { photoEdit } from "../../../src/control/records.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import type { Catalog } from "../../../src/ports/catalog.js";
import type { FileEdit } from "../../../src/ports/control-plane.js";
import { photoDocument, variantOf } from "../../fakes/fake-catalog.js";
import { call, drop, makeWorld, put } from "../../unit/control/native-git.js";
import { runs } from "../runs.js";

const CONTENTS = ["a", "b", "c"] as const;
const MONTHS = ["2024/01", "2024/02", "undated"] as const;
/** Bytes that any photo may claim as its variant, so that two photos can claim the same. */
const SHARED = ["x", "y", "a"] as const;

interface Change {
  readonly content: (typeof CONTENTS)[number];
  readonly month: (typeof MONTHS)[number];
  readonly what: "write" | "break" | "remove" | "misname";
  readonly variant: (typeof SHARED)[number] | null;
  readonly caption: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  content: fc.constantFrom(...CONTENTS),
  month: fc.constantFrom(...MONTHS),
  what: fc.constantFrom("write", "write", "write", "break", "remove", "misname"),
  variant: fc.option(fc.constantFrom(...SHARED), { nil: null }),
  caption: fc.constantFrom("one", "two"),
});

const documentOf = ({ content, variant, caption }: Change): PhotoDocument => {
  const made = photoDocument({
    content,
    ...(variant === null || variant === content
      ? {}
      : { variants: [variantOf(content, { content: variant })] }),
  });
  return { ...made, metadata: { ...made.metadata, caption } };
};

function editOf(one: Change): FileEdit {
  const document = documentOf(one);
  const path = `photos/${one.month}/${document.photo_id}.json`;
  if (one.what === "remove") return drop(path);
  if (one.what === "break") return put(path, `{"photo_id": "${document.photo_id}"`);
  const other = documentOf({ ...one, content: one.content === "a" ? "b" : "a", variant: null });
  return photoEdit(path, one.what === "misname" ? other : document);
}

const HASHES = [...CONTENTS, ...SHARED].map((content) => photoDocument({ content }).content_hash);

/** Everything that a catalog answers. */
const answersOf = (catalog: Catalog) => {
  const rows = [...catalog.rows()];
  return {
    rows,
    single: CONTENTS.map((content) => catalog.row(photoDocument({ content }).photo_id)),
    owners: HASHES.map((hash) => catalog.photoOfHash(hash)),
    invalid: catalog.invalid(),
    sums: catalog.sums(),
  };
};

describe("openCatalog", () => {
  it("brought up to date commit by commit, answers as one built from nothing", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        async (commits) => {
          const world = await makeWorld();
          const indexHome = mkdtempSync(join(tmpdir(), "photosync-fresh-"));
          const followed = await openLocalIndex(world.dir, { scratch: false });
          const fresh = await openLocalIndex(indexHome, { scratch: false });
          try {
            for (const changes of commits) {
              await world.plane.commit(await world.plane.head(), changes.map(editOf), "test: changes", call);
              await openCatalog(followed, world.plane, await world.plane.head(), call);
            }
            const head = await world.plane.head();
            const refreshed = answersOf(await openCatalog(followed, world.plane, head, call));
            const rebuilt = answersOf(await openCatalog(fresh, world.plane, head, call));
            expect(refreshed).toEqual(rebuilt);
            expect(refreshed.sums).toEqual(RunningSums.of(rebuilt.rows));
            const rowIds = rebuilt.rows.map((row) => row.photo_id);
            expect(new Set(rowIds).size).toBe(rowIds.length);
            for (const owner of rebuilt.owners) if (owner !== null) expect(rowIds).toContain(owner);
            // Every document in the tree is either a row or reported, and nothing else is.
            const files: string[] = [];
            for await (const file of world.plane.listFiles(head, "photos", call)) files.push(file.path);
            const told = [
              ...rebuilt.rows.map((row) => row.path),
              ...rebuilt.invalid.map(({ subject }) => subject),
            ];
            expect(told.sort()).toEqual(files.sort());
          } finally {
            await followed.close();
            await fresh.close();
            world.end();
            rmSync(indexHome, { recursive: true, force: true });
          }
        },
      ),
      { numRuns: runs(12) },
    );
  });
});
