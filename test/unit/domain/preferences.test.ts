import { describe, expect, it } from "vitest";
import { storesOf, type UserPreferences } from "../../../src/domain/preferences.js";

const storesFor = (blob_storage: Partial<UserPreferences["blob_storage"]>) =>
  Object.fromEntries(
    storesOf({
      schema_version: 1,
      default_visibility: "private",
      auto_resolve: [],
      blob_storage: { primary: "local", ...blob_storage },
      sync_preferences: { download_originals: true, max_parallel_downloads: 4, incremental_sync_days: 30 },
    }),
  );

describe("storesOf", () => {
  it("spells the shorthand out", () => {
    expect(storesFor({ local_path: "./blobs", s3_bucket: "photos", b2_bucket: "more" })).toEqual({
      local: { type: "local", path: "./blobs" },
      s3: { type: "s3", preset: "aws", bucket: "photos" },
      b2: { type: "s3", preset: "b2", bucket: "more" },
    });
  });

  it("takes null, an empty text and nothing for no store", () => {
    expect(storesFor({ local_path: null, s3_bucket: "" })).toEqual({});
  });

  it("lets a full entry win over the shorthand of its name, also to switch it off", () => {
    const usb = { type: "local", path: "/mnt/usb" } as const;
    expect(storesFor({ local_path: "./blobs", stores: { local: usb, usb } })).toEqual({ local: usb, usb });
    const off = { ...usb, enabled: false };
    expect(storesFor({ local_path: "./blobs", stores: { local: off, usb: off } })).toEqual({});
  });
});
