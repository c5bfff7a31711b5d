import { describe, expect, it } from "vitest";
import type { SecretStore } from "../../src/ports/secrets.js";

/** A store to try: kept by itself, or in the environment. */
export interface SecretStoreCase {
  readonly origin: "keychain" | "file";
  /** The store as another process would see it; everything kept stays. */
  open(env?: Readonly<Record<string, string>>): SecretStore;
}

const SECRET = "s3cret-that-must-not-be-seen";
const FIELDS = { flickr_api_key: "key", flickr_oauth_token: SECRET };

/** What every way of keeping secrets promises. */
export function secretStoreContract(name: string, make: () => Promise<SecretStoreCase>): void {
  describe(`secrets: ${name}`, () => {
    it("knows nothing at first, and forgets nothing", async () => {
      const store = (await make()).open();
      expect(await store.read("flickr")).toBeNull();
      expect(await store.forget("flickr")).toBe(false);
    });

    it("gives back what was written, to others as well, and says where it is", async () => {
      const { open, origin } = await make();
      expect(await open().write("flickr", FIELDS)).toBe(origin);
      expect(await open().read("flickr")).toEqual({ fields: FIELDS, origin });
    });

    it("replaces all of an account, and leaves the others", async () => {
      const { open } = await make();
      await open().write("flickr", FIELDS);
      await open().write("google-photos", { google_refresh_token: "other" });
      await open().write("flickr", { flickr_api_key: "new" });
      expect((await open().read("flickr"))?.fields).toEqual({ flickr_api_key: "new" });
      expect((await open().read("google-photos"))?.fields).toEqual({ google_refresh_token: "other" });
    });

    it("forgets", async () => {
      const { open } = await make();
      await open().write("flickr", FIELDS);
      expect(await open().forget("flickr")).toBe(true);
      expect(await open().read("flickr")).toBeNull();
    });

    it("keeps any text", async () => {
      const { open } = await make();
      const fields = { odd: '"quotes"\n and 🔑 and \\ and ü', empty: "" };
      await open().write("flickr", fields);
      expect((await open().read("flickr"))?.fields).toEqual(fields);
    });

    it("lets the environment go first, field by field, and keeps nothing of it", async () => {
      const { open, origin } = await make();
      const env = { FLICKR_API_KEY: "from-env", FLICKR_API_SECRET: "from-env-too" };
      await open(env).write("flickr", {
        ...FIELDS,
        flickr_api_key: "from-env",
        flickr_api_secret: "from-env-too",
      });
      expect((await open(env).read("flickr"))?.origin).toBe(origin);
      expect((await open(env).read("flickr"))?.fields["flickr_api_key"]).toBe("from-env");
      expect((await open().read("flickr"))?.fields).toEqual({ flickr_oauth_token: SECRET });
    });

    it("changes one at a time, each seeing what the one before left", async () => {
      const { open } = await make();
      await open().write("flickr", { n: "0" });
      const add = async () => {
        await open().update("flickr", async (now) => {
          await new Promise((resolve) => setImmediate(resolve));
          return { n: String(Number(now?.["n"] ?? "0") + 1) };
        });
      };
      await Promise.all(Array.from({ length: 5 }, add));
      expect((await open().read("flickr"))?.fields).toEqual({ n: "5" });
    });

    it("keeps what was there when a change fails", async () => {
      const { open } = await make();
      await open().write("flickr", FIELDS);
      const failing = open().update("flickr", () => Promise.reject(new Error("no")));
      await expect(failing).rejects.toThrow("no");
      expect((await open().read("flickr"))?.fields).toEqual(FIELDS);
      await expect(open().update("flickr", async (now) => ({ ...now, more: "1" }))).resolves.toMatchObject({
        more: "1",
      });
    });
  });
}
