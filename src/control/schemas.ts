import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";

/** The records of a library that have a schema, by the schema's file name in `schemas/`. */
export const RECORD_SCHEMAS = {
  photo: "photo-metadata.schema.json",
  services: "service-config.schema.json",
  preferences: "user-preferences.schema.json",
  "sync-state": "sync-state.schema.json",
} as const;
export type RecordKind = keyof typeof RECORD_SCHEMAS;

const SCHEMAS_FOLDER = new URL("../../schemas/", import.meta.url);
const compiled = new Map<RecordKind, ValidateFunction>();

/** The text of a record's schema, as `init` copies it into a library. */
export const schemaText = (kind: RecordKind): string =>
  readFileSync(new URL(RECORD_SCHEMAS[kind], SCHEMAS_FOLDER), "utf8");

function validator(kind: RecordKind): ValidateFunction {
  const known = compiled.get(kind);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    allowUnionTypes: true,
  });
  const made = ajv.compile(JSON.parse(schemaText(kind)) as object);
  compiled.set(kind, made);
  return made;
}

const describe = (error: ErrorObject): string => {
  const extra =
    error.keyword === "additionalProperties" ? ` (${String(error.params["additionalProperty"])})` : "";
  return `${error.instancePath === "" ? "the document" : error.instancePath} ${error.message ?? error.keyword}${extra}`;
};

/** What is wrong with a value by its schema, in words; empty when it obeys. Schemas are compiled once, on first use. */
export function schemaErrors(kind: RecordKind, value: unknown): readonly string[] {
  const validate = validator(kind);
  return validate(value) ? [] : (validate.errors ?? []).map(describe);
}
