import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ownIdentity } from "../../../src/control/process-identity.js";
import { acquireLock } from "../../../src/control/process-lock.js";

// Every test starts other processes.
vi.setConfig({ testTimeout: 120_000 });

let dir: string;
const lockPath = () => join(dir, ".photosync", "lock");
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "photosync-lock-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function plant(changes: object): void {
  mkdirSync(join(dir, ".photosync"), { recursive: true });
  const claim = {
    ...ownIdentity(),
    command: "discover",
    since: "2024-01-01T00:00:00Z",
    token: "t",
    ...changes,
  };
  writeFileSync(lockPath(), JSON.stringify(claim));
}

const holdingScript = new URL("./lock-holder.ts", import.meta.url).pathname;

async function startHolder(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", holdingScript, dir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("no output to wait for");
  await once(child.stdout, "data");
  return child;
}

it("is held by one, named to the others, and free after its release", async () => {
  const lock = await acquireLock(dir, "replicate --execute");
  const refused = {
    kind: "busy",
    code: "library.locked",
    data: { pid: process.pid, command: "replicate --execute" },
  };
  await expect(acquireLock(dir, "status")).rejects.toMatchObject(refused);
  await lock.release();
  await lock.release();
  expect(readdirSync(join(dir, ".photosync"))).toEqual([]);
  await (await acquireLock(dir, "status")).release();
});

it("does not release what another took over", async () => {
  const lock = await acquireLock(dir, "one");
  rmSync(lockPath());
  const other = await acquireLock(dir, "two");
  await lock.release();
  expect(existsSync(lockPath())).toBe(true);
  await other.release();
});

it("is taken over from a killed process", async () => {
  const child = await startHolder();
  await expect(acquireLock(dir, "status")).rejects.toMatchObject({
    code: "library.locked",
    data: { pid: child.pid },
  });
  child.kill("SIGKILL");
  await once(child, "exit");
  await (await acquireLock(dir, "status")).release();
});

it.each([
  ["another boot", { boot: "another" }],
  ["a process that is gone", { pid: 2 ** 22 + 12_345 }],
])("is taken over from %s", async (_, changes) => {
  plant(changes);
  await (await acquireLock(dir, "status")).release();
});

it.runIf(process.platform === "linux")(
  "is taken over from a process whose id was given to another one",
  async () => {
    plant({ startTicks: "1" });
    await (await acquireLock(dir, "status")).release();
  },
);

it("is not taken over from another computer, which cannot be asked", async () => {
  plant({ host: "another-computer" });
  await expect(acquireLock(dir, "status")).rejects.toMatchObject({ code: "library.locked" });
});

it.each(["", "no json", '{"pid": "x"}'])(
  "takes an unreadable lock (%j) for one in the making, and for stale later",
  async (text) => {
    mkdirSync(join(dir, ".photosync"));
    writeFileSync(lockPath(), text);
    await expect(acquireLock(dir, "status")).rejects.toMatchObject({ code: "library.locked" });
    utimesSync(lockPath(), 1, 1);
    await (await acquireLock(dir, "status")).release();
  },
);

it("goes to exactly one of many that find it stale at the same time", async () => {
  for (let round = 0; round < 10; round++) {
    plant({ boot: "another" });
    const ends = await Promise.allSettled(
      Array.from({ length: 8 }, (_, at) => acquireLock(dir, `run ${at}`)),
    );
    const won = ends.filter((end) => end.status === "fulfilled");
    expect(won).toHaveLength(1);
    expect(readFileSync(lockPath(), "utf8")).toContain("run ");
    for (const end of won) await end.value.release();
    expect(readdirSync(join(dir, ".photosync"))).toEqual([]);
  }
});
