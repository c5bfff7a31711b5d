import { join } from "node:path";
import { expect, it } from "vitest";
import { blobsIn, picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";

it("takes each kind of operation back by a new commit, and back again; blobs stay", async () => {
  const home = await tempFolder();
  const pictures = join(home, "pictures");
  for (const seed of [1, 2]) await put(pictures, `${seed}.jpg`, await picture(seed));
  const library = await Library.fresh(join(home, "library"));
  const begun = library.tree();
  await library.run("discover", pictures);
  const discovered = library.tree();
  await library.run("resolve");
  const resolved = library.tree();
  await library.run("replicate", "--execute");
  const replicated = library.tree();
  const blobs = await blobsIn(join(library.path, "blobs"));

  const [replicate, resolve, discover, init] = (await library.run("log")).operations;
  const clash = await library.run("undo", discover?.id ?? "");
  expect(clash).toMatchObject({ exit: 10, error: { code: "undo.clash" } });
  expect(clash.error?.hint).toContain(resolve?.id);
  expect(clash.error?.hint).toContain(replicate?.id);
  expect(library.tree()).toBe(replicated);

  expect(await library.run("undo")).toMatchObject({ exit: 0, undone: { id: replicate?.id } });
  expect(library.tree()).toBe(resolved);
  const [undoing] = (await library.run("log")).operations;
  expect(await library.run("undo", undoing?.id ?? "")).toMatchObject({ exit: 0 });
  expect(library.tree()).toBe(replicated);

  await library.run("undo");
  expect(await library.run("undo")).toMatchObject({ exit: 0, undone: { command: "resolve" } });
  expect(library.tree()).toBe(discovered);
  expect(await library.run("undo")).toMatchObject({
    exit: 0,
    undone: { command: "discover" },
    counts: { removed: 2 },
  });
  expect(library.tree()).toBe(begun);
  expect(await library.run("undo")).toMatchObject({ exit: 2, error: { code: "undo.nothing" } });
  expect(await library.run("undo", init?.id ?? "")).toMatchObject({
    exit: 2,
    error: { code: "undo.first-commit" },
  });
  expect(await library.run("undo", discover?.id ?? "")).toMatchObject({
    exit: 2,
    error: { code: "undo.already" },
  });
  expect(await blobsIn(join(library.path, "blobs"))).toEqual(blobs);

  expect(await library.run("discover", pictures)).toMatchObject({ exit: 0, counts: { new: 2 } });
  await library.run("resolve");
  const refilled = await library.run("replicate", "--execute");
  expect(refilled).toMatchObject({ exit: 0, counts: { planned: 2, skipped: 2, done: 0, bytes: 0 } });
  expect(await library.run("verify", "--deep")).toMatchObject({ exit: 0, counts: { checked: 2, ok: 2 } });
});
