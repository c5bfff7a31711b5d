import { expect, it } from "vitest";
import { tempFolder } from "./files.js";
import { photosync } from "./run-program.js";

/** A module that leaves every look at a file unanswered, as a stream that never ends would. */
const UNANSWERED = `data:text/javascript,${encodeURIComponent(`
  import fs from "node:fs/promises";
  import { syncBuiltinESMExports } from "node:module";
  for (const name of ["stat", "lstat", "mkdir"]) fs[name] = () => new Promise(() => {});
  syncBuiltinESMExports();
`)}`;

it("calls a command that comes to a stop a defect, and never ends it as if the library were busy", async () => {
  const library = `${await tempFolder()}/library`;
  const stopped = await photosync(["init", library, "--json"], { NODE_OPTIONS: `--import=${UNANSWERED}` });
  expect(stopped.exit).toBe(1);
  expect(JSON.parse(stopped.stdout)).toMatchObject({ ok: false, error: { exit: 1, code: "bug.unexpected" } });
});
