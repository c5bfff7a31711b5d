import { join } from "node:path";
import { expect, it } from "vitest";
import { picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { git, photosync } from "./run-program.js";

/** A library of two photos that only their owner can see. */
async function world(): Promise<Library> {
  const home = await tempFolder();
  const pictures = join(home, "pictures");
  for (const seed of [1, 2]) await put(pictures, `${seed}.jpg`, await picture(seed));
  const library = await Library.fresh(join(home, "library"));
  await library.run("discover", pictures);
  await library.run("resolve");
  return library;
}

it("shows a photo to more people only where the owner agreed, and tells how that came to be", async () => {
  const library = await world();
  const begun = library.tree();
  const refused = await library.run("visibility set", "1.jpg", "public");
  expect(refused).toMatchObject({ exit: 2, error: { code: "visibility.needs-yes" } });
  expect(refused.error?.hint).toContain("--yes");
  const shown = await library.run("visibility set", "1.jpg", "public", "--dry-run");
  expect(shown).toMatchObject({ exit: 0, dry_run: true, to: "public", commit: null });
  expect(library.tree()).toBe(begun);

  const reason = "for the exhibition";
  const widened = await library.run("visibility set", "1.jpg", "public", "--yes", "--reason", reason);
  expect(widened).toMatchObject({
    exit: 0,
    command: "visibility set",
    from: "private",
    to: "public",
    wider: true,
    approval: { service: "*", visibility: "public", approved_by: "Ada", reason },
  });
  expect(git(library.path, "show", "-s", "--format=%an %s")).toMatch(/^Ada visibility: 1\.jpg/);
  expect(library.photo("1.jpg").document.visibility.canonical).toBe("public");
  expect(await library.run("visibility set", "1.jpg", "public")).toMatchObject({ exit: 0, commit: null });

  // Neither a new look at the folder, which nobody else sees, nor resolving takes it back.
  await library.run("discover", "--full-scan");
  await library.run("resolve");
  expect(library.photo("1.jpg").document.visibility.canonical).toBe("public");
  expect(library.photo("2.jpg").document.visibility.canonical).toBe("private");

  const audited = await library.run("audit", "--history");
  expect(audited).toMatchObject({
    exit: 0,
    history: [{ filename: "1.jpg", command: "visibility", cause: "approval", approved: [{ reason }] }],
  });
  expect((await library.run("audit", "--history", "2.jpg")).history).toMatchObject([{ cause: "found" }]);
  expect(await library.run("audit")).not.toHaveProperty("history");
  expect(await library.run("audit", "2.jpg")).toMatchObject({
    exit: 2,
    error: { code: "usage.flags-disagree" },
  });
});

it("narrows without a question, and undo never widens", async () => {
  const library = await world();
  await library.run("visibility set", "1.jpg", "friends", "--yes");
  const widened = library.tree();
  expect(await library.run("visibility set", "1.jpg", "private")).toMatchObject({ exit: 0, wider: false });
  expect(await library.run("undo")).toMatchObject({ exit: 0, counts: { kept_narrower: 1 } });
  expect(library.photo("1.jpg").document.visibility.canonical).toBe("private");
  expect(library.tree()).not.toBe(widened);
  const text = await photosync(["audit", "--history", "--library", library.path]);
  expect(text).toMatchObject({ exit: 0, stderr: expect.not.stringContaining("Error") });
  expect(text.stdout).toContain("library: private → friends");
  expect(text.stdout).toContain("library: friends → private");
});

it("is a command of two words wherever commands are named", async () => {
  const library = await world();
  const failed = await library.run("visibility set", "1.jpg", "secret");
  expect(failed).toMatchObject({ exit: 2, command: "visibility set", error: { code: "usage.bad-value" } });
  expect(failed.error?.hint).toContain("photosync visibility set --help");
  const first = await photosync([
    "--library",
    library.path,
    "visibility",
    "set",
    "1.jpg",
    "private",
    "--json",
  ]);
  expect(JSON.parse(first.stdout)).toMatchObject({ ok: true, command: "visibility set" });
  const help = await photosync(["help", "visibility", "set"]);
  expect([help.exit, help.stdout]).toEqual([0, expect.stringContaining("EXAMPLES")]);
  expect(await photosync(["visibility"])).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining("visibility set"),
  });
  const unknown = await photosync(["visibility", "sett", "1.jpg", "private"]);
  expect(unknown).toMatchObject({ exit: 2, stdout: "" });
  expect(unknown.stderr).toContain("photosync visibility set");
});
