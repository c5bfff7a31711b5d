import { execFileSync, spawnSync } from "node:child_process";
import {
  chmod,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { blobsIn, picture, put, snapshot, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { git } from "./run-program.js";
import { checkSums, sha256Hex } from "./sha256.js";

interface World {
  readonly library: Library;
  readonly pictures: string;
  readonly blobs: string;
  /** Keys of the blobs, sorted. */
  readonly keys: readonly string[];
}

/** A library with so many photos, all proven in its one store. */
async function world(photos: number): Promise<World> {
  const home = await tempFolder();
  const pictures = join(home, "pictures");
  for (let seed = 1; seed <= photos; seed++) await put(pictures, `${seed}.jpg`, await picture(seed));
  const library = await Library.fresh(join(home, "library"));
  await library.run("discover", pictures);
  await library.run("resolve");
  await library.run("replicate", "--execute");
  const blobs = join(library.path, "blobs");
  return { library, pictures, blobs, keys: Object.keys(await blobsIn(blobs)).sort() };
}

interface Damage {
  readonly name: string;
  /** Whether presence and size alone give it away. */
  readonly seen: boolean;
  readonly kind: "missing" | "corrupt";
  readonly spoil: (path: string) => Promise<unknown>;
}

const corrupt = (name: string, seen: boolean, spoil: Damage["spoil"]): Damage => ({
  name,
  seen,
  kind: "corrupt",
  async spoil(path) {
    await chmod(path, 0o600);
    await spoil(path);
  },
});
const missing = (name: string, spoil: Damage["spoil"]): Damage => ({
  name,
  seen: true,
  kind: "missing",
  spoil,
});
const inPlace = (plant: Damage["spoil"]) => async (path: string) => {
  await rm(path);
  await plant(path);
};

async function overwrite(
  path: string,
  at: number,
  change: (bytes: Buffer) => Buffer,
  length = 1,
): Promise<void> {
  const file = await open(path, "r+");
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, at);
  await file.write(change(bytes), 0, length, at);
  await file.close();
}
const flipAt = (at: (sizeBytes: number) => number) => async (path: string) =>
  overwrite(path, at((await stat(path)).size), (bytes) => bytes.map((byte) => byte ^ 1) as Buffer);

async function zeroBlock(path: string): Promise<void> {
  const before = await stat(path);
  await overwrite(path, 0, (bytes) => bytes.fill(0), Math.min(4096, before.size));
  await utimes(path, before.atime, before.mtime);
}

/** Every way in which a disk, a program or a hand spoils one replica. */
const DAMAGES: readonly Damage[] = [
  corrupt(
    "a bit of the first byte flipped",
    false,
    flipAt(() => 0),
  ),
  corrupt(
    "a bit in the middle flipped",
    false,
    flipAt((size) => size >> 1),
  ),
  corrupt(
    "a bit of the last byte flipped",
    false,
    flipAt((size) => size - 1),
  ),
  corrupt("a block zeroed, with size and time as before", false, zeroBlock),
  corrupt("cut short", true, async (path) => truncate(path, (await stat(path)).size - 1)),
  corrupt("made longer", true, (path) => writeFile(path, "\0", { flag: "a" })),
  corrupt("emptied", true, (path) => truncate(path, 0)),
  missing("deleted", (path) => rm(path)),
  missing("renamed", (path) => rename(path, `${path}.bak`)),
  missing(
    "a folder in its place",
    inPlace((path) => mkdir(join(path, "inside"), { recursive: true })),
  ),
  ...(process.platform === "win32"
    ? []
    : [
        missing(
          "a link in its place",
          inPlace((path) => symlink("nowhere", path)),
        ),
        missing(
          "a pipe in its place",
          inPlace(async (path) => execFileSync("mkfifo", [path])),
        ),
      ]),
];

const filesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

it("finds every kind of damage, names photo and place, and brings each replica back byte for byte", async () => {
  const { library, blobs, keys } = await world(DAMAGES.length + 4);
  const good = await blobsIn(blobs);
  const damaged = DAMAGES.map((damage, at) => ({ ...damage, key: keys[at] ?? "" }));
  for (const { spoil, key } of damaged) await spoil(join(blobs, key));
  // Two photos' bytes under each other's names: both files are right in themselves.
  const [one = "", two = ""] = keys.slice(-2);
  await rename(join(blobs, one), join(blobs, "held"));
  await rename(join(blobs, two), join(blobs, one));
  await rename(join(blobs, "held"), join(blobs, two));
  const swapped = [one, two].map((key) => ({ name: "swapped", key, kind: "corrupt" as const }));
  const wrong = [...damaged.filter(({ kind }) => kind === "corrupt"), ...swapped];
  const badHashes = await Promise.all(
    wrong.map(async ({ key }) => sha256Hex(await readFile(join(blobs, key)))),
  );

  const quick = await library.run("verify");
  expect(quick.exit).toBe(14);
  for (const { name, seen, key } of damaged.filter((damage) => damage.seen)) {
    const found = quick.failures.filter(({ message }) => message.includes(key)).map(({ code }) => code);
    expect([name, seen, found]).toEqual([name, true, [expect.stringMatching(/^replica\./)]]);
  }

  const deep = await library.run("verify", "--deep");
  expect(deep).toMatchObject({
    exit: 14,
    counts: { checked: keys.length, ok: 2, missing: keys.length - 2 - wrong.length, corrupt: wrong.length },
  });
  const photoOf = new Map(
    [...library.documents().values()].map((each) => [each.blob_key as string, each.photo_id]),
  );
  for (const { name, key, kind } of [...damaged, ...swapped]) {
    const failure = deep.failures.find(({ message }) => message.includes(key));
    expect([name, failure?.code, failure?.subject]).toEqual([name, `replica.${kind}`, photoOf.get(key)]);
  }

  const before = await snapshot(blobs);
  const shown = await library.run("verify", "--deep", "--repair", "--dry-run");
  expect(shown).toMatchObject({ exit: 14, dry_run: true, commit: null, counts: { repaired: 0 } });
  expect(await snapshot(blobs)).toEqual(before);

  const repaired = await library.run("verify", "--deep", "--repair");
  expect(repaired).toMatchObject({
    exit: 0,
    failures: [],
    counts: { repaired: keys.length - 2, unrepaired: 0 },
  });
  expect(repaired.plan).toEqual(shown.plan);
  expect(repaired.commit).not.toBeNull();
  expect(await blobsIn(blobs)).toMatchObject(good);
  expect(checkSums(blobs)).toBe("");
  const aside = (await filesIn(join(blobs, ".set-aside"))).map(async (path) =>
    sha256Hex(await readFile(path)),
  );
  expect((await Promise.all(aside)).sort()).toEqual(badHashes.sort());
  expect(await library.run("verify", "--deep")).toMatchObject({
    exit: 0,
    counts: { checked: keys.length, ok: keys.length, read_whole: keys.length },
  });
  const again = await library.run("verify", "--deep", "--repair");
  expect(again).toMatchObject({ exit: 0, commit: null, plan: [] });
  expect((await library.run("log")).operations[0]?.command).toBe("verify");
});

it("clears away what a killed repair left in the store", async () => {
  const { library, blobs, keys } = await world(1);
  const host = sha256Hex(Buffer.from(hostname())).slice(0, 8);
  const endedPid = spawnSync(process.execPath, ["--version"]).pid;
  const left = join(blobs, keys[0] ?? "", "..", `.${host}-${endedPid}-1-0123456789ab.photosync-tmp`);
  await writeFile(left, "half");
  await library.run("verify", "--deep");
  expect(await readFile(left, "utf8")).toBe("half");
  expect(await library.run("verify", "--deep", "--repair")).toMatchObject({ exit: 0, commit: null });
  await expect(stat(left)).rejects.toMatchObject({ code: "ENOENT" });
});

it("leaves what has no good copy as it is, and says so", async () => {
  const { library, blobs, keys, pictures } = await world(3);
  const [bad = "", lost = ""] = keys;
  await flipAt(() => 20)(await writable(join(blobs, bad)));
  await rm(join(blobs, lost));
  await rename(pictures, `${pictures}.away`);
  const before = await blobsIn(blobs);
  const repair = await library.run("verify", "--deep", "--repair");
  expect(repair).toMatchObject({ exit: 14, commit: null, counts: { repaired: 0, unrepaired: 2 } });
  expect(repair.failures.map(({ code }) => code)).toEqual(["replica.unrepaired", "replica.unrepaired"]);
  expect(await blobsIn(blobs)).toEqual(before);

  // A source whose bytes have changed is no good copy either.
  await rename(`${pictures}.away`, pictures);
  for (const name of await readdir(pictures)) await writeFile(join(pictures, name), "edited");
  expect(await library.run("verify", "--deep", "--repair")).toMatchObject({
    exit: 14,
    counts: { repaired: 0 },
  });
  expect(await blobsIn(blobs)).toEqual(before);
});

it("takes a store that is gone, empty or another's for an error, never for lost photos", async () => {
  const { library, blobs } = await world(2);
  const away = `${library.path}.away`;
  await rename(blobs, away);
  for (const args of [["--deep"], ["--deep", "--repair"]]) {
    const gone = await library.run("verify", ...args);
    expect(gone).toMatchObject({ exit: 3, commit: null, counts: { checked: 0, missing: 0, corrupt: 0 } });
    expect(gone.failures.map(({ code }) => code)).toEqual(["store.unavailable"]);
    await mkdir(blobs, { recursive: true });
  }
  expect(await readdir(blobs)).toEqual([]);
  await writeFile(join(blobs, ".photosync-store"), '{"format":1,"store":"another"}');
  expect(await library.run("verify", "--deep", "--repair")).toMatchObject({
    exit: 3,
    counts: { checked: 0 },
  });
  expect(await readdir(blobs)).toEqual([".photosync-store"]);
});

it("finds a checksum list that would mislead, and a lost marker does no harm", async () => {
  const { library, blobs, keys } = await world(2);
  const list = join(blobs, "SHA256SUMS");
  const text = await readFile(list, "utf8");
  const tampered = [text.replace(/^./, (digit) => (digit === "0" ? "1" : "0")), text.slice(66), ""];
  for (const wrong of tampered) {
    await writeFile(list, wrong);
    const found = await library.run("verify", "--deep");
    expect([found.exit, found.failures.map(({ code }) => code)]).toEqual([3, ["store.checksum-list"]]);
  }
  await rm(join(blobs, ".photosync-store"));
  await rm(join(blobs, keys[0] ?? ""));
  expect(await library.run("verify", "--repair")).toMatchObject({ exit: 0, counts: { repaired: 1 } });
  expect([await readFile(list, "utf8"), checkSums(blobs)]).toEqual([text, ""]);
  expect(await readdir(blobs)).toContain(".photosync-store");
});

it("never puts one photo's bytes in the place of another's, whatever a document says", async () => {
  const { library, blobs } = await world(2);
  const [[path, document] = expect.unreachable(), [, other] = expect.unreachable()] = [
    ...library.documents(),
  ];
  const good = await blobsIn(blobs);
  const text = JSON.stringify(document, null, 2).replaceAll(document.blob_key, other.blob_key);
  await writeFile(join(library.path, path), `${text}\n`);
  git(library.path, "commit", "--all", "--quiet", "--message", "nonsense");
  for (const args of [["--deep"], ["--deep", "--repair"]]) {
    const found = await library.run("verify", ...args);
    expect([found.exit, found.failures.map(({ code }) => code)]).toEqual([14, ["replica.misnamed"]]);
    expect(await blobsIn(blobs)).toEqual(good);
  }
  await library.run("replicate", "--execute");
  expect(await blobsIn(blobs)).toEqual(good);
});

async function writable(path: string): Promise<string> {
  await chmod(path, 0o600);
  return path;
}
