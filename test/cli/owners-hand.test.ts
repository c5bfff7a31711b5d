import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeZip } from "../fixtures/archive/zip-writer.js";
import { sidecarJson } from "../fixtures/takeout/takeout-builder.js";
import { blobsIn, picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { git } from "./run-program.js";

const YEAR = "Takeout/Google Photos/Photos from 2023";

/** A library that knows one photo with two captions, and one without any. */
async function disputed(home: string): Promise<Library> {
  const one = await picture(1, { caption: "as the camera says" });
  const zip = join(home, "takeout-20260601T101112Z-001.zip");
  await writeZip(zip, [
    { name: `${YEAR}/one.jpg`, bytes: one },
    {
      name: `${YEAR}/one.jpg.supplemental-metadata.json`,
      bytes: sidecarJson({ title: "one.jpg", id: "AF1QipOne", description: "as Google says" }),
    },
  ]);
  await put(join(home, "pictures"), "two.jpg", await picture(2));
  const library = await Library.fresh(join(home, "library"));
  await library.run("discover", zip, join(home, "pictures"));
  return library;
}

/** Rewrites a document as an owner does in an editor. */
async function editDocument(library: Library, path: string, from: RegExp, to: string): Promise<void> {
  const text = await readFile(join(library.path, path), "utf8");
  expect(text).toMatch(from);
  await writeFile(join(library.path, path), text.replace(from, to));
}

it("leaves a conflict open until the owner settles it in the document, and stores the original meanwhile", async () => {
  const home = await tempFolder();
  const library = await disputed(home);
  const { path } = library.photo("one.jpg");
  const found = await library.run("resolve");
  expect(found).toMatchObject({ exit: 10, ok: false, counts: { photos: 2, needs_human: 1, resolved: 1 } });
  expect(found.open).toMatchObject([{ filename: "one.jpg", conflicts: [{ field: "caption" }] }]);
  expect(await library.run("resolve")).toMatchObject({ exit: 10, commit: null, counts: { needs_human: 1 } });
  expect(await library.run("list", "--conflicts")).toMatchObject({ exit: 0, counts: { photos: 1 } });
  expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 0, counts: { done: 2 } });
  expect(Object.keys(await blobsIn(join(library.path, "blobs")))).toHaveLength(2);

  // Not committed: reported and left alone, neither swept into a commit nor lost.
  await editDocument(library, path, /"caption": "as [^"]*",/, '"caption": "as I say",');
  library.ownersChanges = ` M ${path}`;
  expect((await library.run("status")).uncommitted).toEqual([path]);
  await appendFile(join(home, "pictures", "two.jpg"), "");
  await put(join(home, "pictures"), "three.jpg", await picture(3));
  expect(await library.run("discover")).toMatchObject({ counts: { new: 1 } });
  expect(library.documentAt(path).metadata.caption).toBe("as I say");

  git(library.path, "commit", "--all", "--quiet", "--message", "the caption is mine");
  library.ownersChanges = "";
  expect(await library.run("resolve")).toMatchObject({ exit: 0, counts: { needs_human: 0 } });
  expect(library.documentAt(path)).toMatchObject({
    metadata: { caption: "as I say" },
    processing_state: expect.stringMatching(/^(?:resolved|replicated)$/),
  });
  expect(await library.run("resolve")).toMatchObject({ exit: 0, commit: null });
  await library.run("discover", "--full-scan");
  expect(library.documentAt(path).metadata.caption).toBe("as I say");
  expect((await library.run("log")).operations.map(({ command }) => command)).toContain("edit");
});

it("reports an edit that is not committed where a run wanted to write, and does the rest", async () => {
  const home = await tempFolder();
  const library = await disputed(home);
  const { path } = library.photo("two.jpg");
  await editDocument(library, path, /"tags": \[\]/, '"tags": ["mine"]');
  library.ownersChanges = ` M ${path}`;
  await put(library.path, "notes.txt", "buy milk");
  await put(library.path, "staged.txt", "half done");
  git(library.path, "add", "staged.txt");
  library.ownersChanges = `A  staged.txt\n M ${path}\n?? notes.txt`.split("\n").sort(byGitOrder).join("\n");

  const spared = { code: "document.uncommitted-edit", subject: path };
  // The plan is the deed: a dry run knows of it, too.
  expect(await library.run("resolve", "--dry-run")).toMatchObject({ exit: 10, failures: [spared] });
  expect(await library.run("resolve")).toMatchObject({ exit: 10, counts: { photos: 2 }, failures: [spared] });
  expect(await library.run("replicate")).toMatchObject({ exit: 3, failures: [spared] });
  expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 3, failures: [spared] });
  const undone = await library.run("undo", (await library.run("log")).operations.at(-2)?.id ?? "");
  expect(undone).toMatchObject({ ok: false });
  expect(library.documentAt(path).metadata.tags).toEqual(["mine"]);
  expect(git(library.path, "log", "--format=%H", "--", "notes.txt", "staged.txt")).toBe("");

  git(library.path, "commit", "--quiet", "--message", "tagged", "--", path);
  library.ownersChanges = "A  staged.txt\n?? notes.txt";
  expect(await library.run("resolve")).toMatchObject({ exit: 10, failures: [] });
  expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 0 });
  expect(library.documentAt(path)).toMatchObject({ metadata: { tags: ["mine"] } });
  expect(await readFile(join(library.path, "notes.txt"), "utf8")).toBe("buy milk");
});

it("tells in a dry run the very failures and counts of the run that follows, whatever the owner is editing", async () => {
  const home = await tempFolder();
  const library = await disputed(home);
  const { path } = library.photo("two.jpg");
  await editDocument(library, path, /"tags": \[\]/, '"tags": ["mine"]');
  await editDocument(library, "config/sync-state.json", /\n$/, "\n\n");
  library.ownersChanges = ` M config/sync-state.json\n M ${path}`;
  await put(join(home, "pictures"), "two.jpg.xmp", rated(4));
  await put(join(home, "pictures"), "three.jpg", await picture(3));

  const pairs = [
    [await library.run("discover", "--dry-run"), await library.run("discover")],
    [await library.run("resolve", "--dry-run"), await library.run("resolve")],
    [await library.run("replicate"), await library.run("replicate", "--execute")],
  ] as const;
  for (const [shown, done] of pairs) {
    expect(done.failures.map(({ code }) => code)).toContain("document.uncommitted-edit");
    expect({ failures: shown.failures, exit: shown.exit, plan: shown.plan }).toEqual({
      failures: done.failures,
      exit: done.exit,
      plan: done.plan,
    });
  }
  const [[foundDry, found], [settledDry, settled]] = pairs;
  expect(found.counts).toMatchObject({ new: 1, updated: 0 });
  expect(foundDry.counts).toEqual(found.counts);
  expect(settledDry.counts).toEqual(settled.counts);
});

const rated = (stars: number): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="${stars}"/></rdf:RDF></x:xmpmeta>`;

/** As `git status` sorts: tracked files by path, then what it does not know. */
const byGitOrder = (a: string, b: string): number =>
  Number(a.startsWith("??")) - Number(b.startsWith("??")) || (a.slice(3) < b.slice(3) ? -1 : 1);

it("names a committed document that is not valid in every command, and leaves it alone", async () => {
  const home = await tempFolder();
  const library = await disputed(home);
  const { path } = library.photo("two.jpg");
  await editDocument(library, path, /"processing_state": "discovered"/, '"processing_state": "perfect"');
  git(library.path, "commit", "--all", "--quiet", "--message", "a slip of the hand");
  const broken = await readFile(join(library.path, path), "utf8");
  const failure = { subject: path, code: "document.invalid" };
  expect(await library.run("status")).toMatchObject({ exit: 3, failures: [failure] });
  expect(await library.run("discover", "--full-scan")).toMatchObject({ exit: 3, failures: [failure] });
  expect((await library.run("resolve")).failures).toMatchObject([failure]);
  expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 3, failures: [failure] });
  expect(await library.run("verify")).toMatchObject({ exit: 3, failures: [failure] });
  expect(await library.run("audit")).toMatchObject({ failures: [failure] });
  expect(await library.run("list")).toMatchObject({ failures: [failure] });
  expect(await library.run("doctor")).toMatchObject({ exit: 3, failures: [failure] });
  expect(await readFile(join(library.path, path), "utf8")).toBe(broken);

  await editDocument(library, path, /"processing_state": "perfect"/, '"processing_state": "discovered"');
  git(library.path, "commit", "--all", "--quiet", "--message", "mended");
  expect(await library.run("status")).toMatchObject({ exit: 0, counts: { photos: 2 } });
});
