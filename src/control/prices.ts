import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import type { PriceTable } from "../domain/prices.js";
import { errnoOf, fileError } from "../infra/durable-file.js";
import { parseJson } from "./records.js";
import { schemaErrors } from "./schemas.js";

const PRICES = "config/prices.json";
const BUILT_IN = new URL("../../config/prices.json", import.meta.url);

const isTable = (value: unknown): value is PriceTable => schemaErrors("prices", value).length === 0;

/**
 * The library's own table of prices, or the one that came with photosync where it has none. Throws `config.invalid` (user), and what
 * `fileError` makes of a file that cannot be read.
 */
export async function loadPrices(libraryRoot: string): Promise<PriceTable> {
  const own = join(libraryRoot, PRICES);
  const bytes = await readFile(own).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return readFile(BUILT_IN);
    throw fileError(error, own, "read");
  });
  const parsed = parseJson(bytes);
  if (!("problem" in parsed) && isTable(parsed.value)) return parsed.value;
  const problems = "problem" in parsed ? [parsed.problem] : schemaErrors("prices", parsed.value);
  throw new PhotosyncError({
    kind: "user",
    code: "config.invalid",
    message: `${PRICES} is not valid: ${problems.slice(0, 3).join("; ")}.`,
    next: [`Mend it, or bring it back with: git checkout -- ${PRICES}`],
  });
}
