import fc from "fast-check";
import { expect, it } from "vitest";
import { PhotosyncError } from "../../../src/domain/errors.js";
import { undo } from "../../../src/operations/undo.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { runs } from "../runs.js";
import { copyOf, deeds, livedThrough, type WorkingLife } from "./working-life.js";

const limits = { numRuns: runs(4) };
const timeout = 600_000;

/** Undoes an operation, and before it whatever its refusal names. */
async function takeOut(life: WorkingLife, operation: string): Promise<void> {
  for (;;) {
    const taken = await life.undo(operation);
    if (taken.kind === "told") return;
    expect(taken.code).toBe("undo.clash");
    const [blocker] = taken.next.join(" ").match(/[0-9a-f]{12}/g) ?? [];
    if (blocker === undefined) expect.unreachable(`refused without advice: ${taken.next.join(" ")}`);
    else await takeOut(life, blocker);
  }
}

it("random lives, undone in any order, lead back to the first tree", { timeout }, async () => {
  const lives = fc.record({
    before: fc.array(deeds, { maxLength: 2 }),
    after: fc.array(deeds, { minLength: 1, maxLength: 6 }),
    picks: fc.infiniteStream(fc.nat(99)),
  });
  await fc.assert(
    fc.asyncProperty(lives, async ({ before, after, picks }) => {
      const life = await livedThrough(before.filter(({ kind }) => kind !== "undo" && kind !== "redo"));
      try {
        const first = await life.tree();
        const old = new Set((await life.standing()).map(({ revision }) => revision));
        const left = async () => (await life.standing()).filter(({ revision }) => !old.has(revision));
        for (const deed of after) await life.happen(deed);
        // An undo among the deeds may have taken out what stood before them: it is put back first.
        for (;;) {
          const undone = (await life.operations()).find(
            ({ revision, undone_by }) => old.has(revision) && undone_by !== null,
          );
          if (undone?.undone_by === null || undone?.undone_by === undefined) break;
          await takeOut(life, undone.undone_by);
        }
        for (let standing = await left(); standing.length > 0; standing = await left()) {
          const pick = standing[(picks.next().value ?? 0) % standing.length];
          if (pick !== undefined) await takeOut(life, pick.revision);
        }
        expect(await life.tree()).toBe(first);
      } finally {
        life.end();
      }
    }),
    limits,
  );
});

it("a discover that was undone finds the same photos again, in the same documents", { timeout }, async () => {
  const few = fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 4 });
  const lives = fc.record({ before: fc.array(deeds, { maxLength: 3 }), pictures: few, rated: few });
  await fc.assert(
    fc.asyncProperty(lives, async ({ before, pictures, rated }) => {
      const life = await livedThrough(before);
      try {
        life.holdTime();
        const head = await life.library.control.head();
        life.fill(pictures, rated);
        await life.discover();
        const [found] = await life.standing();
        if (found === undefined || (await life.library.control.head()) === head) return;
        const tree = await life.tree();
        expect(await life.undo(found.revision)).toMatchObject({ kind: "told" });
        await life.discover();
        expect(await life.tree()).toBe(tree);
      } finally {
        life.end();
      }
    }),
    limits,
  );
});

it("a dry run of undo tells what the real one then does, and does nothing", { timeout }, async () => {
  const lives = fc.record({
    all: fc.array(deeds, { minLength: 2, maxLength: 6 }),
    picks: fc.array(fc.nat(9), { minLength: 3, maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(lives, async ({ all, picks }) => {
      const life = await livedThrough(all);
      try {
        for (const pick of picks) {
          const operations = (await life.operations()).slice(0, -1);
          const target = operations[pick % Math.max(1, operations.length)];
          if (target === undefined) return;
          const [head, before] = [await life.library.control.head(), await life.library.documents()];
          const shown = await life.undo(target.revision, true);
          expect(await life.library.control.head()).toBe(head);
          const done = await life.undo(target.revision);
          if (done.kind === "refused") {
            expect(shown).toEqual(done);
            continue;
          }
          expect(shown).toEqual({ ...done, result: { ...done.result, dry_run: true, commit: null } });
          const idsOf = (documents: typeof before) =>
            new Map(
              [...documents].map(([path, document]) => [document.photo_id, path + JSON.stringify(document)]),
            );
          const [old, now] = [idsOf(before), idsOf(await life.library.documents())];
          expect(done.result.counts).toMatchObject({
            removed: [...old.keys()].filter((id) => !now.has(id)).length,
            recreated: [...now.keys()].filter((id) => !old.has(id)).length,
            restored: [...now].filter(([id, text]) => old.has(id) && old.get(id) !== text).length,
          });
        }
      } finally {
        life.end();
      }
    }),
    {
      ...limits,
      // What was replayed came out as it was, and was counted as set back all the same.
      examples: [
        [
          {
            all: [
              { kind: "discover", pictures: [0], rated: [] },
              { kind: "resolve" },
              { kind: "discover", pictures: [], rated: [0] },
            ],
            picks: [1, 0, 0],
          },
        ],
      ],
    },
  );
});

it("two undos that do not stand in each other's way can be done in either order", { timeout }, async () => {
  const lives = fc.record({
    all: fc.array(deeds, { minLength: 3, maxLength: 6 }),
    one: fc.nat(9),
    other: fc.nat(9),
  });
  await fc.assert(
    fc.asyncProperty(lives, async ({ all, one, other }) => {
      const life = await livedThrough(all);
      try {
        const standing = await life.standing();
        const [first, second] = [one, other].map(
          (at) => standing[at % Math.max(1, standing.length)]?.revision,
        );
        if (first === undefined || second === undefined || first === second) return;
        const copy = await copyOf(life);
        try {
          // False where the operation is built upon by one that stands.
          const there = (operation: string) =>
            undo(copy.root, copy.control, operation, { dryRun: false }, quietRun()).then(
              () => true,
              (error: unknown) => {
                if (error instanceof PhotosyncError && error.code === "undo.clash") return false;
                throw error;
              },
            );
          const isFree =
            (await life.undo(first)).kind === "told" && (await life.undo(second)).kind === "told";
          if (!isFree) return;
          if (!(await there(second))) return;
          expect(await there(first)).toBe(true);
          expect(await copy.control.treeId(await copy.control.head(), "")).toBe(await life.tree());
        } finally {
          copy.end();
        }
      } finally {
        life.end();
      }
    }),
    limits,
  );
});
