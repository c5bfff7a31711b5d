import { writeFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import {
  SCHEMA_OPTIONS,
  SCHEMAS,
  type SchemaKind,
  schemaDigest,
  schemaText,
  validatorFile,
} from "../src/control/schemas.js";

/**
 * Writes a file for each schema (see `BuiltValidator`) into a folder: the schemas as code, so that no run has
 * to compile them, and one by one, for most runs need few. CommonJS, because the code that Ajv writes asks for its few helpers
 * by `require`.
 */
export function writeValidators(folder: URL): void {
  for (const kind of Object.keys(SCHEMAS) as SchemaKind[]) {
    const text = schemaText(kind);
    const ajv = new Ajv2020({ ...SCHEMA_OPTIONS, code: { source: true } });
    ajv.addSchema(JSON.parse(text) as object, kind);
    const code = standalone.default(ajv, { validate: kind });
    const wrapped = `"use strict";\n((exports) => {${code}\n})(exports);\nexports.digest = ${JSON.stringify(schemaDigest(text))};\n`;
    writeFileSync(new URL(validatorFile(kind), folder), wrapped);
  }
}
