import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { addAccessToken, addPhoto } from "../emulators/flickr/machine/seeding.js";
import { SCOPES } from "../emulators/google/bearer.js";
import { seedSignIn } from "../emulators/google/seed.js";
import { startSampleServices } from "../emulators/sample-services.js";
import { Library } from "./library.js";
import { git } from "./run-program.js";

const ADA = "10000001@N01";

/** A library that is signed in to sample accounts, by what the environment gives. */
async function world(google: readonly string[]) {
  const home = await mkdtemp(join(tmpdir(), "photosync-doctor-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const sample = await startSampleServices({ agrees: true });
  onTestFinished(() => sample.close());
  const { FLICKR_API_KEY: appKey = "" } = sample.environment;
  const { token, secret } = addAccessToken(sample.flickr.machine, { appKey, nsid: ADA, perms: "write" });
  const { grant } = seedSignIn(sample.google.state, google, sample.google.nowMs());
  const library = await Library.fresh(join(home, "library"), {
    ...sample.environment,
    PHOTOSYNC_KEYCHAIN: "off",
    XDG_CONFIG_HOME: join(home, "config"),
    FLICKR_OAUTH_TOKEN: token,
    FLICKR_OAUTH_TOKEN_SECRET: secret,
    GOOGLE_REFRESH_TOKEN: grant.refreshToken,
  });
  const services = { schema_version: 1, ...sample.services };
  await writeFile(join(library.path, "config/services.json"), `${JSON.stringify(services, null, 2)}\n`);
  git(library.path, "commit", "-qam", "services that are emulators");
  const examine = async (...args: readonly string[]) => {
    const result = await library.run("doctor", ...args);
    const checks = result["checks"] as readonly Readonly<
      Record<"name" | "level" | "found" | "advice", string>
    >[];
    return { ...result, levels: Object.fromEntries(checks.map(({ name, level }) => [name, level])), checks };
  };
  return { sample, library, examine };
}

const PHOTOS = [SCOPES.append, SCOPES.read, SCOPES.edit, SCOPES.picker];

it("asks an account what could not be known without it, and changes nothing there", async () => {
  const { sample, examine } = await world(PHOTOS);
  const before = JSON.stringify([...sample.flickr.state.photos.values()]);
  const { levels, exit, counts } = await examine("--service", "flickr", "--live");
  expect(exit).toBe(0);
  expect(levels).toMatchObject({
    "account flickr": "ok",
    "flickr: addresses": "warning",
    "flickr: permission": "ok",
    "flickr: reading": "ok",
    "flickr: bytes of a photo": "ok",
    "flickr: assumed: originals of photos": "ok",
    "flickr: assumed: unknown photos": "ok",
    "flickr: assumed: same bytes back": "unconfirmed",
    "flickr: assumed: private uploads": "unconfirmed",
  });
  expect(counts["unconfirmed"]).toBeGreaterThan(3);
  expect(JSON.stringify([...sample.flickr.state.photos.values()])).toBe(before);
  expect(sample.flickr.log.filter(({ httpMethod }) => httpMethod !== "GET")).toEqual([]);
});

it("tells where an assumption does not hold, and that an original was not given", async () => {
  const { sample, examine } = await world(PHOTOS);
  const ada = sample.flickr.state.accounts.get(ADA);
  if (ada === undefined) throw new Error("the sample has no account");
  sample.flickr.state.accounts.set(ADA, { ...ada, isPro: false });
  addPhoto(sample.flickr.machine, { owner: ADA, title: "newest", file: "sample 0" });
  const { checks } = await examine("--service", "flickr", "--live");
  const found = checks.find(({ name }) => name === "flickr: assumed: originals of photos");
  expect(found).toMatchObject({ level: "warning", found: expect.stringContaining("Not so here") });
});

it("names a permission that the sign-in lacks, and a sign-in that has ended", async () => {
  const { sample, examine } = await world([SCOPES.append, SCOPES.read, SCOPES.picker]);
  const lacking = await examine("--service", "google-photos", "--live");
  expect(lacking.exit).toBe(3);
  expect(lacking.checks.filter(({ level }) => level === "problem")).toMatchObject([
    { name: "google-photos: permission", advice: expect.stringContaining("photosync connect google-photos") },
  ]);
  expect(sample.google.log.matching(/^(?:POST|PATCH|DELETE) (?!\/token$)/)).toEqual([]);

  for (const grant of sample.google.state.grants.values()) grant.isRevoked = true;
  const ended = await examine("--service", "google-photos", "--live");
  expect(ended.exit).toBe(3);
  expect(ended.levels).toMatchObject({
    "google-photos: live": "problem",
    "google-photos: assumed: uploads twice": "unconfirmed",
  });
});

it("says without asking anybody what each sign-in can see, and where originals come from", async () => {
  const { sample, examine, library } = await world(PHOTOS);
  const { checks, levels, exit } = await examine();
  expect(exit).toBe(0);
  expect(levels).toMatchObject({ "account flickr": "ok", "account google-photos": "ok" });
  expect(checks.find(({ name }) => name === "what google-photos can see")?.found).toContain("Takeout");
  const status = await library.run("status");
  expect(status["services"]).toContainEqual(
    expect.objectContaining({ name: "google-photos", note: expect.stringContaining("Takeout") }),
  );
  expect([...sample.flickr.log, ...sample.google.log.entries]).toEqual([]);
});
