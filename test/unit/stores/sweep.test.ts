import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { localStore } from "../../../src/stores/local-store.js";
import { call, inFolder, listed, sample } from "./store-folder.js";

const HERE = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
const ELSEWHERE = HERE === "00000000" ? "11111111" : "00000000";
const DAY_S = 24 * 3600;
const tempName = (host: string, pid: number, startedMs: number) =>
  `.${host}-${pid}-${startedMs}-0123456789ab.photosync-tmp`;

/** The id of a process that has ended. */
const endedPid = (): number => spawnSync(process.execPath, ["--version"]).pid;
const startedMs = Math.round(performance.timeOrigin);

describe("sweep", () => {
  test.each<readonly [string, string, number, number, number, number]>([
    ["of an ended process", HERE, endedPid(), 1, 0, 1],
    ["of an earlier process with this one's id", HERE, process.pid, startedMs - 5000, 0, 1],
    ["of this process", HERE, process.pid, startedMs, 30, 0],
    ["of a living process", HERE, process.ppid, 1, 6, 0],
    ["with an id in use again, a week old", HERE, process.ppid, 1, 8, 1],
    ["of another computer", ELSEWHERE, endedPid(), 1, 6, 0],
    ["of another computer, a week old", ELSEWHERE, endedPid(), 1, 8, 1],
  ])("a temporary file %s", (_, host, pid, started, ageDays, removed) =>
    inFolder(async (folder) => {
      const store = localStore({ name: "usb", root: join(folder, "blobs") });
      await store.put(sample(1), call);
      const seconds = Date.now() / 1000 - ageDays * DAY_S;
      const month = dirname(join(folder, "blobs", sample(1).key));
      for (const place of [join(folder, "blobs"), month]) {
        await writeFile(join(place, tempName(host, pid, started)), "half");
        await utimes(join(place, tempName(host, pid, started)), seconds, seconds);
      }
      expect(await store.sweep(call)).toBe(2 * removed);
      expect((await readdir(month)).filter((name) => name.endsWith(".photosync-tmp"))).toHaveLength(
        1 - removed,
      );
      expect(await listed(store)).toEqual([sample(1).key]);
    }),
  );

  test("what a run left that was killed before the store had its marker", () =>
    inFolder(async (folder) => {
      const root = join(folder, "blobs");
      const store = localStore({ name: "usb", root });
      expect(await store.sweep(call)).toBe(0);
      await mkdir(root);
      await writeFile(join(root, tempName(HERE, endedPid(), 1)), "half a marker");
      expect(await store.sweep(call)).toBe(1);
      expect(await readdir(root)).toEqual([]);
      expect(await store.availability(call)).toBe("new");
    }));

  test("touches no file that merely looks alike", () =>
    inFolder(async (folder) => {
      const root = join(folder, "blobs");
      const store = localStore({ name: "usb", root });
      await store.put(sample(1), call);
      const alike = ["a.photosync-tmp", ".photosync-tmp", `${tempName(HERE, endedPid(), 1)}.jpg`];
      for (const name of alike) await writeFile(join(root, name), "mine");
      expect(await store.sweep(call)).toBe(0);
      expect(await readdir(root)).toEqual(expect.arrayContaining(alike));
    }));
});
