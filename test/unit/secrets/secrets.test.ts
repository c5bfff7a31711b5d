import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { environmentSecrets } from "../../../src/infra/secrets/environment-secrets.js";
import { FileVault, userConfigFolder } from "../../../src/infra/secrets/file-vault.js";
import { KeychainVault } from "../../../src/infra/secrets/keychain-vault.js";
import { secretStore } from "../../../src/infra/secrets/secret-store.js";
import { FakeKeyring, MemoryVault, oneAfterAnother } from "../../fakes/memory-vault.js";

const SECRET = "hush-hush-0123456789";
const code = (expected: string) => expect.objectContaining({ code: expected });

describe("the environment", () => {
  const flickr = { name: "flickr", provider: "flickr" };
  const family = { name: "my-family.2", provider: "flickr" };
  const env = {
    FLICKR_API_KEY: "key",
    FLICKR_OAUTH_TOKEN: "token",
    PHOTOSYNC_MY_FAMILY_2_FLICKR_OAUTH_TOKEN: "family's",
    GOOGLE_CLIENT_ID: "",
  };

  it("serves the only account of a provider by bare names", () => {
    expect(environmentSecrets(env, flickr, [flickr])).toEqual({
      flickr_api_key: "key",
      flickr_oauth_token: "token",
    });
  });

  it("gives no bare token to one of several accounts, and each its own", () => {
    expect(environmentSecrets(env, flickr, [flickr, family])).toEqual({ flickr_api_key: "key" });
    expect(environmentSecrets(env, family, [flickr, family])).toEqual({
      flickr_api_key: "key",
      flickr_oauth_token: "family's",
    });
  });

  it("gives a store's key and secret from one place or not at all, and AWS's own names only to the only one", () => {
    const cloud = { name: "store-cloud", provider: "s3" };
    const other = { name: "store-other", provider: "s3" };
    const aws = {
      AWS_ACCESS_KEY_ID: "aws",
      AWS_SECRET_ACCESS_KEY: "aws-secret",
      AWS_SESSION_TOKEN: "session",
    };
    const own = {
      PHOTOSYNC_STORE_CLOUD_ACCESS_KEY_ID: "own",
      PHOTOSYNC_STORE_CLOUD_SECRET_ACCESS_KEY: "own-secret",
    };
    expect(environmentSecrets(aws, cloud, [cloud])).toEqual({
      access_key_id: "aws",
      secret_access_key: "aws-secret",
      session_token: "session",
    });
    expect(environmentSecrets({ ...aws, ...own }, cloud, [cloud])).toEqual({
      access_key_id: "own",
      secret_access_key: "own-secret",
    });
    expect(environmentSecrets(aws, cloud, [cloud, other])).toEqual({});
    expect(environmentSecrets({ ...aws, ...own }, other, [cloud, other])).toEqual({});
  });

  it("takes an empty variable for none", () => {
    const google = { name: "google-photos", provider: "google-photos" };
    expect(environmentSecrets(env, google, [google])).toEqual({});
  });
});

describe("a file of secrets", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "photosync-secrets-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
  });

  it.skipIf(process.platform === "win32")(
    "can be read by its owner alone, and leaves nothing else behind",
    async () => {
      await new FileVault(folder).write("flickr", SECRET);
      expect((await stat(join(folder, "flickr.json"))).mode & 0o777).toBe(0o600);
      expect(await readdir(folder)).toEqual(["flickr.json"]);
      expect(await readFile(join(folder, "flickr.json"), "utf8")).toBe(SECRET);
    },
  );

  it.skipIf(process.platform === "win32").each([0o640, 0o604, 0o620])(
    "is refused with the rights %o",
    async (mode) => {
      const vault = new FileVault(folder);
      await vault.write("flickr", SECRET);
      await chmod(join(folder, "flickr.json"), mode);
      await expect(vault.read("flickr")).rejects.toEqual(code("secrets.file-exposed"));
    },
  );

  it("is refused as a link, and when it is huge", async () => {
    await writeFile(join(folder, "elsewhere"), SECRET, { mode: 0o600 });
    await symlink(join(folder, "elsewhere"), join(folder, "flickr.json"));
    await expect(new FileVault(folder).read("flickr")).rejects.toEqual(code("secrets.file-exposed"));
    await writeFile(join(folder, "huge.json"), "x".repeat(100_000), { mode: 0o600 });
    await expect(new FileVault(folder).read("huge")).rejects.toEqual(code("secrets.file-exposed"));
  });

  it("lies where each platform keeps settings", () => {
    expect(userConfigFolder({ XDG_CONFIG_HOME: "/x" }, "linux")).toBe("/x/photosync");
    expect(userConfigFolder({ XDG_CONFIG_HOME: "relative", HOME: "/home/a" }, "linux")).toBe(
      "/home/a/.config/photosync",
    );
    expect(userConfigFolder({ APPDATA: "/appdata" }, "win32")).toBe("/appdata/photosync");
  });
});

describe("a keychain in trouble", () => {
  const accounts = [{ name: "flickr", provider: "flickr" }];
  const world = (env: Readonly<Record<string, string>> = {}) => {
    const keyring = new FakeKeyring();
    const file = new MemoryVault();
    const keychain = async () => new KeychainVault(keyring);
    const store = secretStore({ env, accounts, keychain, file, exclusively: oneAfterAnother() });
    return { keyring, file, store };
  };

  it("hands over to the file what it does not take, and keeps no older version", async () => {
    const { keyring, file, store } = world();
    await store.write("flickr", { t: "old" });
    keyring.largest = 20;
    expect(await store.write("flickr", { t: SECRET })).toBe("file");
    expect([...keyring.texts]).toEqual([]);
    expect(await store.read("flickr")).toEqual({ fields: { t: SECRET }, origin: "file" });
    keyring.largest = 1000;
    expect(await store.write("flickr", { t: "new" })).toBe("keychain");
    expect([...file.texts]).toEqual([]);
  });

  it("is told of without a word of what it keeps", async () => {
    const { keyring, store } = world();
    keyring.locked = true;
    for (const failing of [store.read("flickr"), store.forget("flickr")])
      await expect(failing).rejects.toEqual(code("secrets.keychain-locked"));
    const error = await store.write("flickr", { t: SECRET }).catch((thrown: unknown) => thrown);
    expect(error).toEqual(code("secrets.cannot-keep"));
    expect(JSON.stringify(error) + String(error)).not.toContain(SECRET);
  });

  it("can be switched off", async () => {
    const { keyring, store } = world({ PHOTOSYNC_KEYCHAIN: "off" });
    keyring.locked = true;
    expect(await store.write("flickr", { t: SECRET })).toBe("file");
  });

  it("holding damage says so without showing it", async () => {
    const { keyring, store } = world();
    keyring.texts.set("flickr", `{"t": "${SECRET}`);
    const error = await store.read("flickr").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "secrets.damaged", kind: "auth" });
    expect(JSON.stringify(error) + String(error)).not.toContain(SECRET);
  });
});
