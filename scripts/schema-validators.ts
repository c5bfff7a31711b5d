import { writeFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { RECORD_SCHEMAS, SCHEMA_OPTIONS, schemaDigest, schemaText } from "../src/control/schemas.js";

/**
 * Writes `schema-validators.cjs` (see `BuiltValidators`) into a folder: the record schemas as code, so that no run has
 * to compile them. CommonJS, because the code that Ajv writes asks for its few helpers by `require`.
 */
export function writeValidators(folder: URL): void {
  const ajv = new Ajv2020({ ...SCHEMA_OPTIONS, code: { source: true } });
  const ids: Record<string, string> = {};
  const digests: Record<string, string> = {};
  for (const kind of Object.keys(RECORD_SCHEMAS) as (keyof typeof RECORD_SCHEMAS)[]) {
    const text = schemaText(kind);
    ajv.addSchema(JSON.parse(text) as object, kind);
    ids[kind] = kind;
    digests[kind] = schemaDigest(text);
  }
  const code = standalone.default(ajv, ids);
  const wrapped = `"use strict";\nconst made = {};\n((exports) => {${code}\n})(made);\nexports.validators = made;\nexports.digests = ${JSON.stringify(digests)};\n`;
  writeFileSync(new URL("schema-validators.cjs", folder), wrapped);
}
