import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, onTestFinished } from "vitest";
import { PhotosyncError } from "../../../src/domain/errors.js";
import { addStore } from "../../../src/operations/stores/add-store.js";
import { listStores } from "../../../src/operations/stores/list-stores.js";
import type { AddStoreOptions, GivenStore } from "../../../src/operations/stores/new-store.js";
import { removeStore } from "../../../src/operations/stores/remove-store.js";
import { testStores } from "../../../src/operations/stores/test-stores.js";
import { undo } from "../../../src/operations/undo.js";
import type { Person } from "../../../src/services/sign-in/way.js";
import { localStore } from "../../../src/stores/local-store.js";
import { blobOf } from "../../contract/blob-store-samples.js";
import { startS3, TEST_KEYS } from "../../emulators/s3/start.js";
import { AWS_LIKE, type Profile } from "../../emulators/s3/state.js";
import { photoDocument } from "../../fakes/fake-catalog.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { nobody, scriptedPerson } from "../../fixtures/scripted-person.js";
import { nobodysComputer } from "../../fixtures/surroundings.js";
import { makeLibrary, type TestLibrary } from "./library.js";

let library: TestLibrary;
beforeEach(async () => {
  library = await makeLibrary();
});
afterEach(() => library.end());

async function server(profile: Profile = AWS_LIKE) {
  const started = await startS3({ profile, buckets: ["another", "photos"] });
  onTestFinished(() => started.close());
  return started;
}

/** A computer whose secrets are kept in files of the test. */
const computer = () => ({
  ...nobodysComputer,
  env: { ...nobodysComputer.env, XDG_CONFIG_HOME: join(library.root, ".photosync", "config") },
});
const NOTHING: GivenStore = { create: false, versioning: false, recipients: [], machineRole: false };
const add = (person: Person, given: Partial<GivenStore>, options: Partial<AddStoreOptions> = {}) =>
  addStore(
    library.root,
    library.control,
    {
      given: { ...NOTHING, ...given },
      secretsFromInput: false,
      test: true,
      dryRun: false,
      person,
      surroundings: computer(),
      ...options,
    },
    quietRun(),
  );
const PICTURE = blobOf(Buffer.from("a"));
const KEYS = [TEST_KEYS.accessKeyId, TEST_KEYS.secretAccessKey];
const config = () => readFileSync(join(library.root, "config/user-preferences.json"), "utf8");
const storesIn = (): Record<string, unknown> => JSON.parse(config()).blob_storage.stores ?? {};
const secrets = () => {
  const folder = join(library.root, ".photosync/config/photosync/secrets");
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => [name, JSON.parse(readFileSync(join(folder, name), "utf8"))]),
  );
};

it("leads a person from the provider to a bucket that is tried and recorded, and undo takes it back", async () => {
  const { url } = await server();
  const { person, told, asked } = scriptedPerson([
    [/^Number/, "10"],
    [/Address/, "nas.example.net:9000"],
    [/Address/, url],
    [/Name of this store/, "local"],
    [/Name of this store/, "nas"],
    [/Access key ID/, KEYS[0] ?? ""],
    [/Secret/, "mistyped"],
    [/Access key ID/, KEYS[0] ?? ""],
    [/Secret/, KEYS[1] ?? ""],
    [/^Number/, "2"],
    [/Folder in the bucket/, "library"],
  ]);
  const before = config();
  const added = await add(person, {});
  expect(added).toMatchObject({
    name: "nas",
    url: `s3://photos/library?endpoint=${url}&region=us-east-1`,
    opened_by: "file",
    test: { standing: "new" },
  });
  expect(told.join("\n")).toMatch(/Which bucket\?.*another.*photos/s);
  // What cannot be is asked for again, and nothing else.
  expect(asked.map(({ label }) => label).filter((label) => /Address|Name of|Secret/.test(label))).toEqual([
    ...Array(2).fill("Address of the server, such as https://s3.example.net"),
    ...Array(2).fill("Name of this store [s3]"),
    ...Array(2).fill("Secret access key"),
  ]);
  expect(storesIn()).toEqual({
    nas: { type: "s3", endpoint: url, region: "us-east-1", bucket: "photos", prefix: "library" },
  });
  expect(secrets()).toEqual({
    "store-nas.json": { access_key_id: KEYS[0], secret_access_key: KEYS[1] },
  });
  await undo(library.root, library.control, undefined, { dryRun: false }, quietRun());
  expect(config()).toBe(before);
});

it("makes a bucket that is closed to the public, where a person or a flag says so", async () => {
  const started = await server();
  const given = { endpoint: started.url, bucket: "mine", create: true, versioning: true };
  const there = { ...given, create: false };
  await expect(add(nobody(KEYS), there, { name: "nas", secretsFromInput: true })).rejects.toMatchObject({
    code: "store.missing",
  });
  const added = await add(nobody(KEYS), given, { name: "nas", secretsFromInput: true });
  expect(added.bucket).toEqual({ name: "mine", public_access_blocked: true, versioned: true });
  expect(started.bucket("mine")).toMatchObject({ isPublicAccessBlocked: true });
  expect(storesIn()).toMatchObject({ nas: { bucket: "mine" } });
});

it("asks for the name of a bucket where the keys may not list them, and says so", async () => {
  const started = await server();
  started.state.denied.add("ListBuckets");
  const { person, told } = scriptedPerson([
    [/Access key ID/, KEYS[0] ?? ""],
    [/Secret/, KEYS[1] ?? ""],
    [/^Bucket/, "photos"],
  ]);
  await add(person, { endpoint: started.url }, { name: "nas" });
  expect(told.join("\n")).toContain("may not list");
  expect(storesIn()).toMatchObject({ nas: { bucket: "photos" } });
});

it("keeps and writes nothing where the trial fails, names every permission that is missing, and adds it untried where told to", async () => {
  const started = await server();
  started.state.denied.add("GetObject").add("AbortMultipartUpload");
  const before = config();
  const given = { endpoint: started.url, bucket: "photos" };
  const failing = add(nobody(KEYS), given, { name: "nas", secretsFromInput: true });
  await expect(failing).rejects.toMatchObject({
    code: "store.no-permission",
    data: { missing: "s3:GetObject s3:AbortMultipartUpload" },
  });
  expect(config()).toBe(before);
  expect(() => secrets()).toThrow();
  const dry = await add(nobody(KEYS), given, { name: "nas", secretsFromInput: true, dryRun: true });
  expect(dry).toMatchObject({ dry_run: true, commit: null, settings: { bucket: "photos" } });
  expect(config()).toBe(before);
  await add(nobody(KEYS), given, { name: "nas", secretsFromInput: true, test: false });
  expect(Object.keys(storesIn())).toEqual(["nas"]);
});

it.for<[string, Partial<GivenStore>, string]>([
  ["a bucket", { preset: "aws", bucket: "/photos" }, "config.store"],
  ["a prefix", { preset: "aws", bucket: "photos", prefix: "../up" }, "config.store"],
  ["a class", { preset: "aws", bucket: "photos", storageClass: "ATTIC" }, "config.store"],
  ["an address", { endpoint: "http://nas.example.net", bucket: "photos" }, "config.store"],
])(
  "refuses %s that means nothing without a word of settings that are not there yet",
  async ([, given, code]) => {
    const refused = await add(nobody(KEYS), given, { name: "nas", secretsFromInput: true }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ kind: "user", code });
    expect(String(refused)).not.toContain("user-preferences.json");
  },
);

it("tells how the policy of a store that no library has yet is printed", async () => {
  const started = await server();
  started.state.denied.add("GetObject");
  const given = {
    endpoint: started.url,
    bucket: "photos",
    prefix: "my pictures",
    storageClass: "STANDARD_IA",
  };
  await expect(add(nobody(KEYS), given, { name: "nas", secretsFromInput: true })).rejects.toMatchObject({
    code: "store.no-permission",
    next: [
      expect.stringContaining(
        'photosync store policy --preset aws --bucket photos --prefix "my pictures" --storage-class STANDARD_IA',
      ),
    ],
  });
});

it("tells all that is missing at once where nobody can be asked", async () => {
  await expect(add(nobody(), { preset: "minio", encryption: "passphrase" })).rejects.toMatchObject({
    code: "store.missing",
    message: expect.stringMatching(
      /NAME.*--endpoint.*--bucket.*ACCESS_KEY_ID.*SECRET_ACCESS_KEY.*PASSPHRASE/,
    ),
  });
});

it.each([
  ["a name that is there already", { name: "local" }, { path: "/nonexistent/x" }, "store.exists"],
  ["a name that no store can have", { name: "../x" }, { path: "/nonexistent/x" }, "store.bad-name"],
  ["the library's own folder", { name: "disk" }, { path: "photos" }, "store.bad-place"],
  ["a folder whose disk is not there", { name: "disk" }, { path: "/nonexistent/a/b" }, "store.unavailable"],
] as const)("refuses %s", async (_, options, given, code) => {
  const path = given.path === "photos" ? join(library.root, "photos") : given.path;
  await expect(add(nobody(), { path }, options)).rejects.toMatchObject({ code });
  expect(storesIn()).toEqual({});
});

it("types a passphrase twice, or makes one up, shows it once and keeps it", async () => {
  const { url } = await server();
  const ask = (answers: readonly (readonly [RegExp, string])[]) => {
    const { person, told } = scriptedPerson([
      [/Access key ID/, KEYS[0] ?? ""],
      [/Secret/, KEYS[1] ?? ""],
      ...answers,
    ]);
    const given = { endpoint: url, bucket: "photos", encryption: "passphrase" } as const;
    return { told, adding: add(person, given, { name: "nas", test: false }) };
  };
  const different = ask([
    [/^Number/, "2"],
    [/^Passphrase/, "correct horse battery"],
    [/again/, "correct horse staple"],
  ]);
  // It is asked for again, and this person types nothing more.
  await expect(different.adding).rejects.toMatchObject({ code: "store.missing" });
  expect(different.told.join("\n")).toContain("not the same");
  const short = ask([
    [/^Number/, "2"],
    [/^Passphrase/, "correct horse"],
  ]);
  await expect(short.adding).rejects.toMatchObject({ code: "store.missing" });
  expect(short.told.join("\n")).toContain("14 characters");
  const { told, adding } = ask([]);
  expect(await adding).toMatchObject({ settings: { encryption: { method: "passphrase" } } });
  const { passphrase } = secrets()["store-nas.json"];
  expect(passphrase).toMatch(/^(?:[a-z2-9]{5}-){5}[a-z2-9]{5}$/);
  expect(told.filter((line) => line.includes(passphrase))).toHaveLength(1);
  expect(config()).not.toContain(passphrase);
});

it("tries every store, and one that fails keeps the others from nothing", async () => {
  const started = await server();
  const given = { endpoint: started.url, bucket: "photos" };
  await add(nobody(KEYS), given, { name: "nas", secretsFromInput: true });
  const tried = () => testStores(library.root, [], computer(), quietRun());
  expect(await tried()).toMatchObject({ counts: { tested: 2, ok: 2, failed: 0 }, outcome: "done" });
  started.expire();
  expect(await tried()).toMatchObject({
    counts: { tested: 2, ok: 1, failed: 1 },
    outcome: "auth",
    failures: [{ subject: "nas", code: "store.session-expired" }],
  });
  await expect(testStores(library.root, ["none"], computer(), quietRun())).rejects.toMatchObject({
    code: "store.unknown",
  });
});

it("forgets a store softly: bytes and records stay and count for nothing, and the only copy needs a yes", async () => {
  const disk = join(library.root, "..", `${library.root.split("/").at(-1)}-disk`);
  await add(nobody(), { path: disk }, { name: "disk" });
  const both = photoDocument({ content: "a", stores: ["disk", "local"] });
  const alone = photoDocument({ content: "b", stores: ["disk"] });
  await library.change([], [both, alone]);
  const listed = () =>
    listStores(library.root, library.control, { check: false, surroundings: computer() }, quietRun());
  expect((await listed()).stores).toMatchObject([
    { name: "disk", state: "enabled", blobs: 2, url: disk },
    { name: "local", state: "enabled", blobs: 1, primary: true },
  ]);
  const remove = (yes: boolean, dryRun = false) =>
    removeStore(library.root, library.control, { name: "disk", yes, dryRun }, quietRun());
  const before = config();
  await expect(remove(false)).rejects.toSatisfy(
    (error) =>
      error instanceof PhotosyncError && error.code === "store.only-copy" && error.data["originals"] === 1,
  );
  expect(await remove(false, true)).toMatchObject({ counts: { replicas: 2, only_there: 1 }, commit: null });
  expect(config()).toBe(before);
  expect(await remove(true)).toMatchObject({ counts: { replicas: 2, only_there: 1 } });
  expect(storesIn()).toEqual({});
  expect((await listed()).stores).toMatchObject([
    { name: "disk", state: "forgotten", blobs: 2, url: null },
    { name: "local", state: "enabled" },
  ]);
  expect(
    [...(await library.documents()).values()].flatMap(({ replicas }) => Object.keys(replicas)).sort(),
  ).toEqual(["disk", "disk", "local"]);
});

it("takes a removed store's name at its old place alone", async () => {
  const [old, other] = ["old", "other"].map((name) => join(library.root, name));
  await add(nobody(), { path: old ?? "" }, { name: "disk" });
  await localStore({ name: "disk", root: old ?? "" }).put(PICTURE, quietRun());
  await library.change([], [photoDocument({ content: "a", stores: ["disk", "local"] })]);
  await removeStore(library.root, library.control, { name: "disk", yes: true, dryRun: false }, quietRun());
  const before = config();
  await expect(add(nobody(), { path: other ?? "" }, { name: "disk" })).rejects.toMatchObject({
    code: "store.name-taken",
    data: { replicas: 1 },
  });
  expect(config()).toBe(before);
  await add(nobody(), { path: other ?? "" }, { name: "disk-2" });
  expect(await add(nobody(), { path: old ?? "" }, { name: "disk" })).toMatchObject({
    test: { standing: "ready" },
  });
});

it("names another store as the primary one where that one is removed", async () => {
  const disk = join(library.root, "..", `${library.root.split("/").at(-1)}-disk`);
  await add(nobody(), { path: disk }, { name: "disk" });
  const options = { name: "local", yes: false, dryRun: false };
  expect(await removeStore(library.root, library.control, options, quietRun())).toMatchObject({
    primary: "disk",
  });
  expect(JSON.parse(config()).blob_storage).toMatchObject({ primary: "disk", local_path: null });
});
