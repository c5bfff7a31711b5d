import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { bundleName } from "../../../src/domain/bundle-name.js";
import { leftOutBundles } from "../../../src/operations/left-out-bundles.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { put } from "../control/native-git.js";
import { makeLibrary } from "./library.js";

it("tells bundles whose history was never brought together with the library's from all others", async () => {
  const library = await makeLibrary();
  try {
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-C", library.root, "-c", "user.name=A", "-c", "user.email=a@b", ...args], {
        encoding: "utf8",
      }).trim();
    const first = await library.commit([put("photos/a.txt", "a")]);
    const merged = git("commit-tree", "-p", first, "-m", "there", `${first}^{tree}`);
    const apart = git("commit-tree", "-p", first, "-m", "elsewhere", `${first}^{tree}`);
    git("merge", "-q", "--no-ff", "-m", "both", merged);
    const head = await library.control.head();
    const names = [first, merged, apart, head].map((commit) => bundleName("2026-11-22T01:02:03Z", commit));
    expect(await leftOutBundles(library.control, head, names, quietRun())).toEqual([names[2]]);
  } finally {
    library.end();
  }
});
