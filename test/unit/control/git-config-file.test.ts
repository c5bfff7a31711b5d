import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseGitConfig } from "../../../src/control/git-config-file.js";
import { runGit } from "./native-git.js";

const TEXT = `[core] bare = false ; a comment
\tLogAllRefUpdates = True # another
[user]
  name =  "Ada # L."  x
  email = a\\"b@\\
c
  name = Ada "  Lovelace  " ; last one wins
  alone
[user "work"]
  name = not this one
[remote.origin]
  url = x
[Extensions]
objectFormat=sha1\t
`;

it("reads what native Git reads", () => {
  const dir = mkdtempSync(join(tmpdir(), "photosync-gitconfig-"));
  try {
    const path = join(dir, "config");
    writeFileSync(path, TEXT);
    const found = parseGitConfig(TEXT);
    for (const name of [
      "core.bare",
      "core.logallrefupdates",
      "user.name",
      "user.email",
      "extensions.objectformat",
    ])
      expect(found.get(name), name).toBe(
        runGit(dir, ["config", "-f", path, "--get", name]).replace(/\n$/, ""),
      );
    expect(found.get("user.alone")).toBe("true");
    expect(found.get("user.work.name")).toBeUndefined();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

it("passes over what is no config at all", () => {
  expect([...parseGitConfig("\0\x01[[\nname = x\n[ \n=\n")]).toEqual([]);
});
