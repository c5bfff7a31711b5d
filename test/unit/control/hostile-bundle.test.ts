import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { createRepository } from "../../../src/control/create-repository.js";
import { openControlPlane } from "../../../src/control/git-control-plane.js";
import { applyDelta } from "../../../src/control/pack-delta.js";
import { inflateEntry } from "../../../src/control/pack-inflate.js";
import { BundleMaker, deltaSize, type Line } from "./bundle-maker.js";
import { call, gitEnvironment } from "./native-git.js";

/** What comes of a bundle in a new library, and that nothing was written beside it. */
async function received(bundle: Buffer) {
  const home = mkdtempSync(join(tmpdir(), "photosync-hostile-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, "library");
  await createRepository(folder);
  const plane = await openControlPlane(folder, { environment: gitEnvironment });
  const file = join(home, "a.bundle");
  writeFileSync(file, bundle);
  const outcome = await plane.receiveBundle(file, call).then(
    () => "done",
    (error: unknown) => error,
  );
  expect(readdirSync(home).sort()).toEqual(["a.bundle", "library"]);
  if (outcome !== "done") {
    expect(await plane.head()).toBe("0".repeat(40));
    expect(readdirSync(join(folder, ".git", "objects", "pack"))).toEqual([]);
  }
  plane.close();
  return { folder, outcome };
}

type Tree = (made: BundleMaker, file: string) => readonly Line[];
const named =
  (mode: string, name: string): Tree =>
  (made, file) => [[mode, name, mode === "40000" ? made.tree(["100644", "f", file]) : file]];
const folders = (
  made: BundleMaker,
  depth: number,
  each: (below: string) => readonly Line[],
  first: string,
) => {
  let tree = first;
  for (let n = 0; n < depth; n++) tree = made.tree(...each(tree));
  return tree;
};

const hostile: readonly (readonly [what: string, code: string, tree: Tree])[] = [
  ...[".git", ".GIT", "git~1", ".g\u200cit", "..", ".", "", ".photosync", ".Photosync"].map(
    (name) => [`a folder named ${JSON.stringify(name)}`, "bundle.unsafe", named("40000", name)] as const,
  ),
  ...["../x", "/tmp/x", "a\\b", ".git", ".photosync"].map(
    (name) => [`a file named ${name}`, "bundle.unsafe", named("100644", name)] as const,
  ),
  ["a link where the library keeps its own", "bundle.unsafe", named("120000", ".photosync")],
  ["a name that no disk takes", "bundle.unsafe", named("100644", "n".repeat(256))],
  ...["60000", "100777", "abc"].map(
    (mode) => [`a file of mode ${mode}`, "bundle.damaged", named(mode, "f")] as const,
  ),
  [
    "a file of another type",
    "bundle.damaged",
    (made, file) => [["100644", "f", made.tree(["100644", "g", file])]],
  ],
  ["a folder of another type", "bundle.damaged", (_, file) => [["40000", "f", file]]],
  ["a file that is not there", "bundle.damaged", () => [["100644", "f", "1".repeat(40)]]],
  [
    "two files of one name",
    "bundle.damaged",
    (_, file) => [
      ["100644", "f", file],
      ["100644", "f", file],
    ],
  ],
  [
    "another order than Git's",
    "bundle.damaged",
    (_, file) => [
      ["100644", "g", file],
      ["100644", "f", file],
    ],
  ],
  [
    "folders in folders without end",
    "bundle.unsafe",
    (made, file) => [
      [
        "40000",
        "d",
        folders(made, 600, (below) => [["40000", "d", below]], made.tree(["100644", "f", file])),
      ],
    ],
  ],
  [
    "a few folders that are many",
    "bundle.unsafe",
    (made, file) => [
      [
        "40000",
        "d",
        folders(
          made,
          10,
          (below) => Array.from({ length: 10 }, (_, n) => ["40000", `d${n}`, below]),
          made.tree(["100644", "f", file]),
        ),
      ],
    ],
  ],
];

it.each(hostile)("%s is refused before a branch is made: %s", async (_, code, tree) => {
  const made = new BundleMaker();
  const { outcome } = await received(made.bundle(made.tree(...tree(made, made.add("blob", "content")))));
  expect(outcome).toMatchObject({ code });
});

it("a link comes back as a file that holds its target, so that nothing is written behind it", async () => {
  const made = new BundleMaker();
  const target = made.add("blob", tmpdir());
  const below = made.tree(["100644", "planted.txt", made.add("blob", "planted")]);
  const { folder, outcome } = await received(
    made.bundle(made.tree(["120000", "d", target], ["40000", "d", below])),
  );
  expect(outcome).toBe("done");
  expect(
    readdirSync(folder, { withFileTypes: true })
      .find(({ name }) => name === "d")
      ?.isFile(),
  ).toBe(true);
  expect(existsSync(join(tmpdir(), "planted.txt"))).toBe(false);
});

it.each(["refs/heads/../../x", "refs/heads/..", "/etc/x", "refs/heads/a.lock", "HEAD"])(
  "a branch named %s is not taken for the library's",
  async (ref) => {
    const made = new BundleMaker();
    const { folder, outcome } = await received(
      made.bundle(made.tree(["100644", "f", made.add("blob", "x")]), ref),
    );
    expect(outcome).toBe("done");
    expect(readdirSync(join(folder, ".git", "refs", "heads"))).toEqual(["main"]);
  },
);

it("a chain of deltas that no reader would follow is refused, one of the length that Git makes is read", async () => {
  const chained = (depth: number) => {
    const made = new BundleMaker();
    let last = made.add("blob", "0000");
    for (let n = 1; n <= depth; n++) {
      const result = Buffer.from(String(n).padStart(4, "0"));
      last = made.addDelta(
        last,
        Buffer.concat([deltaSize(4), deltaSize(4), Buffer.from([4]), result]),
        result,
      );
    }
    return made.bundle(made.tree(["100644", "f", last]));
  };
  expect((await received(chained(50))).outcome).toBe("done");
  expect((await received(chained(4096))).outcome).toMatchObject({ code: "bundle.damaged" });
});

it("sizes that are lies take no memory", async () => {
  const packed = deflateSync(Buffer.alloc(1000));
  const before = process.memoryUsage().arrayBuffers;
  expect(inflateEntry(2 ** 30, () => packed)).toBeNull();
  const delta = Buffer.concat([
    deltaSize(10),
    deltaSize(2 ** 30),
    Buffer.alloc(200_000, Buffer.from([0x90, 1])),
  ]);
  expect(() => applyDelta(Buffer.alloc(10), delta)).toThrow(
    expect.objectContaining({ code: "library.damaged" }),
  );
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
});
