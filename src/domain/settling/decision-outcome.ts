import type { PhotoId } from "../ids.js";
import type { PhotoDocument } from "../photo.js";
import type { Decision } from "./decision.js";

/** The documents that a decision is about. */
export interface Concerned {
  /** The photo that was asked about; null where there is no such photo any more. */
  readonly photo: PhotoDocument | null;
  /** Where pictures are in question: the photo that holds the other bytes, the one whose original they are before others; null where none does. */
  readonly other: PhotoDocument | null;
}

/** Why a decision does not count. */
export interface Refusal {
  readonly kind: "refused";
  readonly code: string;
  readonly message: string;
  /** What to do. */
  readonly next: string;
}

/** What became of a decision. */
export type Applied =
  | {
      readonly kind: "applied";
      /** Documents to be written; resolving them follows. */
      readonly written: readonly PhotoDocument[];
      /** Photos whose documents have become part of another one. */
      readonly removed: readonly PhotoId[];
    }
  /** These come to the same, each about documents of its own, and are to be applied one after the other. */
  | { readonly kind: "instead"; readonly decisions: readonly Decision[] }
  /** It is in the documents already: whoever made it was killed before that could be noted. */
  | { readonly kind: "already" }
  | Refusal;

const ASK_AGAIN =
  "See what is asked now: photosync resolve --interactive, or resolve --export-conflicts FILE.";

export const refusal = (code: string, message: string, next = ASK_AGAIN): Refusal => ({
  kind: "refused",
  code,
  message,
  next,
});

export const applied = (
  written: readonly PhotoDocument[],
  removed: readonly PhotoId[] = [],
): Extract<Applied, { readonly kind: "applied" }> => ({ kind: "applied", written, removed });
