import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { gitFsck, gitStatus, photosync } from "./run-program.js";

it("shows a whole sync against emulated services, and leaves a sound library", async () => {
  const home = await mkdtemp(join(tmpdir(), "photosync-demo-test-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const library = join(home, "library");
  const { exit, stdout, stderr } = await photosync(["demo", "--services", "--json", "--library", library], {
    TMPDIR: home,
  });
  expect([exit, stderr]).toEqual([0, expect.any(String)]);
  const { steps } = JSON.parse(stdout) as { steps: readonly { command: string; exit: number }[] };
  const ended = Object.fromEntries(steps.map((step) => [step.command, step.exit]));
  expect(ended).toMatchObject({
    "photosync connect flickr": 0,
    "photosync discover --service flickr": 0,
    "photosync discover --service google-drive": 0,
    "photosync replicate --execute": 0,
    "photosync verify --deep": 0,
    "photosync discover --full-scan": 0,
  });
  gitFsck(library);
  expect(gitStatus(library)).toBe("");
  const [demo = ""] = (await readdir(home)).filter((name) => name.startsWith("photosync-demo-"));
  const logs = await readdir(join(home, demo, "requests"));
  expect(logs).toEqual(expect.arrayContaining(["5-second-sync-flickr.log", "6-under-faults-google.log"]));
}, 600_000);
