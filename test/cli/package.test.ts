import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

it("packs what the program needs to run anywhere, and nothing else", () => {
  const printed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline"], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed]: readonly { files: readonly { path: string }[] }[] = JSON.parse(printed);
  const names = packed?.files.map(({ path }) => path) ?? [];
  expect(names).toEqual(
    expect.arrayContaining([
      "bin/run.js",
      "dist/cli/main.js",
      "dist/cli/commands/discover.js",
      "schemas/photo-metadata.schema.json",
      "schemas/results/discover.schema.json",
      "config/services.json",
      "samples/takeout-20260601T101112Z-001.zip",
      "README.md",
      "DESIGN.md",
      "package.json",
    ]),
  );
  const kinds = new Set(names.map((name) => name.replace(/\/.*/, "")));
  expect([...kinds].filter((kind) => !ALLOWED.has(kind))).toEqual([]);
  expect(names.filter((name) => /\.test\.|\.map$|(?:^|\/)\.|\.env|\.tsbuildinfo$/.test(name))).toEqual([]);
  const { dependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));
  const used = new Set(Object.keys(dependencies));
  for (const name of names.filter((each) => each.startsWith("dist/") && each.endsWith(".js"))) {
    for (const from of importsOf(readFileSync(ROOT + name, "utf8")))
      expect([name, from, used.has(from)]).toEqual([name, from, true]);
  }
});

const ALLOWED = new Set([
  ..."bin dist schemas config samples LICENSE README.md DESIGN.md package.json oclif.manifest.json".split(
    " ",
  ),
]);

/** The packages that a module imports: neither its own files nor Node's. */
const importsOf = (text: string): readonly string[] =>
  Array.from(text.matchAll(/(?:\bfrom |\bimport |\bimport\()"([\w@][^"]*)"/g), ([, name = ""]) => name)
    .filter((name) => !name.startsWith("node:"))
    .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
