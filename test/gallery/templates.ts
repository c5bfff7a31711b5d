import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { goodPicture } from "./world.js";

const RUN_JS = fileURLToPath(new URL("../../bin/run.js", import.meta.url));
const AUTHOR = { GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.org" };
const COMMITTER = { GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.org" };

/** Libraries that the cases start from, made once and then copied. */
export interface Templates {
  readonly new: string;
  /** Three photos, discovered, resolved and stored. */
  readonly settled: string;
  remove(): Promise<void>;
}

function photosync(...args: readonly string[]): void {
  const env = { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...AUTHOR, ...COMMITTER };
  execFileSync(process.execPath, [RUN_JS, ...args, "--quiet"], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Makes the templates with the program itself, which must have been built. */
export async function makeTemplates(): Promise<Templates> {
  const folder = await mkdtemp(join(tmpdir(), "photosync-templates-"));
  const [fresh, settled, pictures] = ["new", "settled", "pictures"].map((name) => join(folder, name));
  if (fresh === undefined || settled === undefined || pictures === undefined) throw new Error("unreachable");
  photosync("init", fresh);
  photosync("init", settled);
  await mkdir(pictures);
  for (const number of [901, 902, 903])
    await writeFile(join(pictures, `old-${number}.jpg`), goodPicture(number));
  photosync("discover", pictures, "--library", settled);
  photosync("resolve", "--library", settled);
  photosync("replicate", "--execute", "--library", settled);
  return { new: fresh, settled, remove: () => rm(folder, { recursive: true, force: true }) };
}
