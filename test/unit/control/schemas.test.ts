import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { SCHEMAS as ALL, type SchemaKind, schemaErrors, schemaText } from "../../../src/control/schemas.js";
import type { Json } from "../../../src/domain/photo.js";
import { photoDocument, variantOf } from "../../fakes/fake-catalog.js";

const KINDS = Object.keys(ALL) as SchemaKind[];
const SCHEMAS = new URL("../../../schemas/", import.meta.url);

const FULL = photoDocument({
  variants: [variantOf("picture", { content: "edited", stores: ["local"] })],
  stores: ["local"],
  with: {
    conflicts: [
      {
        type: "metadata_mismatch",
        field: "caption",
        description: "Different captions across services",
        services: ["flickr", "folder"],
        values: { flickr: "a", folder: "b" },
        resolution_required: true,
      },
    ],
    resolutions: [
      { field: "title", by: "rule", rule: "same_value", value: null, resolved_at: "2024-01-15T10:30:00Z" },
    ],
    approvals: [
      {
        service: "flickr",
        visibility: "public",
        approved_by: "Ana",
        approved_at: "2024-01-15T10:30:00Z",
        reason: "exhibition",
      },
    ],
    visibility: {
      canonical: "private",
      per_service: { flickr: "public" },
      discrepancies: [{ service: "flickr", current: "public", canonical: "private" }],
    },
    sources: {
      flickr: [
        {
          id: "1",
          facts: { location: { lat: 1, lng: 2 }, camera_info: { make: "Apple" }, tags: ["beach"] },
          raw: { anything: { goes: [1, null] } },
        },
      ],
    },
  },
});

/** Maps of names that people choose, and words of others: the only places where any key may stand. */
const OPEN = /(?:^|\/)(?:values|raw|anything|per_service|instances|replicas|sources)$/;

type Path = readonly (string | number)[];

/** Every object inside a value, with its path. */
function objectsIn(value: Json, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, each]) =>
    objectsIn(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) ? inner : [path, ...inner];
}

function withKey(value: Json, path: Path): Json {
  const copy = structuredClone(value) as Json;
  let at: unknown = copy;
  for (const key of path) at = (at as Record<string | number, unknown>)[key];
  (at as Record<string, unknown>)["surprise"] = "x";
  return copy;
}

describe("schemas", () => {
  it("of records and of results all obey JSON Schema 2020-12, with no unknown keyword", () => {
    const files = [".", "results"].flatMap((folder) =>
      readdirSync(new URL(`${folder}/`, SCHEMAS))
        .filter((name) => name.endsWith(".schema.json"))
        .map((name) => new URL(`${folder}/${name}`, SCHEMAS)),
    );
    expect(files.length).toBeGreaterThan(KINDS.length);
    const ajv = new Ajv2020({
      strict: true,
      strictRequired: false,
      strictTypes: false,
      validateFormats: false,
    });
    for (const file of files) {
      const schema = JSON.parse(readFileSync(file, "utf8"));
      expect(schema.$schema, file.pathname).toBe("https://json-schema.org/draft/2020-12/schema");
      expect(ajv.validateSchema(schema), file.pathname).toBe(true);
    }
    for (const kind of KINDS) expect(() => ajv.compile(JSON.parse(schemaText(kind)))).not.toThrow();
  });

  it.each([
    ["services", "services.json"],
    ["preferences", "user-preferences.json"],
    ["sync-state", "sync-state.json"],
  ] as const)("of %s is obeyed by the file that comes with photosync", (kind, name) => {
    const value = JSON.parse(readFileSync(new URL(`../../../config/${name}`, import.meta.url), "utf8"));
    expect(schemaErrors(kind, value)).toEqual([]);
  });

  it("of photos takes a document that uses every part of it", () => {
    expect(schemaErrors("photo", FULL)).toEqual([]);
  });

  const document: Json = JSON.parse(JSON.stringify(FULL));
  const closed = objectsIn(document).filter((path) => !OPEN.test(`/${path.join("/")}`));
  it.each(closed.map((path) => [`/${path.join("/")}`, path] as const))(
    "of photos knows every key at %s",
    (_name, path) => {
      expect(schemaErrors("photo", withKey(document, path))).not.toEqual([]);
    },
  );

  it.each([
    ["a visibility of its own", { visibility: { ...FULL.visibility, canonical: "everyone" } }],
    ["a time without a zone", { updated_at: "2024-01-15T10:30:00" }],
    ["a date in EXIF's form", { metadata: { ...FULL.metadata, taken_date: "2024:01:15 10:30:00" } }],
    ["a place off the globe", { metadata: { ...FULL.metadata, location: { lat: 91, lng: 0 } } }],
    ["a tag twice", { metadata: { ...FULL.metadata, tags: ["a", "a"] } }],
    ["a key that leaves the store", { blob_key: `../../${FULL.blob_key}` }],
    ["an id that is no UUIDv5", { photo_id: "c6b73333-67b7-4fba-ab4d-ee908e5b0d5d" }],
    ["a size below nothing", { media: { ...FULL.media, bytes: -1 } }],
  ])("of photos refuses %s", (_what, part) => {
    expect(schemaErrors("photo", { ...FULL, ...part })).not.toEqual([]);
  });

  it("tells of every problem, with its place", () => {
    const errors = schemaErrors("photo", { ...FULL, colour: "red", processing_state: "lost", photo_id: 1 });
    const text = errors.join("\n");
    for (const named of ["colour", "/processing_state", "/photo_id"]) expect(text).toContain(named);
  });
});
