import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig, syncStateEdit } from "../../../src/control/config.js";
import type { PhotosyncError } from "../../../src/domain/errors.js";

const CHECKED_IN = fileURLToPath(new URL("../../../config/", import.meta.url));
const SERVICES = "config/services.json";
const PREFERENCES = "config/user-preferences.json";
const SYNC_STATE = "config/sync-state.json";

let library: string;
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), "photosync-config-"));
  cpSync(CHECKED_IN, join(library, "config"), { recursive: true });
});
afterEach(() => rmSync(library, { recursive: true, force: true }));

const write = (path: string, value: unknown) =>
  writeFileSync(join(library, path), typeof value === "string" ? value : JSON.stringify(value));
const refusal = async (): Promise<Pick<PhotosyncError, "code" | "message" | "kind">> =>
  loadConfig(library).then(
    () => expect.unreachable("the configuration was taken"),
    (error: PhotosyncError) => error,
  );

describe("loadConfig", () => {
  it("takes the files that come with photosync", async () => {
    const { services, preferences, syncState } = await loadConfig(library);
    expect(Object.keys(services)).toEqual(["folder", "google-photos"]);
    expect(preferences.default_visibility).toBe("private");
    expect(Object.keys(syncState.services)).toEqual(["folder", "google-photos"]);
  });

  it("takes neither the version nor the schema's address for a service", async () => {
    write(SERVICES, {
      $schema: "../schemas/service-config.schema.json",
      schema_version: 1,
      nas: { enabled: true },
    });
    expect((await loadConfig(library)).services).toEqual({ nas: { enabled: true } });
  });

  it("names every file that is missing", async () => {
    rmSync(join(library, SERVICES));
    rmSync(join(library, PREFERENCES));
    const { code, message, kind } = await refusal();
    expect([code, kind]).toEqual(["config.missing", "user"]);
    expect(message).toContain(SERVICES);
    expect(message).toContain(PREFERENCES);
    expect(message).not.toContain(SYNC_STATE);
  });

  it("names every problem of every file at once", async () => {
    write(SERVICES, { folder: { enabled: "yes", provider: "myspace" } });
    write(PREFERENCES, "{ torn");
    write(SYNC_STATE, { schema_version: 1, services: {}, cursor: 1 });
    const { code, message } = await refusal();
    expect(code).toBe("config.invalid");
    for (const named of ["/folder/enabled", "/folder/provider", PREFERENCES, SYNC_STATE, "cursor"])
      expect(message).toContain(named);
  });

  it.each([
    ["merge markers", '<<<<<<< HEAD\n{ "schema_version": 1 }\n=======\n{}\n>>>>>>> nas\n'],
    ["another form", '{ "schema_version": 1, "services": [] }'],
    ["nothing", ""],
  ])("goes on without a sync state that holds %s, and says so", async (_, text) => {
    write(SYNC_STATE, text);
    const { services, syncState, syncStateFailure } = await loadConfig(library);
    expect(Object.keys(services)).toEqual(["folder", "google-photos"]);
    expect(syncState.services).toEqual({});
    expect(syncStateFailure).toMatchObject({ subject: SYNC_STATE, code: "config.sync-state-invalid" });
  });

  it("goes on without any sync state", async () => {
    rmSync(join(library, SYNC_STATE));
    expect((await loadConfig(library)).syncStateFailure?.code).toBe("config.sync-state-invalid");
  });

  it("takes a place whose name speaks of secrets for no secret", async () => {
    const last_discover = "2024-01-15T10:30:00Z";
    const roots = { "/home/ada/secret tokens": { kind: "folder", last_discover } };
    write(SYNC_STATE, { schema_version: 1, services: { folder: { last_discover, roots } } });
    expect((await loadConfig(library)).syncState.services["folder"]?.roots).toEqual(roots);
  });

  it.each([
    ["client_secret", { flickr: { enabled: true, client_secret: "hunter2" } }],
    ["api_key", { flickr: { enabled: true, api_key: "hunter2" } }],
    ["oauth.refresh_token", { flickr: { enabled: true, oauth: { refresh_token: "hunter2" } } }],
    ["tokens.0", { flickr: { enabled: true, tokens: ["hunter2"] } }],
    ["credentials.value", { flickr: { enabled: true, credentials: { value: "hunter2" } } }],
  ])("refuses the secret in %s without repeating it", async (at, services) => {
    write(SERVICES, services);
    const { code, message } = await refusal();
    expect(code).toBe("config.secret");
    expect(message).toContain(`flickr.${at}`);
    expect(message).not.toContain("hunter2");
  });

  it("says that there is a secret although another file is broken too", async () => {
    write(SERVICES, { flickr: { enabled: true, token: "hunter2" } });
    write(PREFERENCES, "{ torn");
    expect((await refusal()).code).toBe("config.secret");
  });

  it("takes a placeholder for no secret", async () => {
    write(SERVICES, { flickr: { enabled: false, client_secret: "...", api_key: "" } });
    expect(Object.keys((await loadConfig(library)).services)).toEqual(["flickr"]);
  });
});

describe("syncStateEdit", () => {
  it("writes what loadConfig reads, in the bytes that are checked in", async () => {
    const { syncState } = await loadConfig(library);
    const { path, bytes } = syncStateEdit(syncState);
    write(path, Buffer.from(bytes ?? []).toString("utf8"));
    expect((await loadConfig(library)).syncState).toEqual(syncState);
  });
});
