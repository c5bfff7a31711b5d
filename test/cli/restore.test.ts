import { chmod, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { PhotoDocument } from "../../src/domain/photo.js";
import { startS3, TEST_KEYS, TEST_REGION } from "../emulators/s3/start.js";
import { AWS_LIKE } from "../emulators/s3/state.js";
import { picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { git, start } from "./run-program.js";
import { sha256Hex } from "./sha256.js";

const SIDECAR = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:p="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:photosync="urn:uuid:3c8f7d0e-5b0a-4c58-9a41-7f1f5f0a2b61#"
 xmp:Rating="4" exif:GPSLatitude="45,26.4N" exif:GPSLongitude="12,20.1E">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Bridges &amp; &lt;water&gt;</rdf:li></rdf:Alt></dc:title>
<dc:subject><rdf:Bag><rdf:li>venice</rdf:li><rdf:li>été</rdf:li></rdf:Bag></dc:subject>
<p:PersonInImage><rdf:Bag><rdf:li>Ana Ruiz</rdf:li></rdf:Bag></p:PersonInImage>
<photosync:Albums><rdf:Bag><rdf:li>Venice</rdf:li><rdf:li>Best of: 2024</rdf:li></rdf:Bag></photosync:Albums>
</rdf:Description></rdf:RDF></x:xmpmeta>`;

const namesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort();
};

/** What a document says of its photo, wherever it was found. */
const said = ({ metadata, albums, people }: PhotoDocument) => ({ metadata, albums, people });
const saidBy = (library: Library) =>
  [...library.documents().values()]
    .map((document) => [document.content_hash, said(document)] as const)
    .sort();

it("what was restored is the originals, and a library made of it says of them what the first one said", async () => {
  const home = await tempFolder();
  const pictures = join(home, "pictures");
  await put(pictures, "a/IMG_1.jpg", await picture(1, { taken: "2024:01:31 10:30:00", caption: "A bridge" }));
  await put(pictures, "a/IMG_1.jpg.xmp", SIDECAR);
  await put(pictures, "b/img_1.jpg", await picture(2, { taken: "2024:01:31 11:00:00" }));
  await put(pictures, "undated.jpg", await picture(3));
  const library = await Library.init(join(home, "library"));
  await library.run("discover", pictures);
  await library.run("resolve");
  await library.run("replicate", "--execute");

  const out = join(home, "out");
  const shown = await library.run("restore", "--all", "--to", out, "--dry-run");
  expect(shown).toMatchObject({ exit: 0, counts: { photos: 3, planned: 6, done: 0 } });
  await expect(stat(out)).rejects.toThrow();
  const done = await library.run("restore", "--all", "--to", out);
  expect(done).toMatchObject({ exit: 0, commit: null, counts: { planned: 6, done: 6, failed: 0 } });
  expect(done.plan).toEqual(shown.plan);
  const names = await namesIn(out);
  expect(names).toEqual(done.plan.map(({ target }) => target).sort());
  expect(names.map((name) => name.toLowerCase().replace(/-[0-9a-f]{8}\.jpg/, "-*.jpg"))).toEqual([
    "2024/2024-01-31/img_1-*.jpg",
    "2024/2024-01-31/img_1-*.jpg.xmp",
    "2024/2024-01-31/img_1.jpg",
    "2024/2024-01-31/img_1.jpg.xmp",
    "undated/undated.jpg",
    "undated/undated.jpg.xmp",
  ]);
  const hashes = await Promise.all(
    names
      .filter((name) => name.endsWith(".jpg"))
      .map(async (name) => sha256Hex(await readFile(join(out, name)))),
  );
  expect(hashes.map((hex) => `sha256:${hex}`).sort()).toEqual(saidBy(library).map(([hash]) => hash));

  const second = await Library.init(join(home, "second"));
  await second.run("discover", out);
  const names2 = (documents: ReturnType<typeof saidBy>) =>
    documents.map(([hash, { metadata, ...rest }]) => {
      const { filename: _, ...others } = metadata;
      return [hash, { ...others, ...rest }];
    });
  expect(names2(saidBy(second))).toEqual(names2(saidBy(library)));
  expect(saidBy(second).map(([, { albums }]) => albums)).toContainEqual(["Best of: 2024", "Venice"]);

  const albums = join(home, "albums");
  const one = await library.run(
    "restore",
    "--album",
    "venice",
    "--by",
    "album",
    "--to",
    albums,
    "--no-sidecars",
  );
  expect(one).toMatchObject({ exit: 0, counts: { photos: 1, done: 1 } });
  expect((await namesIn(albums)).map((name) => name.toLowerCase())).toEqual([
    expect.stringMatching(/^venice\/img_1(-[0-9a-f]{8})?\.jpg$/),
  ]);
});

it("killed while a bucket is silent, wrong bytes in one store: only right bytes come back", async () => {
  const home = await tempFolder();
  const server = await startS3({ profile: AWS_LIKE });
  onTestFinished(() => server.close());
  const seeds = [1, 2, 3, 4];
  for (const seed of seeds)
    await put(join(home, "pictures"), `${seed}.jpg`, await picture(seed, { taken: "2024:01:31 10:30:00" }));
  const environment = {
    HOME: join(home, "user"),
    PHOTOSYNC_STORE_CLOUD_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
    PHOTOSYNC_STORE_CLOUD_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
    PHOTOSYNC_KEYCHAIN: "off",
  };
  const library = await Library.init(join(home, "library"), environment);
  const path = join(library.path, "config", "user-preferences.json");
  const preferences = JSON.parse(await readFile(path, "utf8"));
  preferences.blob_storage.stores = {
    cloud: { type: "s3", bucket: "photos", region: TEST_REGION, endpoint: server.url },
  };
  await writeFile(path, `${JSON.stringify(preferences, null, 2)}\n`);
  git(library.path, "commit", "--all", "--quiet", "--message", "a bucket");
  await library.run("discover", join(home, "pictures"));
  await library.run("resolve");
  await library.run("replicate", "--execute");

  const out = join(home, "out");
  const day = join(out, "2024", "2024-01-31");
  const { blob_key: silent } = library.photo("3.jpg").document;
  server.faults.add({ kind: "silence", operation: "GetObject", key: silent });
  const restore = ["restore", "--all", "--from", "cloud", "--to", out];
  const { child, ended } = start([...restore, "--library", library.path], environment);
  const isThere = async () => (await readdir(day).catch(() => [])).filter((name) => !name.startsWith("."));
  while ((await isThere()).length < 6) await new Promise((wake) => setTimeout(wake, 10));
  child.kill("SIGKILL");
  await ended;
  expect((await isThere()).sort()).toEqual(
    [1, 2, 4].flatMap((seed) => [`${seed}.jpg`, `${seed}.jpg.xmp`]).sort(),
  );
  server.faults.clear();
  const rest = await library.run(restore[0] as "restore", ...restore.slice(1));
  expect(rest).toMatchObject({ exit: 0, counts: { planned: 2, done: 2, skipped: 6 } });
  expect((await readdir(day)).filter((name) => name.startsWith("."))).toEqual([]);

  const { blob_key: rotten, photo_id } = library.photo("1.jpg").document;
  const blob = join(library.path, "blobs", rotten);
  await chmod(blob, 0o600);
  await writeFile(blob, Buffer.from(await readFile(blob)).fill(1, 9, 10));
  const again = join(home, "again");
  const elsewhere = await library.run("restore", "--all", "--to", again, "--no-sidecars");
  expect(elsewhere).toMatchObject({
    exit: 3,
    counts: { planned: 4, done: 4, failed: 0 },
    failures: [{ subject: photo_id, code: "replica.corrupt" }],
  });
  for (const seed of seeds)
    expect(await readFile(join(again, "2024", "2024-01-31", `${seed}.jpg`))).toEqual(
      await readFile(join(home, "pictures", `${seed}.jpg`)),
    );
  // What restore found wrong, the next replicate refills.
  expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 0, counts: { done: 1 } });
});
