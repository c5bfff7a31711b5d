import { describe, expect, test } from "vitest";
import { folderSyncs } from "../../../src/stores/folder-syncs.js";
import { errnoError, watchedDisk } from "../../fakes/watched-disk.js";
import { inFolder } from "./store-folder.js";

describe.runIf(process.platform !== "win32")("syncing a folder for many", () => {
  test("those who come during a sync share the next one, which begins after they came", () =>
    inFolder(async (folder) => {
      let began = 0;
      const syncs = folderSyncs(
        watchedDisk(({ name }) => {
          if (name === "open") began++;
        }),
      );
      const first = syncs.after(folder);
      const beganBefore = began;
      const others = Array.from({ length: 20 }, () => syncs.after(folder));
      expect(beganBefore).toBe(1);
      await first;
      await Promise.all(others);
      expect(began).toBe(2);
      await syncs.after(folder);
      expect(began).toBe(3);
    }));

  test("a sync that fails fails only those who waited for it", () =>
    inFolder(async (folder) => {
      let attempts = 0;
      const syncs = folderSyncs(
        watchedDisk(({ name }) => {
          if (name === "handle.sync" && ++attempts === 1) throw errnoError("EIO");
        }),
      );
      const outcomes = await Promise.allSettled([
        syncs.after(folder),
        syncs.after(folder),
        syncs.after(folder),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    }));
});
