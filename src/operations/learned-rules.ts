import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CONFIG_FILES } from "../control/config.js";
import { parseJson } from "../control/records.js";
import { PhotosyncError } from "../domain/errors.js";
import type { UserPreferences } from "../domain/preferences.js";
import type { FileEdit } from "../ports/control-plane.js";

const isSettings = (
  value: unknown,
): value is Readonly<Record<string, unknown>> & Pick<UserPreferences, "auto_resolve"> =>
  typeof value === "object" && value !== null && "auto_resolve" in value && Array.isArray(value.auto_resolve);

/** The edits that add rules to `auto_resolve`; whatever else the file says, and in which order, stays. None without rules. */
export async function learnedRulesEdits(
  libraryRoot: string,
  rules: readonly string[],
): Promise<readonly FileEdit[]> {
  if (rules.length === 0) return [];
  const path = CONFIG_FILES.preferences;
  const parsed = parseJson(await readFile(join(libraryRoot, path)));
  if ("problem" in parsed || !isSettings(parsed.value)) {
    throw new PhotosyncError({
      kind: "user",
      code: "config.invalid",
      message: `${path} was changed while this run was at work, and is not valid.`,
      next: ["Mend it and run again."],
    });
  }
  const { auto_resolve } = parsed.value;
  const added = rules.filter((rule) => !auto_resolve.includes(rule));
  const text = JSON.stringify({ ...parsed.value, auto_resolve: [...auto_resolve, ...added] }, null, 2);
  return [{ path, bytes: new TextEncoder().encode(`${text}\n`) }];
}
