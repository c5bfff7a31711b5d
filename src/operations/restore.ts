import { parsePhoto, photoEdit } from "../control/records.js";
import { documentPath, isPhotoId, type PhotoId } from "../domain/ids.js";
import type { PhotoDocument } from "../domain/photo.js";
import { undoPhoto } from "../domain/undo-photo.js";
import type { Call } from "../ports/call.js";
import type { ControlPlane, FileChange, FileEdit } from "../ports/control-plane.js";
import type { Session } from "./session.js";

/** The revisions around an undone operation, and the present one. */
export interface Revisions {
  readonly before: string;
  readonly after: string;
  readonly current: string;
}

/** What taking back one file comes to. */
export type Restored =
  | { readonly kind: "edit"; readonly edits: readonly FileEdit[]; readonly keptNarrower: boolean }
  | { readonly kind: "nothing" }
  | { readonly kind: "clash" };

/** A document that an operation put elsewhere, because its date changed. */
export interface Move {
  readonly before: string;
  readonly after: string;
  /** Path before the operation. */
  readonly from: string;
}

/** A changed file; with `from` where it is a document that was moved to `path`. */
export type Change = FileChange & Partial<Pick<Move, "from">>;

function photoOf(path: string): PhotoId | null {
  const name = /^photos\/(?:.*\/)?([^/]+)\.json$/.exec(path)?.[1] ?? "";
  return isPhotoId(name) ? name : null;
}

/** The documents that moved between the two revisions, under both of their paths. */
export async function movesBetween(
  control: ControlPlane,
  at: Revisions,
  call: Call,
): Promise<ReadonlyMap<string, Move>> {
  const gone = new Map<PhotoId, FileChange>();
  const come = new Map<PhotoId, FileChange>();
  for await (const change of control.changes(at.before, at.after, "photos", call)) {
    const photoId = photoOf(change.path);
    if (photoId === null) continue;
    if (change.after === null) gone.set(photoId, change);
    if (change.before === null) come.set(photoId, change);
  }
  const moves = new Map<string, Move>();
  for (const [photoId, { path: from, before }] of gone) {
    const to = come.get(photoId);
    if (before === null || to === undefined || to.after === null) continue;
    const move = { before, after: to.after, from };
    moves.set(from, move).set(to.path, move);
  }
  return moves;
}

async function documentAt(
  control: ControlPlane,
  revision: string,
  path: string,
): Promise<PhotoDocument | null | "invalid"> {
  const bytes = await control.readFile(revision, path);
  if (bytes === null) return null;
  const read = parsePhoto(path, bytes);
  return read.kind === "ok" ? read.document : "invalid";
}

async function restorePhoto(
  control: ControlPlane,
  { path, from = path }: Change,
  present: string,
  at: Revisions,
): Promise<Restored> {
  const before = await documentAt(control, at.before, from);
  const after = await documentAt(control, at.after, path);
  const current = await documentAt(control, at.current, present);
  if (before === "invalid" || after === "invalid" || current === "invalid") return { kind: "clash" };
  const undone = undoPhoto({ before, after, current });
  if (undone.kind === "clash") return { kind: "clash" };
  const gone: FileEdit = { path: present, bytes: null };
  if (undone.kind === "removed") return { kind: "edit", edits: [gone], keptNarrower: false };
  const home = documentPath(undone.document.metadata.taken_date, undone.document.photo_id);
  return {
    kind: "edit",
    edits: [...(home === present ? [] : [gone]), photoEdit(home, undone.document)],
    keptNarrower: undone.keptNarrower,
  };
}

/**
 * Takes one changed file back. A photo is followed by its id to wherever its document lies now, so that moving it can
 * neither hide what happened since nor bring a wider visibility back.
 */
export async function restore(
  { control, catalog }: Pick<Session, "control" | "catalog">,
  change: Change,
  at: Revisions,
): Promise<Restored> {
  const { path, before, after } = change;
  const photoId = photoOf(path);
  const here = await control.treeId(at.current, path);
  const elsewhere = here === null && photoId !== null ? (catalog.row(photoId)?.path ?? null) : null;
  if (change.from === undefined && elsewhere === null && here === before) return { kind: "nothing" };
  const isUntouched = elsewhere === null && here === after;
  if (path.startsWith("photos/") && path.endsWith(".json") && (before !== null || !isUntouched)) {
    return restorePhoto(control, change, elsewhere ?? path, at);
  }
  if (isUntouched) {
    const bytes = before === null ? null : await control.readObject(before);
    return { kind: "edit", edits: [{ path, bytes }], keptNarrower: false };
  }
  // How far sources were read is a fact of later runs too; keeping the later state costs a rescan at most.
  return path.startsWith("config/") || path.startsWith("reports/") ? { kind: "nothing" } : { kind: "clash" };
}
