import type { Failure } from "../domain/errors.js";
import { documentName, isPhotoId, type PhotoId } from "../domain/ids.js";
import type { Conflict } from "../domain/photo.js";
import { resolveDocument } from "../domain/resolve.js";
import { applyDecision, learnedRuleOf } from "../domain/settling/apply-decision.js";
import { type Decision, questionId } from "../domain/settling/decision.js";
import { type DecisionEntry, decisionIn } from "../domain/settling/decision-entry.js";
import { type Applied, type Refusal, refusal } from "../domain/settling/decision-outcome.js";
import { questionsOf } from "../domain/settling/open-questions.js";
import { photoIdOf } from "../infra/hash.js";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { Documents } from "../ports/catalog.js";
import type { FileEdit } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { DecidedPhotos } from "./decided-photos.js";
import { contextFor, otherHash } from "./photo-reader.js";
import type { Session } from "./session.js";
import { uploadAccounts } from "./upload-accounts.js";

/** A decision that counts. */
export interface Decided {
  readonly decision: Decision;
  readonly filename: string;
  /** Photos that are written together, by one of them. */
  readonly group: PhotoId;
}

/** What decisions come to, before anything is written. */
export interface Decisions {
  readonly decided: readonly Decided[];
  readonly failures: readonly Failure[];
  /** Questions, by id, that the documents answer in just this way already. */
  readonly recorded: ReadonlySet<string>;
  /** Those that may count again once every document of the library can be read. */
  readonly postponed: ReadonlySet<DecisionEntry>;
  /** Rules to be followed from now on, which `auto_resolve` does not name yet. */
  readonly learned: readonly string[];
  /** What stays open on the photos that were decided on. */
  readonly open: readonly {
    readonly photo_id: PhotoId;
    readonly filename: string;
    readonly conflicts: readonly Conflict[];
  }[];
  /** Photos that are resolved by it. */
  readonly resolved: readonly PhotoId[];
  /** The session's documents without the photos that were decided on, which are done with. */
  readonly others: Documents;
  /** The edits of each group of photos that are written together. */
  groups(): Iterable<{ readonly group: PhotoId; readonly edits: readonly FileEdit[] }>;
}

const failureOn = (entry: DecisionEntry, { code, message, next }: Refusal): Failure => ({
  subject: questionId(entry),
  code,
  message,
  hint: next,
});

/** Refused for want of a photo, its own or the other one: somebody may be about to mend its document. */
const isAboutDocuments = ({ code }: Refusal): boolean =>
  code === "decision.unknown-photo" || code === "decision.not-asked";

/** What an entry of a file, or of the journal, makes of the photos. */
async function applied(
  photos: DecidedPhotos,
  entry: DecisionEntry,
  person: string,
  now: string,
): Promise<
  { readonly decision: Decision; readonly filename: string; readonly outcome: Applied } | Refusal | null
> {
  const photo = await photos.photo(entry.photo_id);
  const hash = otherHash(entry.field);
  const other = hash === null ? null : await photos.holding(hash);
  const context = photo === null ? { pictureOf: () => null } : await contextFor(photo, photos);
  const asked = photo === null ? [] : questionsOf(photo, context);
  const question = asked.find(({ field }) => field === entry.field) ?? null;
  const read = decisionIn(entry, question, now);
  if (read.kind === "unanswered") return null;
  const filename = photo?.metadata.filename ?? entry.photo_id;
  if (read.kind === "no-such-option") {
    return refusal(
      "decision.no-such-option",
      `${filename}: the answer ${String(entry.answer)} about ${entry.field} is the number of no option that stands beside it.`,
      "Answer with a number of `options`, and keep `options` and `values` in the file; or write the answer out.",
    );
  }
  const outcome = applyDecision({ photo, other }, read.decision, { ...context, person, photoIdOf });
  if (outcome.kind !== "instead") return { decision: read.decision, filename, outcome };
  for (const part of outcome.decisions) {
    const result = await applied(photos, part, person, now);
    if (result === null) continue;
    if ("kind" in result) return result;
    if (result.outcome.kind === "refused") return result.outcome;
    if (result.outcome.kind === "applied") photos.put(result.outcome.written, result.outcome.removed);
  }
  return { decision: read.decision, filename, outcome: { kind: "applied", written: [], removed: [] } };
}

/**
 * Applies decisions to the photos of a session, in order and each on what the earlier ones made of them, and resolves what they
 * changed; nothing is written. One that cannot be applied is a failure and stops no other. `now` is used where an entry has no time.
 */
export async function decide(
  session: Pick<Session, "catalog" | "documents" | "config" | "control">,
  entries: Iterable<DecisionEntry>,
  enabledRules: readonly string[],
  run: Run,
): Promise<Decisions> {
  const { catalog, documents, config, control } = session;
  const photos = new DecidedPhotos(catalog, documents);
  const { name: person } = await control.author();
  const now = run.clock.now();
  const failures: Failure[] = [];
  const decided: Omit<Decided, "group">[] = [];
  const recorded = new Set<string>();
  const postponed = new Set<DecisionEntry>();
  const refuse = (entry: DecisionEntry, refused: Refusal): void => {
    failures.push(failureOn(entry, refused));
    if (isAboutDocuments(refused) && catalog.invalid().length > 0) postponed.add(entry);
  };
  const learned = new Set<string>();
  for (const entry of entries) {
    throwIfAborted(run);
    const result = await applied(photos, entry, person, now);
    if (result === null) continue;
    if ("kind" in result) {
      refuse(entry, result);
      continue;
    }
    const { decision, filename, outcome } = result;
    if (outcome.kind === "refused") refuse(entry, outcome);
    if (outcome.kind === "already") recorded.add(questionId(decision));
    if (outcome.kind !== "applied") continue;
    photos.put(outcome.written, outcome.removed);
    decided.push({ decision, filename });
    const rule = decision.remember === true ? learnedRuleOf(decision) : null;
    if (rule !== null && !config.preferences.auto_resolve.includes(rule)) learned.add(rule);
  }
  const open: Decisions["open"][number][] = [];
  const resolved: PhotoId[] = [];
  const rules = [...enabledRules, ...learned];
  const services = uploadAccounts(config.services);
  for (const document of [...photos.documents()]) {
    const after = resolveDocument(document, { enabledRules: rules, services, now });
    photos.put([after.document], []);
    const { photo_id, metadata, processing_state } = after.document;
    if (after.open.length > 0) open.push({ photo_id, filename: metadata.filename, conflicts: after.open });
    else if (processing_state !== "discovered") resolved.push(photo_id);
  }
  const isDecided = (path: string): boolean => {
    const id = documentName(path);
    return isPhotoId(id) && photos.isChanged(id);
  };
  return {
    decided: decided.map((one) => ({ ...one, group: photos.groupOf(one.decision.photo_id) })),
    failures,
    recorded,
    postponed,
    learned: [...learned],
    open,
    resolved,
    others: {
      read: async (path) => (isDecided(path) ? { kind: "absent" } : documents.read(path)),
      write: (path, document) => documents.write(path, document),
    },
    groups: () => photos.groups(),
  };
}
