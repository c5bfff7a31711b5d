import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { startEmulators } from "../../src/cli/demo-emulators.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "photosync-emulators-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

it("says plainly where there are no emulators, as in an installed program", async () => {
  const installed = await folder();
  await expect(startEmulators(installed, installed)).rejects.toMatchObject({
    kind: "user",
    code: "demo.no-emulators",
  });
});

it("starts the emulators of a clone, counts and lists their requests without secrets, and makes requests fail", async () => {
  const logs = await folder();
  const emulators = await startEmulators(ROOT, logs);
  let isOpen = true;
  onTestFinished(async () => {
    if (isOpen) await emulators.close();
  });
  expect(Object.keys(emulators.services).sort()).toEqual(["flickr", "google-drive", "google-photos"]);
  const { endpoints } = emulators.services["google-drive"] as {
    readonly endpoints: { readonly drive: string };
  };
  const ask = () =>
    fetch(`${endpoints.drive}/files`, { headers: { authorization: "Bearer not-a-token" } }).catch(() => null);
  await ask();
  expect(await emulators.mark("first")).toEqual({ google: 1, flickr: 0, faults: 0 });
  const log = await readFile(join(logs, "first-google.log"), "utf8");
  expect(log).toContain("GET /drive/v3/files");
  expect(log).not.toContain("not-a-token");

  await emulators.fail(100);
  await ask();
  await emulators.fail(0);
  await ask();
  expect(await emulators.mark("second")).toEqual({ google: 2, flickr: 0, faults: 1 });
  await emulators.close();
  isOpen = false;
  expect(await ask()).toBeNull();
});
