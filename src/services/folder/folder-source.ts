import { failureOf } from "../../domain/errors.js";
import type { ContentHash } from "../../domain/ids.js";
import type { Facts, Json, Location, SourceRecord } from "../../domain/photo.js";
import { typeOfName } from "../../infra/media/media-type.js";
import { toPortable } from "../../infra/portable-path.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type {
  Examined,
  Finding,
  FoundFile,
  FoundInstance,
  PhotoSource,
  SourceEntry,
  SourceNote,
  SourceProblem,
  StreamAccount,
} from "../../ports/photo-source.js";
import { type GroupedFile, pairFiles } from "./pair-files.js";

export interface FolderSourceSettings {
  readonly service: string;
  /** Absolute path of the folder. */
  readonly root: string;
  /** Absolute path of the library: places inside it are kept relative to it, so that they hold after a clone. */
  readonly libraryRoot: string;
  readonly walk: (root: string, call: Call) => AsyncIterable<SourceEntry | SourceProblem>;
  readonly readSidecar: (bytes: Uint8Array) => {
    readonly facts: Facts;
    readonly raw: Readonly<Record<string, Json>>;
  };
}

const basename = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** A folder tree of pictures and videos with XMP sidecars: camera card, phone backup, NAS. */
export function folderSource(settings: FolderSourceSettings): PhotoSource {
  const { service, root, libraryRoot } = settings;

  const place = (location: Location): Location => ({
    ...location,
    path: toPortable(libraryRoot, location.path),
  });

  /** What a file's sidecars say, together: where two speak of one field, the file's own has the last word. */
  async function sidecarRecord(
    { file, sidecars }: GroupedFile,
    readSmall: (hash: ContentHash) => Promise<Uint8Array>,
  ): Promise<{ readonly record: SourceRecord | null; readonly problems: readonly SourceProblem[] }> {
    const problems: SourceProblem[] = [];
    const raw: Record<string, Json> = {};
    let facts: Facts = {};
    for (const sidecar of sidecars) {
      try {
        const read = settings.readSidecar(await readSmall(sidecar.hash));
        facts = { ...facts, ...read.facts };
        raw[basename(sidecar.name)] = read.raw;
      } catch (error) {
        problems.push({
          kind: "problem",
          location: sidecar.location,
          failure: failureOf(sidecar.name, error),
        });
      }
    }
    const id = place(file.location).path;
    return { record: Object.keys(raw).length === 0 ? null : { id, facts, raw }, problems };
  }

  const found = (file: Examined): FoundFile => ({
    hash: file.hash,
    filename: basename(file.name),
    sizeBytes: file.sizeBytes,
    locations: [place(file.location)],
  });

  const instance = (file: Examined, record: SourceRecord | null): FoundInstance => {
    const location = place(file.location);
    return {
      id: location.path,
      quality: "original",
      visibility: "private",
      locations: [location],
      record,
      isCurrent: true,
    };
  };

  async function* group(
    examined: readonly Examined[],
    readSmall: (hash: ContentHash) => Promise<Uint8Array>,
    call: Call,
  ): AsyncIterable<Finding | StreamAccount | SourceProblem | SourceNote> {
    const { groups, orphanSidecars } = pairFiles(examined);
    const account = (file: Examined, verdict: StreamAccount["verdict"], detail: string): StreamAccount => ({
      kind: "stream",
      location: file.location,
      sizeBytes: file.sizeBytes,
      verdict,
      detail,
    });
    const spokenFor = new Map<Examined, string>();
    const unreadable = new Set<string>();
    for (const { original, variants } of groups) {
      throwIfAborted(call);
      const records = new Map<GroupedFile, SourceRecord | null>();
      for (const member of [original, ...variants]) {
        const { record, problems } = await sidecarRecord(member, readSmall);
        records.set(member, record);
        for (const sidecar of member.sidecars) spokenFor.set(sidecar, member.file.name);
        // A sidecar that speaks of several photos is broken once.
        yield* problems.filter(({ failure }) => !unreadable.has(failure.subject));
        for (const { failure } of problems) unreadable.add(failure.subject);
      }
      const instances = (member: GroupedFile) => [instance(member.file, records.get(member) ?? null)];
      yield {
        kind: "photo",
        service,
        original: found(original.file),
        instances: instances(original),
        variants: variants.map((variant) => ({
          role: variant.role,
          file: found(variant.file),
          instances: instances(variant),
        })),
      };
      yield account(original.file, "photo", original.file.name);
      for (const { role, file } of variants)
        yield account(file, "variant", `${role} of ${original.file.name}`);
    }
    for (const [sidecar, name] of spokenFor) yield account(sidecar, "sidecar", `of ${name}`);
    for (const sidecar of orphanSidecars)
      yield account(sidecar, "ignored", "XMP sidecar without a picture beside it");
    for (const file of examined) {
      if (file.kind === "media" || file.kind === "xmp") continue;
      if (typeOfName(file.name) === null) {
        yield account(file, "ignored", "neither picture nor video");
        continue;
      }
      const what =
        file.sizeBytes === 0 ? "is empty (0 bytes)" : "holds no picture or video that can be recognised";
      yield account(file, "failed", what);
      yield {
        kind: "problem",
        location: file.location,
        failure: {
          subject: file.location.path,
          code: "media.unreadable",
          message: `${file.name} ${what}.`,
          hint: "Nothing was taken from it and it was left as it is. Look for a good copy and put it in its place.",
        },
      };
    }
  }

  return { service, entries: (call) => settings.walk(root, call), group };
}
