/**
 * Makes the sample library at the root of this checkout from `samples/`: `photos/`, `blobs/`, `reports/` and
 * `config/sync-state.json`. The same samples give the same bytes. Run with `npx tsx scripts/make-sample-library.ts` after a build.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = new URL("..", import.meta.url).pathname;
/** 1 July 2026, 12:00 UTC. */
const SOURCE_DATE_EPOCH = "1782907200";
const RESOLVE_LEFT_CONFLICTS = 10;

const library = join(mkdtempSync(join(tmpdir(), "photosync-sample-")), "library");

function photosync(...words: readonly string[]): void {
  const env = { ...process.env, SOURCE_DATE_EPOCH };
  try {
    execFileSync(process.execPath, [join(ROOT, "bin/run.js"), ...words, "--library", library], {
      env,
      stdio: "inherit",
    });
  } catch (error) {
    if (!(error instanceof Error && "status" in error && error.status === RESOLVE_LEFT_CONFLICTS))
      throw error;
  }
}

photosync("init");
// Inside the library, so that the documents name the samples by relative paths, which hold in every clone.
cpSync(join(ROOT, "samples"), join(library, "samples"), { recursive: true });
photosync("discover", join(library, "samples"));
photosync("resolve");
photosync("replicate", "--execute");
for (const folder of ["photos", "blobs", "reports"]) {
  rmSync(join(ROOT, folder), { recursive: true, force: true });
  cpSync(join(library, folder), join(ROOT, folder), { recursive: true });
}
cpSync(join(library, "config", "sync-state.json"), join(ROOT, "config", "sync-state.json"));
rmSync(library, { recursive: true, force: true });
