import fc from "fast-check";
import { expect, it } from "vitest";
import { objectId } from "../../../src/control/git-object.js";
import type { FileEdit } from "../../../src/ports/control-plane.js";
import { call, makeWorld } from "../../unit/control/native-git.js";
import { runs } from "../runs.js";

// Few names, so that edits meet; with neighbours of "/" in byte order, where sorting goes wrong first.
const folder = fc.constantFrom("", "p/", "p/q/", "p-q/", "p.q/", "é/");
const name = fc.constantFrom("a.json", "a-b.json", "b", "z.json", "ü.json");
const edit: fc.Arbitrary<FileEdit> = fc.record({
  path: fc.tuple(folder, name).map(([before, after]) => before + after),
  bytes: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: null, freq: 3 }),
});
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("commit" as const), edits: fc.array(edit, { maxLength: 12 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("bulk" as const), from: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("gc" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reopen" as const) }) },
);

function* bulk(from: number): Generator<FileEdit> {
  for (let at = from; at < from + 230; at++)
    yield { path: `bulk/${at % 5}/${at}.json`, bytes: Buffer.from(`${at} ${from}`) };
}

it("any series of commits equals a map of files, and native Git agrees", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const world = await makeWorld();
      const model = new Map<string, string>();
      let plane = world.plane;
      try {
        for (const one of steps) {
          if (one.kind === "gc") world.git("gc", "-q");
          if (one.kind === "reopen") plane = await world.reopen();
          if (one.kind === "gc" || one.kind === "reopen") continue;
          const edits = one.kind === "bulk" ? [...bulk(one.from)] : one.edits;
          const before = JSON.stringify([...model].sort());
          for (const { path, bytes } of edits) {
            if (bytes === null) model.delete(path);
            else model.set(path, objectId("blob", bytes));
          }
          const outcome = await plane.commit(await plane.head(), edits, "step", call);
          expect(outcome.kind).toBe(JSON.stringify([...model].sort()) === before ? "same" : "ok");
          const head = await plane.head();
          if (/^0+$/.test(head)) continue;
          const listed = new Map<string, string>();
          for await (const { path, oid } of plane.listFiles(head, "", call)) listed.set(path, oid);
          expect(listed).toEqual(model);
          expect(world.git("status", "--porcelain")).toBe("");
          const native = world.git("ls-tree", "-r", "-z", "HEAD").split("\0").filter(Boolean);
          expect(native.map((line) => line.split(/[ \t]/).slice(2))).toEqual(
            [...listed].map(([path, oid]) => [oid, path]),
          );
        }
        expect(world.git("fsck", "--strict", "--full", "--no-dangling")).toBe("");
      } finally {
        world.end();
      }
    }),
    { numRuns: runs(12) },
  );
});
