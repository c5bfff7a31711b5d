import type { ServiceInstance } from "../ports/photo-service.js";

/** What came when the bytes of an instance were asked for. */
export interface OpenedSample {
  readonly instance: ServiceInstance;
  /** Null where nothing could be had; `failure` says why. */
  readonly quality: ServiceInstance["obtainable"] | null;
  readonly failure: string | null;
  /** By content; null where it is no picture and no film. */
  readonly mimeType: string | null;
  readonly bytes: number;
  /** Lower-case hex, of all bytes; null where reading stopped before the end. */
  readonly checksums: { readonly sha256: string; readonly sha1: string; readonly md5: string } | null;
}

/** What a look at a real account brought; nothing there was changed for it. */
export interface LiveSamples {
  readonly listed: readonly ServiceInstance[];
  /** One listed instance, and the same as reading it alone gave it; null where nothing was listed. */
  readonly alone: { readonly listed: ServiceInstance; readonly read: ServiceInstance | null } | null;
  /** What reading an id that cannot exist came to: null as it should be, else the error's message. */
  readonly strangeId: string | null;
  readonly opened: readonly OpenedSample[];
}

/**
 * Something that photosync takes to be so at a service though nobody promises it, or nobody has seen it lately. photosync is
 * built so that no photo is lost or shown to anybody where it is otherwise.
 */
export interface Assumption {
  /** A few words. */
  readonly name: string;
  readonly claim: string;
  /** What happens where it is not so. */
  readonly otherwise: string;
  /** How an owner of an account can find out. */
  readonly byHand: string;
  /** What the samples say of it; null where they say nothing. Pure. */
  judge?(samples: LiveSamples): Judged | null;
}

export interface Judged {
  readonly isSo: boolean;
  /** What was seen. */
  readonly seen: string;
}

/** A permission that a sign-in should bring. */
export interface Permission {
  readonly allows: string;
  /** Null where the service does not tell. */
  readonly isGranted: boolean | null;
}

/** An id that does not exist is no failure: a photo may be deleted at any time. */
export const STRANGE_ID: Assumption = {
  name: "unknown photos",
  claim: "Asked for a photo that is not there, the service says so and does not fail.",
  otherwise: "A deleted photo would be a failure of its own in each run, and nothing else.",
  byHand: "Delete a photo at the service, and run discover again.",
  judge: ({ strangeId }) => ({
    isSo: strangeId === null,
    seen: strangeId ?? "an id that cannot exist was answered as absent",
  }),
};

/** What lists tell and what a photo tells when it is read alone must be compared with one another. */
export const SAME_ALONE: Assumption = {
  name: "lists and single photos",
  claim: "A photo read alone tells the same as in the list.",
  otherwise:
    "It would be taken as changed and be read once more in each run; edits would be put off to the next run.",
  byHand: "Put a photo on the account, wait a minute, and run this check again.",
  judge: ({ alone }) => {
    if (alone === null) return null;
    const { listed, read } = alone;
    if (read === null)
      return { isSo: false, seen: `${listed.filename} is in the list and cannot be read alone` };
    return read.version === listed.version
      ? { isSo: true, seen: `${listed.filename}: equal` }
      : { isSo: false, seen: `${listed.filename} has another version when it is read alone` };
  },
};
