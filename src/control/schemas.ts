import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { ErrorObject, Options, ValidateFunction } from "ajv/dist/2020.js";

/** The records of a library that have a schema, by the schema's file name in `schemas/`. */
export const RECORD_SCHEMAS = {
  photo: "photo-metadata.schema.json",
  services: "service-config.schema.json",
  preferences: "user-preferences.schema.json",
  "sync-state": "sync-state.schema.json",
  tombstone: "tombstone.schema.json",
  prices: "prices.schema.json",
} as const;
export type RecordKind = keyof typeof RECORD_SCHEMAS;

/** Every schema that something is checked by: those of a library's records, and those of files that are handed about. */
export const SCHEMAS = { ...RECORD_SCHEMAS, decisions: "decisions.schema.json" } as const;
export type SchemaKind = keyof typeof SCHEMAS;

/** How strictly schemas are read, whoever compiles them. */
export const SCHEMA_OPTIONS: Options = {
  allErrors: true,
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allowUnionTypes: true,
};

/** What the build makes of a schema (`scripts/compile-schemas.ts`): its digest and its validator. */
export interface BuiltValidator {
  readonly digest: string;
  readonly validate: ValidateFunction;
}

const SCHEMAS_FOLDER = new URL("../../schemas/", import.meta.url);

/** Name of the built validator's file: beside this module once it is built, missing beside the sources. */
export const validatorFile = (kind: SchemaKind): string => `schema-${kind}.cjs`;

const load = createRequire(import.meta.url);
const validators = new Map<SchemaKind, ValidateFunction>();

/** The text of a schema, as `init` copies those of records into a library. */
export const schemaText = (kind: SchemaKind): string =>
  readFileSync(new URL(SCHEMAS[kind], SCHEMAS_FOLDER), "utf8");

/** By this the build's validator is told from one of another version of its schema. */
export const schemaDigest = (text: string): string => createHash("sha256").update(text).digest("hex");

/** What the build made of this very schema. Null where there is none, or it cannot be loaded just now: it can be made anew. */
function builtValidator(kind: SchemaKind, text: string): ValidateFunction | null {
  const file = fileURLToPath(new URL(validatorFile(kind), import.meta.url));
  try {
    const built = existsSync(file) ? (load(file) as BuiltValidator) : null;
    return built?.digest === schemaDigest(text) ? built.validate : null;
  } catch {
    return null;
  }
}

/** Compiling takes a fifth of a second at every start, so the build does it; sources run as they are compile for themselves. */
function validatorOf(kind: SchemaKind): ValidateFunction {
  const text = schemaText(kind);
  const built = builtValidator(kind, text);
  if (built !== null) return built;
  const { Ajv2020 } = load("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js");
  return new Ajv2020(SCHEMA_OPTIONS).compile(JSON.parse(text) as object);
}

function validator(kind: SchemaKind): ValidateFunction {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  const made = validatorOf(kind);
  validators.set(kind, made);
  return made;
}

const describe = (error: ErrorObject): string => {
  const extra =
    error.keyword === "additionalProperties" ? ` (${String(error.params["additionalProperty"])})` : "";
  return `${error.instancePath === "" ? "the document" : error.instancePath} ${error.message ?? error.keyword}${extra}`;
};

/** What is wrong with a value by its schema, in words; empty when it obeys. */
export function schemaErrors(kind: SchemaKind, value: unknown): readonly string[] {
  const validate = validator(kind);
  return validate(value) ? [] : (validate.errors ?? []).map(describe);
}
