import { visibilityDiscrepancies } from "../domain/audit.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import type { AuditResult } from "./results.js";
import { withSession } from "./session.js";

/**
 * Compares what services show with what the documents allow. A visibility that cannot be read counts as public.
 * Outcome `conflict` when there is any discrepancy.
 */
export function audit(libraryRoot: string, control: ControlPlane, run: Run): Promise<AuditResult> {
  return withSession(libraryRoot, control, "audit", "read", run, async ({ catalog }) => {
    const discrepancies: AuditResult["discrepancies"][number][] = [];
    let photos = 0;
    for (const row of catalog.rows()) {
      photos += 1;
      for (const found of visibilityDiscrepancies(row)) {
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
    };
  });
}
