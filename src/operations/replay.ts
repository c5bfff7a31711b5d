import { CONFIG_FILES } from "../control/config.js";
import { isPhotoDocument, parsePhoto, photoEdit } from "../control/records.js";
import { documentPath } from "../domain/ids.js";
import type { Json, PhotoDocument } from "../domain/photo.js";
import { sameJson } from "../domain/same-json.js";
import { type ThreeWayOptions, threeWay } from "../domain/three-way.js";
import { noWiderThan, replayChange } from "../domain/undo-photo.js";
import { isWider } from "../domain/visibility.js";
import { parseJsonBytes } from "../infra/json-value.js";
import type { ControlPlane, FileEdit } from "../ports/control-plane.js";
import type { Version } from "./subject-changes.js";
import type { ReplayStep } from "./undo-range.js";

/** What one operation did to the file in question. */
export interface Touch {
  readonly step: ReplayStep;
  readonly before: Version | null;
  readonly after: Version | null;
}

/** What leaving operations out makes of one file. */
export type Replayed =
  | { readonly kind: "edit"; readonly edits: readonly FileEdit[]; readonly change: Change }
  /** `keptNarrower` where the photo stays as it is because it would have become visible to more people. */
  | { readonly kind: "nothing"; readonly keptNarrower: boolean }
  /** The operations that build on what would be gone; none where the file's history does not hold together. */
  | { readonly kind: "clash"; readonly steps: readonly ReplayStep[] };

/** What becomes of a photo; null for other files. */
export type Change = {
  readonly kind: "removed" | "recreated" | "restored";
  readonly keptNarrower: boolean;
} | null;

/** A file while operations are replayed on it: as a revision holds it, or made anew, a photo's document or the settings. */
type State =
  | { readonly version: Version | null }
  | { readonly document: PhotoDocument }
  | { readonly file: FileEdit };

const isSame = (left: Version | null, right: Version | null): boolean =>
  left?.path === right?.path && left?.oid === right?.oid;

const isDocument = (path: string): boolean => path.startsWith("photos/") && path.endsWith(".json");

class Replay {
  private readonly control: ControlPlane;
  private readonly read = new Map<string, PhotoDocument | "invalid">();

  constructor(control: ControlPlane) {
    this.control = control;
  }

  /** The document of a version; `invalid` where it is none that can be read. */
  async document(version: Version | null): Promise<PhotoDocument | null | "invalid"> {
    if (version === null) return null;
    const known = this.read.get(version.oid);
    if (known !== undefined) return known;
    const parsed = isDocument(version.path)
      ? parsePhoto(version.path, await this.control.readObject(version.oid))
      : null;
    const document = parsed?.kind === "ok" ? parsed.document : "invalid";
    this.read.set(version.oid, document);
    return document;
  }

  private documentOf(state: State): Promise<PhotoDocument | null | "invalid"> {
    if ("file" in state) return Promise.resolve("invalid");
    return "document" in state ? Promise.resolve(state.document) : this.document(state.version);
  }

  private async bytes(state: State): Promise<Uint8Array | null> {
    if ("file" in state) return state.file.bytes;
    if ("document" in state || state.version === null) return null;
    return this.control.readObject(state.version.oid);
  }

  /** A settings file with what was changed in it since and without what is undone; null where both are about the same setting. */
  private async settingsAgain(state: State, { before, after }: Touch): Promise<State | null> {
    if (before === null || after === null) return { version: after };
    const [base, ours, theirs] = [
      settingsIn(await this.control.readObject(before.oid)),
      settingsIn(await this.bytes(state)),
      settingsIn(await this.control.readObject(after.oid)),
    ];
    if (base === undefined || ours === undefined || theirs === undefined) return { version: after };
    const made = threeWay(base, ours, theirs, SETTINGS);
    if (made.kind === "clash" || made.value === undefined) return null;
    if (sameJson(made.value, theirs)) return { version: after };
    const bytes = new TextEncoder().encode(`${JSON.stringify(made.value, null, 2)}\n`);
    return { file: { path: after.path, bytes } };
  }

  /** One standing operation's change made again; null when it builds on what is not there. */
  private async again(state: State, { step, before, after }: Touch): Promise<State | null> {
    if ("version" in state && (isSame(state.version, before) || isSame(state.version, after)))
      return { version: after };
    const path = after?.path ?? before?.path ?? "";
    if (path === CONFIG_FILES.preferences) return this.settingsAgain(state, { step, before, after });
    // How far sources were read is a fact of later runs too; keeping the later state costs a rescan at most.
    if (path.startsWith("config/") || path.startsWith("reports/")) return { version: after };
    const [held, found, left] = [
      await this.documentOf(state),
      await this.document(before),
      await this.document(after),
    ];
    if (held === "invalid" || found === "invalid" || left === "invalid") return null;
    const made = replayChange(held, { before: found, after: left }, isPhotoDocument);
    if (made.kind === "clash") return null;
    return made.document === null || made.document === left
      ? { version: after }
      : { document: made.document };
  }

  /** What an earlier undo kept narrower stays narrower. */
  private async narrowed(state: State, present: Version | null): Promise<State> {
    const [held, now] = [await this.documentOf(state), await this.document(present)];
    if (held === null || held === "invalid" || now === null || now === "invalid") return state;
    const narrower = noWiderThan(held, now);
    return narrower === held ? state : { document: narrower };
  }

  async run(touches: readonly Touch[]): Promise<State | { readonly clash: readonly ReplayStep[] }> {
    const clash: ReplayStep[] = [];
    let state: State = { version: touches[0]?.before ?? null };
    let last = touches[0]?.before ?? null;
    for (const touch of touches) {
      if (!isSame(touch.before, last)) return { clash: [] };
      last = touch.after;
      const { role } = touch.step;
      if (role === "undo") state = await this.narrowed(state, touch.after);
      if (role !== "stands") continue;
      const next = await this.again(state, touch);
      // What builds on this one is in the way as well: a person is told of all of them at once.
      if (next === null) clash.push(touch.step);
      else state = next;
    }
    return clash.length > 0 ? { clash } : this.narrowed(state, last);
  }
}

/** A table that one side has not yet is an empty one: the first store's making can be taken back beside a second. */
const SETTINGS: ThreeWayOptions = {
  decide(path, base, ours, theirs) {
    if (path.at(-1) !== "stores" || (ours !== undefined && theirs !== undefined)) return null;
    const made = threeWay(base ?? {}, ours ?? {}, theirs ?? {});
    return made.kind === "merged" ? { value: made.value } : null;
  },
};

const settingsIn = (bytes: Uint8Array | null): Json | undefined =>
  bytes === null ? undefined : parseJsonBytes(bytes)?.value;

async function bytesOf(control: ControlPlane, state: State): Promise<FileEdit | null> {
  if ("file" in state) return state.file;
  if ("version" in state) {
    const { version } = state;
    return version === null ? null : { path: version.path, bytes: await control.readObject(version.oid) };
  }
  const { metadata, photo_id } = state.document;
  return photoEdit(documentPath(metadata.taken_date, photo_id), state.document);
}

/** True when the file is as the edit would make it: what was replayed may come out as it was. */
const holds = async (control: ControlPlane, present: Version, { path, bytes }: FileEdit): Promise<boolean> =>
  present.path === path &&
  bytes !== null &&
  Buffer.compare(await control.readObject(present.oid), bytes) === 0;

/**
 * One file as it would be without the operations of `touches` (all of them that touched it in the range, oldest first) that
 * do not stand. What comes out is a function of the operations that stand, whatever the order in which the others were
 * undone; with all of them undone it is the file as it was before, byte by byte. Only visibility and approvals go one way:
 * a photo never becomes visible to more people than it is now, unless it is not there now.
 */
export async function replay(control: ControlPlane, touches: readonly Touch[]): Promise<Replayed> {
  const replay = new Replay(control);
  const state = await replay.run(touches);
  if ("clash" in state) return { kind: "clash", steps: state.clash };
  const present = touches.at(-1)?.after ?? null;
  if ("version" in state && isSame(state.version, present)) return { kind: "nothing", keptNarrower: false };
  const edit = await bytesOf(control, state);
  if (edit === null && present === null) return { kind: "nothing", keptNarrower: false };
  if (edit !== null && present !== null && (await holds(control, present, edit)))
    return { kind: "nothing", keptNarrower: await isKeptNarrower(replay, touches, state) };
  const gone = present !== null && present.path !== edit?.path ? [{ path: present.path, bytes: null }] : [];
  const edits = [...gone, ...(edit === null ? [] : [edit])];
  if (!isDocument(edit?.path ?? present?.path ?? "")) return { kind: "edit", edits, change: null };
  const kind = edit === null ? "removed" : present === null ? "recreated" : "restored";
  return {
    kind: "edit",
    edits,
    change: { kind, keptNarrower: await isKeptNarrower(replay, touches, state) },
  };
}

/** True where the photo was visible to more people before the undone operation than it stays now. */
async function isKeptNarrower(replay: Replay, touches: readonly Touch[], state: State): Promise<boolean> {
  if (!("document" in state)) return false;
  const undone = touches.findLast(({ step }) => step.role === "undone");
  const before = await replay.document(undone?.before ?? null);
  if (before === null || before === "invalid") return false;
  const now = await replay.document(touches.at(-1)?.after ?? null);
  const isNarrow =
    now !== null &&
    now !== "invalid" &&
    sameJson(now.visibility.canonical, state.document.visibility.canonical);
  return isNarrow && isWider(before.visibility.canonical, state.document.visibility.canonical);
}
