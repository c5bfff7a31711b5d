import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PhotosyncError } from "../../../src/domain/errors.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { isWider, VISIBILITIES, type Visibility } from "../../../src/domain/visibility.js";
import { undo } from "../../../src/operations/undo.js";
import { photoDocument } from "../../fakes/fake-catalog.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { makeLibrary, pathOf, type TestLibrary } from "../../unit/operations/library.js";
import { runs } from "../runs.js";

interface Step {
  readonly what: "caption" | "move" | "tag" | "show" | "remove" | "undo-newest" | "undo-any";
  readonly photos: readonly ("a" | "b")[];
  readonly word: string;
  readonly level: Visibility;
  readonly which: number;
}

const step = (whats: readonly Step["what"][]): fc.Arbitrary<Step> =>
  fc.record({
    what: fc.constantFrom(...whats),
    photos: fc.uniqueArray(fc.constantFrom("a" as const, "b" as const), { minLength: 1 }),
    word: fc.constantFrom("one", "two"),
    level: fc.constantFrom(...VISIBILITIES),
    which: fc.nat(9),
  });

const fresh = (content: string): PhotoDocument => photoDocument({ content });

function changed(document: PhotoDocument, { what, word, level }: Step): PhotoDocument {
  const { metadata, visibility } = document;
  if (what === "caption") return { ...document, metadata: { ...metadata, caption: word } };
  if (what === "tag")
    return { ...document, metadata: { ...metadata, tags: [...new Set([...metadata.tags, word])] } };
  if (what === "show") return { ...document, visibility: { ...visibility, canonical: level } };
  const taken_date = word === "one" ? "2020-06-01T12:00:00" : "2024-01-15T10:30:00";
  return { ...document, metadata: { ...metadata, taken_date, caption: word } };
}

/** Performs one step as one operation, making photos that are not there; returns its commit. */
async function perform(library: TestLibrary, one: Step): Promise<string | null> {
  const documents = [...(await library.documents()).values()];
  const before = one.photos.flatMap((content) =>
    documents.filter((document) => document.photo_id === fresh(content).photo_id),
  );
  const after = one.photos.map((content) => {
    const known = before.find((document) => document.photo_id === fresh(content).photo_id);
    return known === undefined ? fresh(content) : changed(known, one);
  });
  const wanted = one.what === "remove" ? [] : after;
  const isSame = JSON.stringify(before) === JSON.stringify(wanted);
  return isSame ? null : library.change(before, wanted);
}

/** The photos as far as anybody may have looked at them, or null where the undo was refused. */
async function takeBack(library: TestLibrary, operation?: string): Promise<string | null> {
  try {
    const result = await undo(library.root, library.control, operation, { dryRun: false }, quietRun());
    return result.commit;
  } catch (error) {
    if (error instanceof PhotosyncError && error.code.startsWith("undo.")) return null;
    throw error;
  }
}

/** The operations that a refusal says are to be undone first. */
async function inTheWay(library: TestLibrary, operation: string): Promise<readonly string[]> {
  try {
    const { commit } = await undo(library.root, library.control, operation, { dryRun: false }, quietRun());
    expect(commit).not.toBeNull();
    return [];
  } catch (error) {
    if (!(error instanceof PhotosyncError) || error.code !== "undo.clash") throw error;
    const named = error.next.join(" ").match(/[0-9a-f]{12}/g) ?? [];
    expect(named).not.toEqual([]);
    return named;
  }
}

const limits = { numRuns: runs(8) };

describe("undo", () => {
  it("of everything, newest first, leads back to the beginning byte by byte", async () => {
    const steps = fc.array(step(["caption", "move", "tag", "remove"]), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const library = await makeLibrary();
        try {
          await library.change([], [fresh("a")]);
          const trees: (string | null)[] = [];
          const tree = async () => library.control.treeId(await library.control.head(), "photos");
          for (const one of all) {
            const before = await tree();
            if ((await perform(library, one)) !== null) trees.push(before);
          }
          for (const expected of trees.reverse()) {
            expect(await takeBack(library)).not.toBeNull();
            expect(await tree()).toBe(expected);
          }
        } finally {
          library.end();
        }
      }),
      limits,
    );
  });

  it("of everything, in any order, undoing first what a refusal names, leads back to the first tree", async () => {
    const steps = fc.array(step(["caption", "move", "tag", "remove"]), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(steps, fc.array(fc.nat(9), { minLength: 5, maxLength: 5 }), async (all, picks) => {
        const library = await makeLibrary();
        try {
          await library.change([], [fresh("a"), fresh("b")]);
          const tree = async () => library.control.treeId(await library.control.head(), "photos");
          const first = await tree();
          const standing: string[] = [];
          for (const one of all) {
            const commit = await perform(library, one);
            if (commit !== null) standing.push(commit);
          }
          const takeOut = async (operation: string): Promise<void> => {
            for (const blocker of await inTheWay(library, operation)) {
              // An earlier blocker's undo may have needed this one's already.
              const full = standing.find((each) => each.startsWith(blocker));
              if (full === undefined) continue;
              expect(standing.indexOf(full)).toBeGreaterThan(standing.indexOf(operation));
              await takeOut(full);
              return takeOut(operation);
            }
            standing.splice(standing.indexOf(operation), 1);
          };
          for (const pick of picks) {
            const operation = standing[pick % Math.max(1, standing.length)];
            if (operation !== undefined) await takeOut(operation);
          }
          expect(standing).toEqual([]);
          expect(await tree()).toBe(first);
        } finally {
          library.end();
        }
      }),
      limits,
    );
  });

  it("in any order never widens what is seen, loses no photo's place, and changes nothing when refused", async () => {
    const kinds = ["caption", "move", "tag", "show", "remove", "undo-newest", "undo-any"] as const;
    const steps = fc.array(step(kinds), { minLength: 2, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const library = await makeLibrary();
        try {
          const operations = [await library.change([], [fresh("a"), fresh("b")])];
          for (const one of all) {
            const before = await library.documents();
            const head = await library.control.head();
            const isUndo = one.what === "undo-newest" || one.what === "undo-any";
            const target = one.what === "undo-any" ? operations[one.which % operations.length] : undefined;
            const commit = isUndo ? await takeBack(library, target) : await perform(library, one);
            if (commit === null) expect(await library.control.head()).toBe(head);
            else operations.push(commit);
            const after = await library.documents();
            expect([...after.keys()]).toEqual([...after.values()].map(pathOf));
            expect(new Set([...after.values()].map((document) => document.photo_id)).size).toBe(after.size);
            if (!isUndo) continue;
            for (const known of before.values()) {
              const now = [...after.values()].find((document) => document.photo_id === known.photo_id);
              if (now === undefined) continue;
              expect(isWider(now.visibility.canonical, known.visibility.canonical)).toBe(false);
            }
          }
        } finally {
          library.end();
        }
      }),
      limits,
    );
  });
});
