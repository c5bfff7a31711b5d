import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { S3StoreSettings } from "../../src/domain/preferences.js";
import { openS3Store } from "../../src/operations/open-s3-store.js";
import { type S3Emulator, startS3, TEST_KEYS } from "../emulators/s3/start.js";
import { nobodysComputer } from "../fixtures/surroundings.js";
import { call } from "./blob-store-opened.js";
import { blobOf, sampleBytes } from "./blob-store-samples.js";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "photosync-sign-in-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function server(): Promise<S3Emulator> {
  const started = await startS3();
  onTestFinished(() => started.close());
  return started;
}

/** A store in the emulated bucket that is opened as the settings say, on a computer with this environment. */
async function store(
  { url }: S3Emulator,
  opening: Partial<S3StoreSettings>,
  env: Readonly<Record<string, string>>,
) {
  const settings = { type: "s3", bucket: "photos", endpoint: url, ...opening } as const;
  const surroundings = { ...nobodysComputer, env: { ...nobodysComputer.env, ...env } };
  return openS3Store("cloud", settings, await folder(), ["cloud"], surroundings);
}

const blob = blobOf(sampleBytes(2000, 1));

/** What the role of a container hands out, and how often it was asked; each time for so many seconds. */
async function container(started: S3Emulator, seconds: number) {
  let asked = 0;
  const listener = createServer((_request, response) => {
    asked++;
    const { accessKeyId, secretAccessKey, sessionToken } = started.session();
    const Expiration = new Date(Date.now() + seconds * 1000).toISOString();
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        Token: sessionToken,
        Expiration,
      }),
    );
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  process.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = `http://127.0.0.1:${port}/role`;
  onTestFinished(() => {
    delete process.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"];
    listener.close();
  });
  return { asked: () => asked };
}

it("is opened by the keys of a profile, and by temporary ones of the program that a profile runs", async () => {
  const started = await server();
  const home = await folder();
  const { accessKeyId, secretAccessKey, sessionToken } = started.session();
  const program = join(home, "keys.json");
  await writeFile(
    program,
    JSON.stringify({
      Version: 1,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
    }),
  );
  const config = join(home, "config");
  const credentials = join(home, "credentials");
  await writeFile(config, `[profile program]\ncredential_process = cat ${program}\n`);
  await writeFile(
    credentials,
    `[photos]\naws_access_key_id = ${TEST_KEYS.accessKeyId}\naws_secret_access_key = ${TEST_KEYS.secretAccessKey}\n`,
  );
  const env = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials };
  for (const profile of ["photos", "program"])
    expect(["stored", "already"]).toContain(
      (await (await store(started, { profile }, env)).put(blob, call)).kind,
    );
  const unknown = await store(started, { profile: "nobody" }, env);
  expect(await unknown.availability(call)).toBe("gone");
  expect(unknown.trouble?.()).toMatchObject({ kind: "auth", code: "store.no-keys" });
});

it("does not repeat the command line of a program that a profile runs, nor what it said", async () => {
  const started = await server();
  const home = await folder();
  const config = join(home, "config");
  const AWS_SHARED_CREDENTIALS_FILE = join(home, "credentials");
  await writeFile(config, "[profile vault]\ncredential_process = cat /nowhere --token hunter2 >&2\n");
  await writeFile(AWS_SHARED_CREDENTIALS_FILE, "");
  const opened = await store(
    started,
    { profile: "vault" },
    { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE },
  );
  expect(await opened.availability(call)).toBe("gone");
  expect(opened.trouble?.()).toMatchObject({ code: "store.no-keys" });
  expect(String(opened.trouble?.())).toContain("program");
  expect(JSON.stringify([String(opened.trouble?.()), opened.trouble?.()])).not.toContain("hunter2");
});

it("reads nothing of a profile that no setting names", async () => {
  const started = await server();
  const home = await folder();
  const credentials = join(home, "credentials");
  await writeFile(
    credentials,
    `[default]\naws_access_key_id = ${TEST_KEYS.accessKeyId}\naws_secret_access_key = ${TEST_KEYS.secretAccessKey}\n`,
  );
  const opened = await store(started, {}, { AWS_SHARED_CREDENTIALS_FILE: credentials });
  expect(await opened.availability(call)).toBe("gone");
  expect(opened.trouble?.()).toMatchObject({ code: "store.no-keys" });
});

it.each([
  ["once, while its keys are good", 3600],
  ["again, when they are about to expire", 5],
])("asks the role of the machine %s", async (_, seconds) => {
  const started = await server();
  const role = await container(started, seconds);
  const opened = await store(started, { machine_role: true }, {});
  await opened.availability(call);
  await opened.availability(call);
  await opened.availability(call);
  if (seconds > 60) expect(role.asked()).toBe(1);
  else expect(role.asked()).toBeGreaterThan(1);
});

it("says that a machine has no role, and that a session is over", async () => {
  const started = await server();
  const none = await store(started, { machine_role: true }, { AWS_EC2_METADATA_DISABLED: "true" });
  await none.availability(call);
  expect(none.trouble?.()).toMatchObject({ kind: "auth", code: "store.no-keys" });
  await container(started, 3600);
  const opened = await store(started, { machine_role: true }, {});
  expect(await opened.availability(call)).toBe("new");
  for (const session of started.state.sessions.values()) session.isExpired = true;
  expect(await opened.availability(call)).toBe("gone");
  expect(opened.trouble?.()).toMatchObject({ kind: "auth", code: "store.session-expired" });
});
