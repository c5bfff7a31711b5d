import { expect, test } from "vitest";
import { storeUrl } from "../../../src/domain/store-url.js";
import { parseStoreUrl } from "../../../src/stores/parse-store-url.js";

test.each([
  ["s3://photos", { type: "s3", bucket: "photos" }],
  [
    "s3://photos/a/b?endpoint=https://s3.example.org&region=eu-1",
    { type: "s3", bucket: "photos", prefix: "a/b", endpoint: "https://s3.example.org", region: "eu-1" },
  ],
  ["b2:photos/lib", { type: "s3", preset: "b2", bucket: "photos", prefix: "lib" }],
  ["aws:photos?profile=home", { type: "s3", preset: "aws", bucket: "photos", profile: "home" }],
  ["s3://photos/a%20b/", { type: "s3", bucket: "photos", prefix: "a b" }],
  ["file:///media/usb", { type: "local", path: "/media/usb" }],
  ["/media/usb", { type: "local", path: "/media/usb" }],
  ["usb", { type: "local", path: "/home/ada/usb" }],
] as const)("%s", (url, settings) => {
  expect(parseStoreUrl(url, "/home/ada")).toEqual(settings);
});

test.each([
  [""],
  ["s3://photos?secret=x"],
  ["s3://photos/%zz"],
  ["file:photos"],
  ["nas:photos"],
  ["s3://"],
  ["s3://photos/../x"],
  ["s3://photos?endpoint=http://example.org"],
  ["s3://photos?endpoint=https://key:secret@example.org"],
  ["s3://key:secret@photos/a"],
  ["b2:key:secret/@photos"],
  ["s3://photos/%zz?secret=x"],
  ["s3://photos/..?secret=x\ny"],
])("%s is refused, and a secret in it is not repeated", (url) => {
  let thrown: unknown;
  try {
    parseStoreUrl(url, "/");
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: "store.bad-url" });
  expect(String(thrown)).not.toContain("secret=x");
  expect(String(thrown)).not.toContain("key:secret");
});

test("what storeUrl writes is read back", () => {
  for (const settings of [
    { type: "s3", preset: "wasabi", bucket: "photos", prefix: "a b/c", region: "eu-central-1" },
    { type: "s3", bucket: "photos", endpoint: "https://s3.example.org:9000", region: "us-east-1" },
    { type: "local", path: "/media/usb" },
  ] as const)
    expect(parseStoreUrl(storeUrl(settings), "/")).toEqual(settings);
});
