import { PhotosyncError } from "../../domain/errors.js";
import { namedSettings, type UserPreferences } from "../../domain/preferences.js";
import { type Asker, objectionOf } from "./asker.js";
import type { Place } from "./choose-place.js";
import { type AddStoreOptions, missing } from "./new-store.js";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The name that was given, or the one that the person takes. Throws `store.missing`, `store.bad-name`, `store.exists` (user). */
export async function chooseName(
  { name: given }: AddStoreOptions,
  place: Place,
  preferences: UserPreferences,
  asker: Asker | null,
): Promise<string> {
  const taken = namedSettings(preferences);
  const base = place.type === "local" ? "disk" : (place.preset ?? "s3");
  let usual = base;
  for (let number = 2; taken.has(usual); number++) usual = `${base}-${number}`;
  const check = (name: string) => requireFree(name, taken);
  const name = given ?? (await asker?.line("Name of this store", usual, objectionOf(check))) ?? "";
  if (name === "") throw missing(["NAME, the store's name"]);
  check(name);
  return name;
}

function requireFree(name: string, taken: ReadonlyMap<string, unknown>): void {
  if (!NAME.test(name) || Object.hasOwn(Object.prototype, name))
    throw new PhotosyncError({
      kind: "user",
      code: "store.bad-name",
      message: `"${name}" is no name for a store.`,
      next: [
        "Use up to 64 letters, digits, dots, underscores and hyphens, beginning with a letter or digit.",
      ],
    });
  if (taken.has(name))
    throw new PhotosyncError({
      kind: "user",
      code: "store.exists",
      message: `There is a store ${name} already.`,
      next: ["Choose another name, or see them all with: photosync store list"],
    });
}
