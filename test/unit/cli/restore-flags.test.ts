import { fileURLToPath } from "node:url";
import { Config } from "@oclif/core";
import { expect, it } from "vitest";
import Restore from "../../../src/cli/commands/restore.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));

it("refuses what would be left out of account: everything and some, nothing, an archive's terms without --thaw", async () => {
  const config = await Config.load({ root });
  const codeOf = (...args: string[]) =>
    new Restore([...args, "--to", "there"], config).run().then(
      () => "none",
      (error: { code: string }) => error.code,
    );
  expect(await codeOf()).toBe("usage.nothing-selected");
  expect(await codeOf("--all", "--album", "Rome")).toBe("usage.all-and-some");
  expect(await codeOf("--all", "--days", "3")).toBe("usage.flags-disagree");
  expect(await codeOf("--all", "--tier", "bulk")).toBe("usage.flags-disagree");
});
