import { describe, expect, it } from "vitest";
import { viewOf } from "../../../src/domain/replicate-policy.js";
import { WRITABLE_FIELDS } from "../../../src/domain/service-fields.js";
import { VISIBILITIES } from "../../../src/domain/visibility.js";

const ABLE = { settableVisibilities: VISIBILITIES, editableFields: new Set(WRITABLE_FIELDS) };

describe("viewOf", () => {
  it("uploads nothing, and writes neither places nor albums, unless it is told to", () => {
    const view = viewOf("flickr", {}, ABLE);
    expect(view.uploads).toEqual({ kind: "none" });
    expect([...view.fields].sort()).toEqual(["caption", "tags", "taken_date", "title"]);
    expect(view.leavesVisibility).toBe(false);
  });

  it("takes the owner's choice of albums and tags; both empty choose nothing", () => {
    const chosen = viewOf("flickr", { photos: { albums: ["Rome"] } }, ABLE);
    expect(chosen.uploads).toEqual({ kind: "some", albums: ["Rome"], tags: [] });
    expect(viewOf("flickr", { photos: {} }, ABLE).uploads).toEqual({ kind: "some", albums: [], tags: [] });
    expect(viewOf("flickr", { photos: "all" }, ABLE).uploads).toEqual({ kind: "all" });
  });

  it("writes no field that the service cannot take", () => {
    const able = { settableVisibilities: [], editableFields: new Set(["caption"] as const) };
    expect([...viewOf("google-photos", { fields: ["title", "caption", "albums"] }, able).fields]).toEqual([
      "caption",
    ]);
  });

  it("leaves it to the owner who sees a photo where the owner says so", () => {
    expect(viewOf("flickr", { visibility: false }, ABLE).leavesVisibility).toBe(true);
  });
});
