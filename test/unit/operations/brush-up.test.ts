import { expect, it, onTestFinished } from "vitest";
import { brushUp } from "../../../src/operations/record-proven.js";
import { withSession } from "../../../src/operations/session.js";
import type { BlobStore } from "../../../src/ports/blob-store.js";
import { memoryStore } from "../../../src/stores/memory-store.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { put } from "../control/native-git.js";
import { makeLibrary } from "./library.js";

it("a checksum list that is right is not gone through again until it, or the library, is another one", async () => {
  const library = await makeLibrary();
  onTestFinished(library.end);
  let stamp = 0;
  let written = 0;
  const store: BlobStore = {
    ...memoryStore("cloud"),
    availability: async () => "ready",
    checksumListStamp: async () => String(stamp),
    async writeChecksumList() {
      written++;
    },
  };
  const run = quietRun();
  const brush = (options?: { readonly anew: boolean }) =>
    withSession(library.root, library.control, "replicate", "write", run, (session) =>
      brushUp(session, session.catalog, [store], run, options),
    );
  const times = async (...args: Parameters<typeof brush>) => {
    written = 0;
    await brush(...args);
    return written;
  };
  expect(await times()).toBe(1);
  expect(await times()).toBe(0);
  expect(await times({ anew: true })).toBe(1);
  stamp++;
  expect(await times()).toBe(1);
  expect(await times()).toBe(0);
  await library.commit([put("README.md", "another\n")]);
  expect(await times()).toBe(1);
});
