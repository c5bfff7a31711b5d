import { allowsMore, withApproval } from "../domain/approvals.js";
import { type Failure, PhotosyncError } from "../domain/errors.js";
import type { PhotoDocument } from "../domain/photo.js";
import { sameJson } from "../domain/same-json.js";
import type { SeenVisibility, Visibility } from "../domain/visibility.js";
import type { PhotoRow } from "../ports/catalog.js";
import type { ControlPlane, FileEdit } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { commitOperation, type Session, sparingOwnersEdits, withSession } from "./session.js";
import { findPhoto, readPhoto } from "./show.js";
import { standsOn, visibilityConsequences } from "./visibility-consequences.js";
import type { VisibilitySetResult } from "./visibility-results.js";

/** What somebody is asked to agree to. */
export interface WideningQuestion {
  readonly photo_id: string;
  readonly filename: string;
  readonly taken_date: string | null;
  readonly from: Visibility;
  readonly to: Visibility;
  readonly services: readonly { readonly service: string; readonly current: SeenVisibility }[];
}

export interface SetVisibilityOptions {
  /** As `show` takes it. */
  readonly photo: string;
  readonly level: Visibility;
  readonly reason: string;
  /** The owner agreed to a wider level by a flag. */
  readonly yes: boolean;
  readonly dryRun: boolean;
  /** Puts the question and tells whether the owner agreed; null where nobody can be asked. */
  readonly confirm: ((question: WideningQuestion, run: Run) => Promise<boolean>) | null;
}

/**
 * Records the owner's decision who may see a photo, as an approval, in one commit; none where it is in force already. What may show
 * it to more people has to be agreed to, by `yes` or by `confirm`; the library is not locked meanwhile. Nothing is changed
 * at any service: the result says what `replicate` would do there.
 *
 * Throws `photo.unknown`, `photo.ambiguous`, `document.unreadable`, `visibility.needs-yes`, `visibility.not-confirmed` (user), and
 * `visibility.changed-meanwhile` (busy) when the document is no longer what was asked about. A document that the owner is
 * editing is left alone and told of in `failures`.
 */
export async function setVisibility(
  libraryRoot: string,
  control: ControlPlane,
  options: SetVisibilityOptions,
  run: Run,
): Promise<VisibilitySetResult> {
  const { dryRun, yes } = options;
  const asked = await withSession(
    libraryRoot,
    control,
    "visibility",
    dryRun ? "scratch" : "read",
    run,
    (session) => decide(session, options, run),
  );
  if (dryRun || asked.next === asked.document) return resultOf(asked, options, null, []);
  if (asked.wider && !yes) await agree(asked, options, run);
  return withSession(libraryRoot, control, "visibility", "write", run, async (session) => {
    const decision = await decide(session, { ...options, photo: asked.row.photo_id }, run);
    if (!yes && decision.wider && !sameJson(decision.document, asked.document))
      throw changedMeanwhile(decision.row);
    const failures: Failure[] = [];
    async function* groups(): AsyncIterable<readonly FileEdit[]> {
      if (decision.next !== decision.document)
        yield [session.documents.write(decision.row.path, decision.next)];
    }
    const edits = sparingOwnersEdits(control, groups(), (failure) => failures.push(failure));
    const { filename } = decision.row;
    const summary = `${filename} from ${decision.document.visibility.canonical} to ${options.level}`;
    const message = () => ({ command: "visibility" as const, summary });
    const commit = await commitOperation(session, edits, message, run);
    return resultOf(decision, options, commit, failures);
  });
}

/** A decision on a document as one session found it. */
interface Decision {
  readonly libraryRoot: string;
  readonly row: PhotoRow;
  readonly document: PhotoDocument;
  /** The very document where the decision is in force already. */
  readonly next: PhotoDocument;
  readonly wider: boolean;
  readonly services: Session["config"]["services"];
}

async function decide(
  { libraryRoot, catalog, documents, config, control }: Session,
  { photo, level, reason }: SetVisibilityOptions,
  run: Run,
): Promise<Decision> {
  const row = findPhoto(catalog, photo);
  const document = await readPhoto(documents, row);
  const { name } = await control.author();
  const next = withApproval(document, level, { approved_by: name, approved_at: run.clock.now(), reason });
  const wider = next !== document && allowsMore(document, level);
  return { libraryRoot, row, document, next, wider, services: config.services };
}

async function agree(
  { row, document, services }: Decision,
  { level, confirm, photo }: SetVisibilityOptions,
  run: Run,
): Promise<void> {
  const { photo_id, filename, taken_date } = row;
  const from = document.visibility.canonical;
  if (confirm === null) {
    throw new PhotosyncError({
      kind: "user",
      code: "visibility.needs-yes",
      message: `Nothing was changed: as ${level}, more people may see ${filename}, and nobody could be asked whether you want that.`,
      next: [`If you do: photosync visibility set ${photo} ${level} --yes`],
    });
  }
  const question = {
    photo_id,
    filename,
    taken_date,
    from,
    to: level,
    services: standsOn(document, services),
  };
  if (await confirm(question, run)) return;
  throw new PhotosyncError({
    kind: "user",
    code: "visibility.not-confirmed",
    message: `Nothing was changed: ${filename} stays ${from}.`,
    next: [`To agree, type ${level} when you are asked.`],
  });
}

const changedMeanwhile = ({ filename }: PhotoRow): PhotosyncError =>
  new PhotosyncError({
    kind: "busy",
    code: "visibility.changed-meanwhile",
    message: `Nothing was changed: ${filename} was changed by somebody else while you were asked.`,
    next: ["Run the command again."],
  });

function resultOf(
  { libraryRoot, row, document, next, wider, services }: Decision,
  { level, dryRun }: SetVisibilityOptions,
  commit: string | null,
  failures: readonly Failure[],
): VisibilitySetResult {
  const isRecorded = next !== document && failures.length === 0;
  const present = isRecorded ? next : document;
  return {
    library: libraryRoot,
    dry_run: dryRun,
    commit,
    counts: { changed: isRecorded ? 1 : 0 },
    failures,
    outcome: failures.length > 0 ? "partial" : "done",
    photo_id: row.photo_id,
    filename: row.filename,
    from: document.visibility.canonical,
    to: isRecorded ? level : document.visibility.canonical,
    approval: isRecorded ? (next.approvals?.at(-1) ?? null) : null,
    wider: isRecorded && wider,
    services: standsOn(document, services),
    ...visibilityConsequences(present, services),
  };
}
