import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemTime } from "../../../src/infra/http/time.js";
import { FileVault } from "../../../src/infra/secrets/file-vault.js";
import { accountLock } from "../../../src/operations/account-lock.js";
import { tokensOf } from "../../../src/services/google-api/context-access.js";
import { googleDriveKit, googlePhotosKit } from "../../../src/services/google-auth/kits.js";
import type { SignInWay } from "../../../src/services/sign-in/way.js";
import { SAMPLE_CLIENT, SAMPLE_SECRET, seedAccount, seedClient } from "../../emulators/google/seed.js";
import { startGoogleEmulator } from "../../emulators/google/start.js";
import type { Consent } from "../../emulators/google/state.js";
import { contextFor, personWho } from "../../fixtures/sign-in/sign-in-world.js";

const call = { signal: new AbortController().signal };
const application = { google_client_id: SAMPLE_CLIENT, google_client_secret: SAMPLE_SECRET };
const agrees: Consent = { kind: "agree", email: "ada@example.org" };

async function google(provider: "google-photos" | "google-drive" = "google-photos") {
  const emulator = await startGoogleEmulator();
  onTestFinished(() => emulator.close());
  seedAccount(emulator.state);
  const client = seedClient(emulator.state);
  emulator.state.consent = agrees;
  const context = contextFor(provider, { ...emulator.endpoints });
  return { emulator, client, context, kit: provider === "google-photos" ? googlePhotosKit : googleDriveKit };
}
type World = Awaited<ReturnType<typeof google>>;

/** A browser: follows the redirect, and knows the address it ended at. */
async function browse(address: string): Promise<string> {
  const page = await fetch(address, { redirect: "manual" });
  const to = page.headers.get("location") ?? "";
  await fetch(to).catch(() => {});
  return to;
}

function signIn({ context, kit }: World, way: SignInWay = "browser", visit = browse) {
  const person = personWho(visit);
  return { person, fields: kit.signIn(context, { application, way, person }, call) };
}

/** Signs in and keeps it, with an access token that is long past. */
async function signedIn(world: World): Promise<Readonly<Record<string, string>>> {
  const fields = { ...(await signIn(world).fields), google_access_token_expires_at: "2026-01-01T00:00:00Z" };
  await world.context.secrets.write("google-photos", fields);
  return fields;
}

const refreshes = ({ emulator }: World): number =>
  emulator.log.entries.filter(({ path }) => path === "/token").length;

describe("signing in to Google", () => {
  it.each(["browser", "paste"] as const)("gives lasting secrets: %s", async (way) => {
    const world = await google();
    const { person, fields } = signIn(world, way);
    expect(await fields).toMatchObject({
      ...application,
      google_refresh_token: expect.stringMatching(/^1\/\//),
    });
    expect(person.told.join("\n")).toContain("photos that you pick by hand");
    expect(person.told.join("\n")).not.toContain(SAMPLE_SECRET);
  });

  it("asks for no more than it explains, each service for its own", async () => {
    const { person, fields } = signIn(await google("google-drive"));
    await fields;
    const address = new URL(person.told.find((line) => line.startsWith("http")) ?? "");
    expect(address.searchParams.get("scope")).toBe("https://www.googleapis.com/auth/drive.readonly");
    expect(address.searchParams.get("code_challenge_method")).toBe("S256");
  });

  it("ends when the owner refuses", async () => {
    const world = await google();
    world.emulator.state.consent = { kind: "refuse" };
    await expect(signIn(world).fields).rejects.toMatchObject({
      code: "google-photos.sign-in-refused",
      kind: "auth",
    });
  });

  it("names the permissions that the owner has unticked", async () => {
    const world = await google();
    const untick = ["https://www.googleapis.com/auth/photoslibrary.appendonly"];
    world.emulator.state.consent = { ...agrees, untick };
    await expect(signIn(world).fields).rejects.toMatchObject({
      code: "google-photos.scopes-missing",
      message: expect.stringContaining("photoslibrary.appendonly"),
    });
  });

  it("turns away what it did not ask for, and goes on waiting", async () => {
    const world = await google();
    const statuses: number[] = [];
    const { fields } = signIn(world, "browser", async (address) => {
      const redirect = new URL(address).searchParams.get("redirect_uri") ?? "";
      for (const forged of [
        `${redirect}?code=x&state=guessed`,
        `${redirect}?state=`,
        redirect.replace("/photosync", "/"),
      ])
        statuses.push((await fetch(forged)).status);
      return browse(address);
    });
    await fields;
    expect(statuses).toEqual([400, 400, 404]);
  });

  it("takes no pasted address of another request", async () => {
    const world = await google();
    const { fields } = signIn(world, "paste", async () => "http://127.0.0.1:1/photosync?code=x&state=other");
    await expect(fields).rejects.toMatchObject({ code: "google-photos.sign-in-not-pasted", kind: "auth" });
  });

  it("says that a wrong client secret is wrong, without showing it", async () => {
    const world = await google();
    const person = personWho(browse);
    const wrong = { ...application, google_client_secret: "GOCSPX-wrong-one" };
    const error = await world.kit
      .signIn(world.context, { application: wrong, way: "browser", person }, call)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "google-photos.sign-in-needed", kind: "auth" });
    expect(shownOf(error)).not.toContain("GOCSPX");
  });
});

function shownOf(error: unknown): string {
  let text = "";
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    text += `${at.stack}${JSON.stringify(at)}`;
  return text;
}

describe("a Google access token", () => {
  it("is renewed once for all who wait, and then shared", async () => {
    const world = await google();
    await signedIn(world);
    const before = refreshes(world);
    const tokens = tokensOf(world.context);
    const given = await Promise.all(Array.from({ length: 20 }, () => tokens.accessToken(call)));
    expect(new Set(given).size).toBe(1);
    expect(refreshes(world) - before).toBe(1);
  });

  it("is renewed once for several processes", async () => {
    const world = await google();
    const fields = await signedIn(world);
    const before = refreshes(world);
    const folder = await mkdtemp(join(tmpdir(), "photosync-tokens-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    // What processes share is the file and the lock beside it.
    const processes = Array.from({ length: 5 }, () =>
      contextFor(
        "google-photos",
        { ...world.emulator.endpoints },
        new FileVault(folder),
        accountLock(folder, systemTime, call),
      ),
    );
    await processes[0]?.secrets.write("google-photos", fields);
    const given = await Promise.all(processes.map((one) => tokensOf(one).accessToken(call)));
    expect(new Set(given).size).toBe(1);
    expect(refreshes(world) - before).toBe(1);
  });

  it("is renewed when a service refuses it, though it looked good", async () => {
    const world = await google();
    await signedIn(world);
    const tokens = tokensOf(world.context);
    const first = await tokens.accessToken(call);
    expect(await tokens.accessToken(call)).toBe(first);
    expect(await tokens.accessToken(call, first)).not.toBe(first);
  });

  it("survives a sign-in server in trouble, and asks it again", async () => {
    const world = await google();
    await signedIn(world);
    const rule = world.emulator.faults.add({
      matching: /token/,
      fault: { kind: "status", status: 503 },
      times: 2,
    });
    await expect(tokensOf(world.context).accessToken(call)).resolves.toMatch(/^ya29/);
    expect(rule.hits).toBe(2);
  });

  it("is not thought lost because a network puts a page of its own in between", async () => {
    const world = await google();
    await signedIn(world);
    world.emulator.faults.add({ matching: /token/, fault: { kind: "captive-page" }, times: 1 });
    await expect(tokensOf(world.context).accessToken(call)).resolves.toMatch(/^ya29/);
  });

  it("cannot be had after the owner has revoked the sign-in: exit 11, and the command to run", async () => {
    const world = await google();
    await signedIn(world);
    for (const grant of world.emulator.state.grants.values()) grant.isRevoked = true;
    const before = refreshes(world);
    const error = await tokensOf(world.context)
      .accessToken(call)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: "auth",
      code: "google-photos.sign-in-needed",
      next: ["Sign in with: photosync connect google-photos"],
    });
    expect(refreshes(world) - before).toBe(1);
    for (const secret of Object.values((await world.context.secrets.read("google-photos"))?.fields ?? {}))
      expect(shownOf(error)).not.toContain(secret);
  });

  it("cannot be had where nobody is signed in", async () => {
    const { context } = await google();
    await expect(tokensOf(context).accessToken(call)).rejects.toMatchObject({
      code: "google-photos.sign-in-needed",
    });
  });

  it("stops being waited for when the call is aborted", async () => {
    const world = await google();
    await signedIn(world);
    world.emulator.faults.add({ matching: /token/, fault: { kind: "stall" } });
    const controller = new AbortController();
    const waiting = tokensOf(world.context).accessToken({ signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("testing and ending", () => {
  it("asks the library something, and says how many requests of the day are used", async () => {
    const world = await google();
    await signedIn(world);
    await expect(world.kit.check(world.context, {}, call)).resolves.toMatchObject({
      owner: expect.any(String),
    });
  });

  it("knows whose Drive it is", async () => {
    const world = await google("google-drive");
    await world.context.secrets.write("google-drive", await signIn(world).fields);
    await expect(world.kit.check(world.context, {}, call)).resolves.toMatchObject({
      owner: "ada@example.org",
    });
  });

  it("says what to do where the API is not switched on", async () => {
    const world = await google();
    await signedIn(world);
    world.client.disabledApis.push("photoslibrary.googleapis.com");
    await expect(world.kit.check(world.context, {}, call)).rejects.toMatchObject({
      code: "google-photos.api-disabled",
      kind: "user",
    });
  });

  it("revokes at Google; again is no error; nothing secret is in an address", async () => {
    const world = await google();
    const fields = await signedIn(world);
    await expect(world.kit.signOut(world.context, fields, call)).resolves.toEqual({
      revoked: true,
      note: null,
    });
    await expect(world.kit.signOut(world.context, fields, call)).resolves.toMatchObject({ revoked: true });
    await expect(tokensOf(world.context).accessToken(call)).rejects.toMatchObject({ kind: "auth" });
    // The emulator's log blots tokens out, so what counts is that the address has no query that could hold one.
    expect(world.emulator.log.entries.map(({ path }) => path)).toContain("/revoke");
  });
});
