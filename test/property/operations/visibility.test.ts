import fc from "fast-check";
import { expect, it } from "vitest";
import { photoEdit } from "../../../src/control/records.js";
import { approvalFor, EVERY_SERVICE } from "../../../src/domain/approvals.js";
import { PhotosyncError } from "../../../src/domain/errors.js";
import { mergeFinding } from "../../../src/domain/merge.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import { isWider, VISIBILITIES } from "../../../src/domain/visibility.js";
import { audit } from "../../../src/operations/audit.js";
import { formatMessage } from "../../../src/operations/operation-message.js";
import { setVisibility } from "../../../src/operations/set-visibility.js";
import { undo } from "../../../src/operations/undo.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { contextAt, found, PHOTO_ID, readingsOf } from "../../unit/domain/photo-world.js";
import { makeLibrary, pathOf, type TestLibrary } from "../../unit/operations/library.js";
import { runs } from "../runs.js";

const READINGS = readingsOf(["a", {}]);
const level = fc.constantFrom(...VISIBILITIES);
const deed = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant("set" as const), level }), weight: 3 },
  fc.record({
    kind: fc.constant("discover" as const),
    service: fc.constantFrom("folder", "flickr", "google-photos"),
    seen: fc.constantFrom(...VISIBILITIES, "unknown" as const),
  }),
  fc.constant({ kind: "resolve" } as const),
  fc.constant({ kind: "undo-newest" } as const),
  fc.record({ kind: fc.constant("undo-any" as const), which: fc.nat(9) }),
);
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

const at = (turn: number): string => `2024-03-01T00:00:${String(turn).padStart(2, "0")}Z`;
const runAt = (turn: number) => ({ ...quietRun(), clock: { now: () => at(turn) } });

async function photoOf(library: TestLibrary): Promise<PhotoDocument> {
  const [document] = (await library.documents()).values();
  return document ?? expect.unreachable();
}

/** Does one deed as one operation; gives its commit, or null where it changed nothing or was refused. */
async function perform(
  library: TestLibrary,
  one: Deed,
  commits: readonly string[],
  turn: number,
): Promise<string | null> {
  const document = await photoOf(library);
  const { root, control } = library;
  const change = (next: PhotoDocument) => (next === document ? null : library.change([document], [next]));
  switch (one.kind) {
    case "set": {
      const options = { photo: PHOTO_ID, level: one.level, reason: "", yes: true, dryRun: false };
      return (await setVisibility(root, control, { ...options, confirm: null }, runAt(turn))).commit;
    }
    case "discover": {
      const { service, seen } = one;
      const sighting = found({ service, id: service, visibility: seen });
      return change(mergeFinding(document, sighting, READINGS, contextAt(at(turn), "private")));
    }
    case "resolve":
      return change(resolveDocument(document, { enabledRules: DEFAULT_RULES, now: at(turn) }).document);
    default: {
      const target = one.kind === "undo-any" ? commits[one.which % Math.max(1, commits.length)] : undefined;
      try {
        return (await undo(root, control, target, { dryRun: false }, runAt(turn))).commit;
      } catch (error) {
        if (error instanceof PhotosyncError && error.code.startsWith("undo.")) return null;
        throw error;
      }
    }
  }
}

const inForce = ({ approvals = [] }: PhotoDocument) =>
  approvalFor(approvals, EVERY_SERVICE)?.visibility ?? "private";

it("is never wider than the last decision in force, nor narrower because a service shows it to fewer", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 3, maxLength: 10 }), async (deeds) => {
      const library = await makeLibrary();
      try {
        const first = found({ service: "folder", id: "folder", visibility: "private" });
        const begun = mergeFinding(null, first, READINGS, contextAt(at(0), "private"));
        // Of a command whose undo nobody gets without naming it: the photo is to stay.
        const message = formatMessage({ command: "init", summary: "a photo", runId: "test" });
        await library.commit([photoEdit(pathOf(begun), begun)], message);
        const commits: string[] = [];
        for (const [turn, one] of deeds.entries()) {
          const before = await photoOf(library);
          const commit = await perform(library, one, commits, turn + 1);
          if (commit !== null) commits.push(commit);
          const after = await photoOf(library);
          const { canonical } = after.visibility;
          expect(isWider(canonical, inForce(after))).toBe(false);
          if (one.kind === "set") expect([canonical, inForce(after)]).toEqual([one.level, one.level]);
          else {
            expect(isWider(canonical, before.visibility.canonical)).toBe(false);
            expect(isWider(inForce(after), inForce(before))).toBe(false);
          }
          if (one.kind === "discover" || one.kind === "resolve")
            expect([canonical, after.approvals]).toEqual([before.visibility.canonical, before.approvals]);
        }
        // What Git tells ends where the document is, and everything that widened it was decided.
        const options = { history: { photo: PHOTO_ID } };
        const { history = [] } = await audit(library.root, library.control, options, quietRun());
        const levels = history.flatMap((event) => (event.canonical === null ? [] : [event]));
        expect(levels.at(-1)?.canonical?.to).toBe((await photoOf(library)).visibility.canonical);
        for (const { canonical, cause } of levels) {
          const { from, to } = canonical ?? expect.unreachable();
          if (to !== null && isWider(to, from ?? "private")) expect(cause).toBe("approval");
        }
      } finally {
        library.end();
      }
    }),
    { numRuns: runs(10) },
  );
});
