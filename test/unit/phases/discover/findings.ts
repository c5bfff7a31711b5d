import type { ContentHash } from "../../../../src/domain/ids.js";
import type { VariantRole } from "../../../../src/domain/photo.js";
import { sha256Of } from "../../../../src/infra/hash.js";
import type { Finding } from "../../../../src/ports/photo-source.js";

export const hashOf = (content: string): ContentHash => sha256Of(new TextEncoder().encode(content));

const found = (content: string) => {
  const locations = [{ path: `/pictures/${content}` }];
  return {
    file: { hash: hashOf(content), filename: content, sizeBytes: content.length, locations },
    instances: [
      { id: content, quality: "original" as const, visibility: "private" as const, locations, record: null },
    ],
  };
};

/** What a folder shows of a file with this content, and of others that belong to it. */
export function findingOf(
  original: string,
  ...variants: readonly (readonly [VariantRole, string])[]
): Finding {
  const { file, instances } = found(original);
  return {
    kind: "photo",
    service: "folder",
    original: file,
    instances,
    variants: variants.map(([role, content]) => ({ role, ...found(content) })),
  };
}
