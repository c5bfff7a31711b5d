import { isPhotoId, type PhotoId } from "../domain/ids.js";
import type { Call } from "../ports/call.js";
import type { ControlPlane, FileChange } from "../ports/control-plane.js";

/** A file of one revision. */
export interface Version {
  readonly path: string;
  readonly oid: string;
}

/** How a photo's document (or any other file) differs between two revisions; its path may differ, too. */
export interface SubjectChange {
  /** The photo's id, else the file's path: what the file goes by over time. */
  readonly subject: string;
  readonly before: Version | null;
  readonly after: Version | null;
}

function photoOf(path: string): PhotoId | null {
  const name = /^photos\/(?:.*\/)?([^/]+)\.json$/.exec(path)?.[1] ?? "";
  return isPhotoId(name) ? name : null;
}

const versionOf = (path: string, oid: string | null): Version | null => (oid === null ? null : { path, oid });

/**
 * What differs between two revisions, a document that moved because its date changed as one change. Streamed: only the
 * documents that went away are held.
 */
export async function* subjectChanges(
  control: ControlPlane,
  from: string,
  to: string,
  call: Call,
): AsyncIterable<SubjectChange> {
  const gone = new Map<string, FileChange>();
  for await (const change of control.changes(from, to, "photos", call)) {
    const photo = change.after === null ? photoOf(change.path) : null;
    if (photo !== null) gone.set(photo, change);
  }
  const moved = new Set<string>();
  for await (const { path, before, after } of control.changes(from, to, "", call)) {
    const photo = photoOf(path);
    const left = photo === null ? undefined : gone.get(photo);
    if (left?.path === path) continue;
    const isMove = photo !== null && left !== undefined && before === null && !moved.has(photo);
    if (isMove) moved.add(photo);
    yield {
      subject: photo ?? path,
      before: isMove ? versionOf(left.path, left.before) : versionOf(path, before),
      after: versionOf(path, after),
    };
  }
  for (const [subject, { path, before }] of gone)
    if (!moved.has(subject)) yield { subject, before: versionOf(path, before), after: null };
}
