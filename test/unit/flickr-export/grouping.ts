import { createHash } from "node:crypto";
import { type ContentHash, contentHash } from "../../../src/domain/ids.js";
import type { Examined, Finding, MediaTraits, StreamAccount } from "../../../src/ports/photo-source.js";
import { groupExport } from "../../../src/services/flickr-export/group-export.js";
import type { ExportFile } from "../../fixtures/flickr/export-builder.js";

export interface GivenFile extends ExportFile {
  readonly kind?: MediaTraits["kind"];
  readonly part?: string;
}

/** A picture with this name; its bytes are `like`. */
export const picture = (name: string, like = name): GivenFile => ({
  ...{ name, part: "data-download-1.zip", kind: "image" },
  bytes: new TextEncoder().encode(`media:${like}`),
});

export const video = (name: string): GivenFile => ({ ...picture(name), kind: "video" });

export const inPart = (part: string, file: ExportFile): GivenFile => ({ ...file, part });

export const text = (name: string, content: string): GivenFile => ({
  ...{ name, bytes: new TextEncoder().encode(content) },
});

export interface Grouped {
  readonly findings: readonly Finding[];
  readonly accounts: readonly StreamAccount[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  /** The verdict on the stream with this name. */
  verdict(name: string): string | undefined;
  /** The photo that has an instance with this id. */
  photo(id: string): Finding;
}

const TRAITS = {
  image: { kind: "image", mimeType: "image/jpeg", extension: "jpg" },
  raw: { kind: "raw", mimeType: "image/x-adobe-dng", extension: "dng" },
  video: { kind: "video", mimeType: "video/mp4", extension: "mp4" },
} as const;

export async function group(
  files: readonly GivenFile[],
  signal = new AbortController().signal,
): Promise<Grouped> {
  const small = new Map<ContentHash, Uint8Array>();
  const examined = files.map(({ name, bytes, kind, part = "account_part1.zip" }): Examined => {
    const hash = contentHash(createHash("sha256").update(bytes).digest("hex"));
    const about = { location: { path: `/in/${part}`, entry: name }, name, sizeBytes: bytes.length, hash };
    if (name.endsWith(".json")) {
      small.set(hash, bytes);
      return { ...about, kind: "json" };
    }
    return kind === undefined
      ? { ...about, kind: "other" }
      : { ...about, kind: "media", traits: TRAITS[kind] };
  });
  const readSmall = async (hash: ContentHash) => small.get(hash) ?? new Uint8Array();
  const findings: Finding[] = [];
  const accounts: StreamAccount[] = [];
  const problems: string[] = [];
  const notes: string[] = [];
  for await (const each of groupExport("flickr", examined, readSmall, { signal })) {
    if (each.kind === "photo") findings.push(each);
    else if (each.kind === "stream") accounts.push(each);
    else if (each.kind === "problem") problems.push(each.failure.code);
    else notes.push(each.message);
  }
  return {
    ...{ findings, accounts, problems, notes },
    verdict: (name) => accounts.find(({ location }) => location.entry === name)?.verdict,
    photo: (id) => {
      const found = findings.find(({ instances }) => instances.some((instance) => instance.id === id));
      if (found === undefined) throw new RangeError(`no photo ${id}`);
      return found;
    },
  };
}
