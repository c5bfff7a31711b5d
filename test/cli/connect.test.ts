import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/infra/clock.js";
import { addAccount, addApp } from "../emulators/flickr/machine/seeding.js";
import { startFlickrEmulator } from "../emulators/flickr/start.js";
import { SAMPLE_CLIENT, SAMPLE_SECRET, seedAccount, seedClient } from "../emulators/google/seed.js";
import { startGoogleEmulator } from "../emulators/google/start.js";
import { Library } from "./library.js";
import { type Environment, git, photosync, start } from "./run-program.js";

const NSID = "11111111@N01";
/** Stands for a person with a browser: goes where it is sent, and notes down the arguments it was given. */
const BROWSER = `#!${process.execPath}
require("node:fs").appendFileSync(__filename + ".log", process.argv.slice(2).join(" ") + "\\n");
fetch(process.argv[2]).then((page) => page.text());
`;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "photosync-connect-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A library whose services are emulators, on a computer without a keychain. */
async function world() {
  const home = await folder();
  const browser = join(home, "browser.cjs");
  await writeFile(browser, BROWSER, { mode: 0o755 });
  const flickr = await startFlickrEmulator({ clock: systemClock, options: { authorizesAs: NSID } });
  onTestFinished(() => flickr.close());
  addAccount(flickr.machine, { nsid: NSID, username: "ada" });
  const app = addApp(flickr.machine);
  const google = await startGoogleEmulator();
  onTestFinished(() => google.close());
  seedAccount(google.state);
  seedClient(google.state);
  google.state.consent = { kind: "agree", email: "ada@example.org" };
  const environment: Environment = {
    XDG_CONFIG_HOME: join(home, "config"),
    PHOTOSYNC_KEYCHAIN: "off",
    BROWSER: browser,
    FLICKR_API_KEY: app.key,
    FLICKR_API_SECRET: app.secret,
    GOOGLE_CLIENT_ID: SAMPLE_CLIENT,
    GOOGLE_CLIENT_SECRET: SAMPLE_SECRET,
  };
  const library = await Library.fresh(join(home, "library"), environment);
  const rate_limit = { requests_per_second: 1000 };
  const { rest, upload, oauth } = flickr.endpoints;
  const services = {
    schema_version: 1,
    folder: { enabled: true },
    "google-photos": { enabled: true, endpoints: google.endpoints, rate_limit },
    flickr: { enabled: false, endpoints: { rest, upload, oauth }, rate_limit },
  };
  await writeFile(join(library.path, "config/services.json"), `${JSON.stringify(services, null, 2)}\n`);
  git(library.path, "commit", "-qam", "services that are emulators");
  const visited = () => readFileSync(`${browser}.log`, "utf8");
  return { home, library, environment, flickr, google, app, visited };
}
type World = Awaited<ReturnType<typeof world>>;

/** Everything that must never be seen. */
const secretsOf = ({ app, flickr, google }: World): readonly string[] => [
  app.secret,
  SAMPLE_SECRET,
  ...google.state.grants.keys(),
  ...google.state.accessTokens.keys(),
  ...[...flickr.state.accessTokens.values()].flatMap(({ token, secret }) => [token, secret]),
];

function everyFileIn(path: string): string {
  return readdirSync(path, { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
}

it("signs in through a browser, tests it, switches the account on in one commit, and shows no secret", async () => {
  const here = await world();
  const { library, visited } = here;
  const connected = await library.run("connect", "flickr", "--verbose");
  expect(connected).toMatchObject({ exit: 0, account: "flickr", owner: "ada", kept_in: "file" });
  expect(JSON.parse(readFileSync(join(library.path, "config/services.json"), "utf8")).flickr.enabled).toBe(
    true,
  );
  expect(git(library.path, "show", "--stat", "--format=%s", "HEAD")).toContain("config/services.json");

  const again = await library.run("connect", "flickr");
  expect(again).toMatchObject({ exit: 0, commit: null });
  const google = await library.run("connect", "google-photos");
  expect(google).toMatchObject({ exit: 0, commit: null, provider: "google-photos" });

  const seen = [JSON.stringify([connected, again, google]), visited(), everyFileIn(library.path)].join("\n");
  const secrets = secretsOf(here);
  expect(secrets.length).toBeGreaterThan(5);
  for (const secret of secrets) expect(seen).not.toContain(secret);
});

it("signs in by a pasted code where there is no browser, and keeps what comes from the environment nowhere", async () => {
  const here = await world();
  const { library, environment, flickr, home, app } = here;
  const running = start(["connect", "flickr", "--paste", "--library", library.path], environment, {
    stdin: "pipe",
  });
  let shown = "";
  running.child.stderr?.on("data", (text: string) => {
    shown += text;
    const address = /^http\S+$/m.exec(shown)?.[0];
    if (address === undefined || running.child.stdin?.writableEnded) return;
    const decided = flickr.authorize(address, { as: NSID });
    running.child.stdin?.end(`${decided.kind === "code" ? decided.code : ""}\n`);
  });
  const { exit, stdout, stderr } = await running.ended;
  expect([exit, stderr]).toEqual([0, expect.any(String)]);
  expect(stdout).toContain("ada");
  const kept = everyFileIn(join(home, "config"));
  expect(kept).toContain("flickr_oauth_token_secret");
  for (const given of [app.key, app.secret]) expect(kept).not.toContain(given);
  for (const secret of secretsOf(here)) expect(stdout + stderr).not.toContain(secret);
});

it("lists all that is missing where nobody can be asked", async () => {
  const { library, environment } = await world();
  const { FLICKR_API_KEY: _key, FLICKR_API_SECRET: _secret, ...bare } = environment;
  const { exit, stderr } = await photosync(["connect", "flickr", "--library", library.path], bare);
  expect(exit).toBe(2);
  expect(stderr).toContain("connect.missing");
  for (const name of ["FLICKR_API_KEY", "FLICKR_API_SECRET"]) expect(stderr).toContain(name);
});

it("only tests a sign-in that is whole in the environment", async () => {
  const { library, google, environment, home } = await world();
  await library.run("connect", "google-photos");
  const [token = ""] = google.state.grants.keys();
  await rm(join(home, "config"), { recursive: true });
  const given = new Library(library.path, { ...environment, GOOGLE_REFRESH_TOKEN: token });
  expect(await given.run("connect", "google-photos")).toMatchObject({ exit: 0, kept_in: "environment" });
  expect(readdirSync(home)).not.toContain("config");
});

it("ends a sign-in at Google, forgets it, and asks for it again with exit 11", async () => {
  const { library, google, environment } = await world();
  await library.run("connect", "google-photos");
  const ended = await library.run("disconnect", "google-photos");
  expect(ended).toMatchObject({ exit: 0, revoked: true, forgotten: true });
  expect([...google.state.grants.values()].every(({ isRevoked }) => isRevoked)).toBe(true);
  const [token = ""] = google.state.grants.keys();
  const given = new Library(library.path, { ...environment, GOOGLE_REFRESH_TOKEN: token });
  const refused = await given.run("connect", "google-photos");
  expect(refused).toMatchObject({ exit: 11, error: { code: "google-photos.sign-in-needed" } });
  expect(await library.run("disconnect", "flickr")).toMatchObject({
    exit: 0,
    revoked: false,
    forgotten: false,
  });
});

it("signs in, and leaves a configuration alone that its owner is editing", async () => {
  const { library } = await world();
  const path = join(library.path, "config/services.json");
  await writeFile(path, `${readFileSync(path, "utf8").trimEnd()}\n\n`);
  library.ownersChanges = " M config/services.json";
  const connected = await library.run("connect", "flickr");
  expect(connected).toMatchObject({ exit: 3, commit: null, owner: "ada" });
  expect(connected.failures).toMatchObject([
    { code: "document.uncommitted-edit", subject: "config/services.json" },
  ]);
});

it.each([
  ["nonsense", "connect.unknown-service"],
  ["folder", "connect.no-sign-in"],
])("refuses to connect %s", async (name, code) => {
  const { library } = await world();
  expect(await library.run("connect", name)).toMatchObject({ exit: 2, error: { code } });
});
