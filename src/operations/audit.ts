import { exposures } from "../domain/audit.js";
import { isPhotoId } from "../domain/ids.js";
import type { Catalog } from "../ports/catalog.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { operationsOf } from "./log.js";
import type { AuditOptions } from "./options.js";
import { withSession } from "./session.js";
import { findPhoto, unknownPhoto } from "./show.js";
import { visibilityHistory } from "./visibility-history.js";
import type { AuditResult, VisibilityEvent } from "./visibility-results.js";

/**
 * Compares what services show with what the documents and the approvals in them allow. A visibility that cannot be read counts as public. With
 * `history` also tells from Git how it came to be, of all photos, or looks at one photo alone. Outcome `conflict` when there is any
 * discrepancy. Throws `photo.unknown`, `photo.ambiguous` (user).
 */
export function audit(
  libraryRoot: string,
  control: ControlPlane,
  options: AuditOptions,
  run: Run,
): Promise<AuditResult> {
  return withSession(libraryRoot, control, "audit", "read", run, async ({ catalog }) => {
    const { history } = options;
    const only = history?.photo === undefined ? null : idOf(catalog, history.photo);
    const story = history === null ? null : await storyOf(control, only, run);
    const discrepancies: AuditResult["discrepancies"][number][] = [];
    let photos = 0;
    for (const row of catalog.rows((fields) => only === null || fields.photo_id === only)) {
      photos += 1;
      for (const found of exposures(row)) {
        discrepancies.push({ photo_id: row.photo_id, filename: row.filename, ...found });
      }
    }
    const failures = catalog.invalid();
    return {
      library: libraryRoot,
      dry_run: false,
      commit: null,
      counts: {
        photos,
        discrepancies: discrepancies.length,
        unreadable: discrepancies.filter((found) => found.current === "unknown").length,
      },
      failures,
      outcome: discrepancies.length > 0 ? "conflict" : failures.length > 0 ? "partial" : "done",
      discrepancies,
      ...(story !== null && { history: story }),
    };
  });
}

async function storyOf(
  control: ControlPlane,
  photo: string | null,
  run: Run,
): Promise<readonly VisibilityEvent[]> {
  const events: VisibilityEvent[] = [];
  const operations = await operationsOf(control, run);
  for await (const event of visibilityHistory(control, operations, photo, run)) events.push(event);
  if (events.length === 0 && photo !== null) throw unknownPhoto(photo);
  return events;
}

/** A photo that is no longer in the library still has a story; it goes by its whole id. */
const idOf = (catalog: Catalog, wanted: string): string =>
  isPhotoId(wanted) && catalog.row(wanted) === null ? wanted : findPhoto(catalog, wanted).photo_id;
