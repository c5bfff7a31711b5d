import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const RUN_JS = fileURLToPath(new URL("../../../bin/run.js", import.meta.url));

/** Runs the built program, as `npm run check` leaves it in `dist/`, far from any library. */
function photosync(...argv: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [RUN_JS, ...argv], {
    cwd: tmpdir(),
    encoding: "utf8",
    input: "",
  });
  return { stdout, stderr, status };
}

describe("the program", { timeout: 60_000 }, () => {
  it("tells its version and its commands", () => {
    expect(photosync("--version")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^photosync\/\d/),
    });
    expect(photosync("help", "discover")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("EXAMPLES"),
    });
  });

  it("refuses an unknown flag with one JSON object on stdout", () => {
    const { stdout, stderr, status } = photosync("status", "--jsno", "--json");
    expect(status).toBe(2);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({
      command: "status",
      ok: false,
      error: { code: "usage.unknown-flag", exit: 2 },
    });
  });

  it("refuses an unknown command, in JSON where the arguments ask for it", () => {
    expect(photosync("staus")).toMatchObject({ status: 2, stdout: "" });
    const { stdout, status } = photosync("--json", "staus");
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ command: null, error: { code: "usage.unknown-command" } });
  });

  it("says that there is no library, wherever --json stands", () => {
    const { stdout, status } = photosync("--json", "status");
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ library: null, error: { code: "library.not-found" } });
  });

  it("reports the same whether oclif read the words or nobody had to", () => {
    const nowhere = ["status", "--library", "/nonexistent/library", "--json"];
    const plain = photosync(...nowhere);
    expect(JSON.parse(plain.stdout)).toMatchObject({
      command: "status",
      library: "/nonexistent/library",
      error: { code: "library.not-a-repository" },
    });
    // Words after the separator are none of photosync's flags, so that oclif is asked.
    expect(photosync(...nowhere, "--")).toEqual(plain);
  });
});
