import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PhotosyncError } from "../domain/errors.js";
import type { S3StoreSettings, StoreSettings } from "../domain/preferences.js";
import { s3PlaceOf } from "./s3/settings/s3-place.js";

/** What may stand after the question mark. A key or a secret never does, nor before an @. */
const SETTINGS = ["endpoint", "region", "profile"] as const;

/** An address as far as it may be repeated: what is unknown in it may be a secret. */
const shown = (text: string): string =>
  text.replace(/\?.*$/s, "").replace(/^([a-z0-9]+:(?:\/\/)?).*@/s, "$1…@");

const badUrl = (text: string, why: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "store.bad-url",
    message: `${shown(text)} is no address of a store: ${why}.`,
    next: [
      "Write s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION, or PRESET:BUCKET/PREFIX?region=REGION (aws, b2, wasabi, minio, r2, scaleway, ovh, hetzner, exoscale), or a folder.",
    ],
  });

/**
 * The settings that the address of a store means: `s3://BUCKET/PREFIX?endpoint=…&region=…&profile=…`, `PRESET:BUCKET/PREFIX?…`, a `file:` URL, or
 * a folder, which counts from `from`; the inverse of `storeUrl`. Throws `store.bad-url` (user).
 */
export function parseStoreUrl(text: string, from: string): StoreSettings {
  if (text === "") throw badUrl('""', "it is empty");
  if (text.startsWith("file:")) return { type: "local", path: pathOf(text) };
  // One letter is a disk of Windows.
  const [, scheme, rest] = /^([a-z][a-z0-9]+):(.*)$/s.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return { type: "local", path: resolve(from, text) };
  const [place = "", query = ""] = rest.split(/\?(.*)/s);
  const [bucket = "", ...prefix] = place.replace(/^\/\//, "").split("/");
  if (/[:@]/.test(bucket))
    throw badUrl(text, "keys do not stand in it, but in the environment or the keychain");
  const settings: S3StoreSettings = {
    type: "s3",
    bucket: decoded(bucket, text),
    ...(scheme === "s3" ? {} : { preset: scheme }),
    ...(prefix.join("") === "" ? {} : { prefix: decoded(prefix.join("/").replace(/\/+$/, ""), text) }),
    ...settingsOf(query, text),
  };
  try {
    s3PlaceOf(null, settings);
  } catch (error) {
    // What is wrong with the place is what is wrong with its address.
    const why = error instanceof PhotosyncError ? error.message.replace(/^.* cannot be used: |\.$/g, "") : "";
    throw badUrl(text, why || "it names no place");
  }
  return settings;
}

function pathOf(text: string): string {
  try {
    if (!text.startsWith("file:///")) throw new TypeError("relative");
    return fileURLToPath(text);
  } catch {
    throw badUrl(text, "a file: URL names a folder of this computer by its whole path");
  }
}

function decoded(part: string, text: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badUrl(text, "a % stands before something that is no code");
  }
}

function settingsOf(query: string, text: string): Pick<S3StoreSettings, (typeof SETTINGS)[number]> {
  const found: Partial<Record<(typeof SETTINGS)[number], string>> = {};
  for (const [given, value] of new URLSearchParams(query)) {
    const name = SETTINGS.find((each) => each === given);
    if (name === undefined) throw badUrl(text, `only ${SETTINGS.join(", ")} may follow the ?`);
    found[name] = value;
  }
  return found;
}
