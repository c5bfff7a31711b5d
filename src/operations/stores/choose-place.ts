import type { S3StoreSettings, StoreSettings } from "../../domain/preferences.js";
import { fromPortable, toPortable } from "../../infra/portable-path.js";
import { PRESETS, s3PlaceOf } from "../../stores/s3/settings/s3-place.js";
import { type Asker, objectionOf } from "./asker.js";
import { type GivenStore, isOpen, missing } from "./new-store.js";

/** A place that nothing is wrong with, for trying a part of it. */
const TRIAL: S3StoreSettings = { type: "s3", bucket: "none" };

const OTHER = "other";
const FOLDER = "folder";

/** Where a new store is to be, without the bucket. */
export type Place = Extract<StoreSettings, { type: "local" }> | Omit<S3StoreSettings, "bucket">;

/** Puts together what flags say of the place, and asks for the rest where somebody can be asked. Throws `store.missing` (user). */
export async function choosePlace(
  given: GivenStore,
  libraryRoot: string,
  asker: Asker | null,
): Promise<Place> {
  const kind = await chooseKind(given, asker);
  if (kind === FOLDER) {
    const path = given.path ?? (await asker?.line("Folder, such as /Volumes/Backup/photosync")) ?? "";
    if (path === "") throw missing(["--path DIR"]);
    return { type: "local", path: toPortable(libraryRoot, fromPortable(libraryRoot, path)) };
  }
  const preset = PRESETS[kind];
  const needsAddress = preset?.endpoint === null || preset === undefined;
  let { endpoint, region } = given;
  if (endpoint === undefined && needsAddress) {
    const isPlace = objectionOf((address) => s3PlaceOf(null, { ...TRIAL, endpoint: address }));
    endpoint =
      (await asker?.line("Address of the server, such as https://s3.example.net", "", isPlace)) ?? "";
    if (endpoint === "") throw missing(["--endpoint URL"]);
  }
  if (region === undefined && asker !== null && isOpen(given))
    region = await asker.line(
      "Region",
      preset?.region ?? "us-east-1",
      objectionOf((typed) => s3PlaceOf(null, { ...TRIAL, region: typed })),
    );
  return {
    type: "s3",
    ...(preset === undefined ? {} : { preset: kind }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
  };
}

async function chooseKind(given: GivenStore, asker: Asker | null): Promise<string> {
  if (given.type === "local" || (given.type === undefined && given.path !== undefined)) return FOLDER;
  if (given.preset !== undefined) return given.preset;
  if (given.endpoint !== undefined) return OTHER;
  if (asker === null) throw missing(["--preset NAME, or --endpoint URL, or --path DIR"]);
  const providers = Object.entries(PRESETS).map(([value, { title }]) => ({ value, text: title }));
  const other = { value: OTHER, text: "Another server that speaks S3" };
  const folder = { value: FOLDER, text: "A folder: another disk, a NAS that is mounted here" };
  const choices = given.type === "s3" ? [...providers, other] : [...providers, other, folder];
  return asker.choose("Where shall this store be?", choices, "aws");
}
