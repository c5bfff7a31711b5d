import { createHash } from "node:crypto";
import { PhotosyncError } from "../domain/errors.js";

export type ObjectType = "commit" | "tree" | "blob" | "tag";

/** What packs call each type. */
export const codeByType: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };

export interface GitObject {
  readonly type: ObjectType;
  readonly bytes: Buffer;
}

/** Git's id of "nothing": `head()` of a repository without a commit, and the `base` of its first commit. */
export const nullOid = "0".repeat(40);

/** Far above any document; a damaged size must not take all memory. */
export const largestObjectBytes = 2 ** 30;

/** Git's object id: SHA-1 over `type size NUL bytes`, in hex (gitformat: "Object storage format"). */
export function objectId(type: ObjectType, bytes: Uint8Array): string {
  return createHash("sha1").update(`${type} ${bytes.byteLength}\0`).update(bytes).digest("hex");
}

export function isObjectType(text: string): text is ObjectType {
  return text === "commit" || text === "tree" || text === "blob" || text === "tag";
}

export function isOid(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** The error for anything in `.git` that does not hold together; `what` names the part. */
export function damaged(what: string, cause?: unknown): PhotosyncError {
  return new PhotosyncError({
    kind: "integrity",
    code: "library.damaged",
    message: `The library's Git repository is damaged: ${what}.`,
    next: [
      "Run `git fsck --full` in the library to see the extent; no photo bytes are concerned.",
      "Fetch the missing objects from another copy of the library, or rebuild it with `photosync recover STORE-URL DIR`.",
    ],
    cause,
  });
}
