import type { GalleryCase } from "../gallery-case.js";
import { CONFIG_CASES } from "./configs.js";
import { DISK_CASES } from "./disks.js";
import { DOCUMENT_CASES } from "./documents.js";
import { LIFE_CASES } from "./lives.js";
import { NAME_CASES } from "./names.js";
import { PICTURE_CASES } from "./pictures.js";
import { SIDECAR_CASES } from "./sidecars.js";
import { SPECIAL_FILE_CASES } from "./special-files.js";
import { SURROUNDING_CASES } from "./surroundings.js";
import { TAR_CASES } from "./tars.js";
import { ZIP_CASES } from "./zips.js";

/** The cases by what they are about. */
export const GROUPS: readonly (readonly GalleryCase[])[] = [
  ZIP_CASES,
  TAR_CASES,
  NAME_CASES,
  SPECIAL_FILE_CASES,
  PICTURE_CASES,
  SIDECAR_CASES,
  DOCUMENT_CASES,
  CONFIG_CASES,
  DISK_CASES,
  LIFE_CASES,
  SURROUNDING_CASES,
];

/** The whole gallery: what `npm run gallery` prints. */
export const ALL_CASES: readonly GalleryCase[] = GROUPS.flat();
