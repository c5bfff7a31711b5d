import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../src/infra/clock.js";
import { flickrKit } from "../../../src/services/flickr/auth-kit.js";
import type { SignInWay } from "../../../src/services/sign-in/way.js";
import type { HttpOptions } from "../../emulators/flickr/http/options.js";
import { addAccount, addApp } from "../../emulators/flickr/machine/seeding.js";
import { startFlickrEmulator } from "../../emulators/flickr/start.js";
import { contextFor, personWho } from "../../fixtures/sign-in/sign-in-world.js";

const call = { signal: new AbortController().signal };
const NSID = "11111111@N01";

async function flickr(options: Partial<HttpOptions> = {}, clock = systemClock) {
  const emulator = await startFlickrEmulator({ clock, options });
  onTestFinished(() => emulator.close());
  addAccount(emulator.machine, { nsid: NSID, username: "ada" });
  const app = addApp(emulator.machine);
  const { rest, upload, oauth } = emulator.endpoints;
  const context = contextFor("flickr", { rest, upload, oauth });
  const application = { flickr_api_key: app.key, flickr_api_secret: app.secret };
  return { emulator, app, context, application };
}
type World = Awaited<ReturnType<typeof flickr>>;

/** A person who agrees on Flickr's page, and goes where it sends them. */
const agreeing =
  ({ emulator }: World, perms?: "read") =>
  async (address: string): Promise<string> => {
    const decided = emulator.authorize(address, { as: NSID, ...(perms === undefined ? {} : { perms }) });
    if (decided.kind === "redirect") await fetch(decided.location);
    return decided.kind === "code" ? decided.code : "";
  };

const signIn = (world: World, way: SignInWay, visit = agreeing(world)) => {
  const person = personWho(visit);
  const { application, context } = world;
  return { person, fields: flickrKit.signIn(context, { application, way, person }, call) };
};

describe("signing in to Flickr", () => {
  it.each(["browser", "paste"] as const)("gives lasting secrets that work: %s", async (way) => {
    const world = await flickr();
    const { person, fields } = signIn(world, way);
    const kept = await fields;
    expect(kept).toMatchObject({ ...world.application, flickr_oauth_token: expect.stringContaining("-") });
    expect(person.told.join("\n")).not.toContain(world.app.secret);
    await world.context.secrets.write("flickr", kept);
    await expect(flickrKit.check(world.context, {}, call)).resolves.toMatchObject({
      owner: "ada",
      facts: expect.arrayContaining(["Flickr Pro"]),
    });
  });

  it("asks for the right to write, and not to delete", async () => {
    const world = await flickr();
    const { person, fields } = signIn(world, "browser");
    await fields;
    const address = new URL(person.told.find((line) => line.startsWith("http")) ?? "");
    expect(address.searchParams.get("perms")).toBe("write");
    expect(address.origin).toBe(new URL(world.emulator.endpoints.oauth).origin);
  });

  it("takes the nine digits without dashes, too", async () => {
    const world = await flickr();
    const agree = agreeing(world);
    const { fields } = signIn(world, "paste", async (address) => (await agree(address)).replaceAll("-", ""));
    await expect(fields).resolves.toHaveProperty("flickr_oauth_token_secret");
  });

  it("takes no other digits", async () => {
    const world = await flickr();
    const agree = agreeing(world);
    const { fields } = signIn(world, "paste", async (address) => {
      await agree(address);
      return "000-000-000";
    });
    await expect(fields).rejects.toMatchObject({ code: "flickr.sign-in-needed", kind: "auth" });
  });

  it("ends when the owner refuses and Flickr says so", async () => {
    const world = await flickr({ refusal: "callback" });
    const { fields } = signIn(world, "browser", async (address) => {
      const decided = world.emulator.authorize(address, "refuse");
      if (decided.kind === "redirect") await fetch(decided.location);
      return "";
    });
    await expect(fields).rejects.toMatchObject({ code: "flickr.sign-in-refused" });
  });

  it("says that a wrong API secret is wrong, and shows no signature", async () => {
    const world = await flickr();
    const wrong = { ...world, application: { ...world.application, flickr_api_secret: "0123456789abcdef" } };
    const error = await signIn(wrong, "browser").fields.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "flickr.sign-in-needed", kind: "auth" });
    expect(`${error}${JSON.stringify(error)}`).not.toMatch(/debug_sbs|oauth_signature|0123456789abcdef/);
  });

  it("tells a person with a wrong clock to set it", async () => {
    const world = await flickr({}, { now: () => "2031-01-01T00:00:00Z" });
    await expect(signIn(world, "browser").fields).rejects.toMatchObject({
      code: "flickr.clock-wrong",
      kind: "user",
    });
  });

  it("survives an ill Flickr at the beginning", async () => {
    const world = await flickr();
    world.emulator.faults.add({ fault: { kind: "throttled" }, nth: 1 });
    world.emulator.faults.add({ fault: { kind: "status", status: 502 }, nth: 1 });
    await expect(signIn(world, "browser").fields).resolves.toHaveProperty("flickr_oauth_token");
  });
});

describe("testing and ending", () => {
  it("finds that a sign-in may only look", async () => {
    const world = await flickr();
    const fields = await signIn(world, "browser", agreeing(world, "read")).fields;
    await world.context.secrets.write("flickr", fields);
    await expect(flickrKit.check(world.context, {}, call)).rejects.toMatchObject({
      code: "flickr.sign-in-needed",
    });
  });

  it.each(["token_rejected", "98"] as const)("finds that a sign-in was revoked: %s", async (revokedToken) => {
    const world = await flickr({ revokedToken });
    await world.context.secrets.write("flickr", await signIn(world, "browser").fields);
    world.emulator.state.accessTokens.clear();
    await expect(flickrKit.check(world.context, {}, call)).rejects.toMatchObject({
      code: "flickr.sign-in-needed",
      kind: "auth",
      next: ["Sign in with: photosync connect flickr"],
    });
  });

  it("cannot end it at Flickr, and says where the owner can", async () => {
    const { context } = await flickr();
    expect(await flickrKit.signOut(context, {}, call)).toMatchObject({
      revoked: false,
      note: expect.stringContaining("https://www.flickr.com/"),
    });
  });
});
