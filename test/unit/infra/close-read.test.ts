import { closeSync } from "node:fs";
import { open } from "node:fs/promises";
import { expect, it } from "vitest";
import { closeRead } from "../../../src/infra/close-read.js";

it("passes over what the system answers to the closing of a file that was read", async () => {
  const handle = await open(new URL(import.meta.url));
  closeSync(handle.fd);
  await expect(closeRead(handle)).resolves.toBeUndefined();
});
