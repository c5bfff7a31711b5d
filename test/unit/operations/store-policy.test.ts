import { expect, it } from "vitest";
import type { S3StoreSettings } from "../../../src/domain/preferences.js";
import { storeUrl } from "../../../src/domain/store-url.js";
import { policyFor } from "../../../src/operations/stores/store-policy.js";
import { parseStoreUrl } from "../../../src/stores/parse-store-url.js";

const policy = (settings: Partial<S3StoreSettings>) =>
  policyFor("cloud", { type: "s3", preset: "aws", bucket: "photos", ...settings });
const actions = (settings: Partial<S3StoreSettings>) =>
  policy(settings).policy.Statement.flatMap(({ Action }) => Action);

it("the policy names the bucket and prefix alone, and every action with its reason", () => {
  const { policy: whole, reasons } = policy({ prefix: "library" });
  expect(whole.Version).toBe("2012-10-17");
  expect(whole.Statement).toMatchObject([
    { Effect: "Allow", Resource: "arn:aws:s3:::photos/library/*" },
    { Resource: "arn:aws:s3:::photos", Condition: { StringLike: { "s3:prefix": "library/*" } } },
    { Action: ["s3:ListBucketMultipartUploads"], Resource: "arn:aws:s3:::photos" },
  ]);
  expect(reasons.map(({ action }) => action).sort()).toEqual(actions({}).sort());
  expect(actions({}).every((action) => /^s3:[A-Z][A-Za-z]+$/.test(action))).toBe(true);
});

it("asking back is allowed where originals are archived, and the key where the server encrypts with one", () => {
  expect(actions({})).not.toContain("s3:RestoreObject");
  expect(actions({ storage_class: "DEEP_ARCHIVE" })).toContain("s3:RestoreObject");
  expect(actions({ server_side_encryption: "aws:kms" }).join()).not.toContain("kms");
  const key = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  const sealed = policy({ server_side_encryption: `aws:kms:${key}` }).policy.Statement.at(-1);
  expect(sealed).toMatchObject({ Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: key });
  expect(() => policy({ server_side_encryption: "aws:kms:alias/photos" })).toThrow(
    expect.objectContaining({ code: "store.no-policy" }),
  );
});

it.each([
  { preset: "aws", region: "eu-central-1", bucket: "photos", prefix: "library/family" },
  { preset: "b2", bucket: "photos" },
  { endpoint: "https://nas.example:9000", region: "us-east-1", bucket: "photos", prefix: "a b" },
  { preset: "minio", endpoint: "http://127.0.0.1:9000", bucket: "photos" },
])("the address of %j brings it back", (place) => {
  const settings = { type: "s3", ...place } as const;
  const back = parseStoreUrl(storeUrl(settings), "/");
  expect(back).toMatchObject(place);
});
