import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { discover } from "../../../src/operations/discover.js";
import { doctor } from "../../../src/operations/doctor.js";
import { status } from "../../../src/operations/status.js";
import { picture, put as putFile } from "../../cli/files.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { nobodysComputer } from "../../fixtures/surroundings.js";
import { put } from "../control/native-git.js";
import { makeLibrary, type TestLibrary } from "./library.js";

let library: TestLibrary;
beforeEach(async () => {
  library = await makeLibrary();
});
afterEach(() => library.end());

const SYNC_STATE = "config/sync-state.json";
const TORN = '<<<<<<< HEAD\n{ "schema_version": 1 }\n=======\n{}\n>>>>>>> nas\n';
const pictures = () => join(library.root, "pictures");
const look = (...paths: readonly string[]) =>
  discover(
    library.root,
    library.control,
    { paths, fullScan: false, include: [], exclude: [], hidden: false, dryRun: false },
    quietRun(),
  );
const examine = () =>
  doctor(library.root, library.control, { live: false, surroundings: nobodysComputer }, quietRun());
const levelOf = async (check: string) => (await examine()).checks.find(({ name }) => name === check)?.level;

describe("discover", () => {
  it("records files whose names and folders hold line breaks of every kind", async () => {
    const names = ["a\nb.jpg", "c\u2028d.jpg", "e\u2029f/g\r\nh.jpg"];
    for (const [seed, name] of names.entries()) await putFile(pictures(), name, await picture(seed));
    expect(await look(pictures())).toMatchObject({ outcome: "done", counts: { new: 3, failed: 0 } });
    expect(await look(pictures())).toMatchObject({ outcome: "done", counts: { unchanged: 3 } });
  });

  it("writes a good sync state over one that was committed with merge markers, though nothing is new", async () => {
    await putFile(pictures(), "a.jpg", await picture(1));
    await look(pictures());
    const good = readFileSync(join(library.root, SYNC_STATE), "utf8");
    await library.commit([put(SYNC_STATE, TORN)]);
    const { outcome, failures } = await status(library.root, library.control, quietRun());
    expect([outcome, failures.map(({ code }) => code)]).toEqual(["partial", ["config.sync-state-invalid"]]);
    expect(await levelOf("configuration")).toBe("problem");
    const found = await look(pictures());
    expect(found).toMatchObject({ outcome: "partial", counts: { new: 0 } });
    expect(found.failures.map(({ code }) => code)).toEqual(["config.sync-state-invalid"]);
    expect(found.commit).not.toBeNull();
    expect(readFileSync(join(library.root, SYNC_STATE), "utf8")).toBe(good);
    expect(await look()).toMatchObject({ outcome: "done", commit: null });
    expect(await levelOf("configuration")).toBe("ok");
  });

  it("leaves merge markers alone that are not committed, and records the photos all the same", async () => {
    await putFile(pictures(), "a.jpg", await picture(1));
    writeFileSync(join(library.root, SYNC_STATE), TORN);
    const found = await look(pictures());
    expect(found).toMatchObject({ outcome: "partial", counts: { new: 1 } });
    expect(found.failures.map(({ code }) => code).sort()).toEqual([
      "config.sync-state-invalid",
      "document.uncommitted-edit",
    ]);
    expect(readFileSync(join(library.root, SYNC_STATE), "utf8")).toBe(TORN);
  });
});

describe("doctor", () => {
  it("finds a configuration that no other command can go on with", async () => {
    writeFileSync(join(library.root, "config/services.json"), TORN);
    expect(await levelOf("configuration")).toBe("problem");
    expect((await examine()).outcome).toBe("partial");
  });
});
