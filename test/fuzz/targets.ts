import type { Target } from "./target.js";
import { ARCHIVE_TARGETS } from "./targets/archives.js";
import { GIT_TARGETS } from "./targets/git-files.js";
import { BOX_STREAM, EMBEDDED_PREVIEW, MEDIA_TARGETS } from "./targets/media.js";
import { RECORD_TARGETS } from "./targets/records.js";
import { TAKEOUT_TARGETS } from "./targets/takeout.js";
import { TEXT_TARGETS } from "./targets/text-blocks.js";

/** Every parser of outside data that is attacked. */
export const TARGETS: readonly Target[] = [
  ...ARCHIVE_TARGETS,
  ...TAKEOUT_TARGETS,
  ...TEXT_TARGETS,
  ...MEDIA_TARGETS,
  BOX_STREAM,
  EMBEDDED_PREVIEW,
  ...RECORD_TARGETS,
  ...GIT_TARGETS,
];
