import { PhotosyncError } from "../../../domain/errors.js";
import type { ServiceInstance } from "../../../ports/photo-service.js";

/** `<account>.list-incomplete` (transient): the list had no end. */
export const endedEarly = (account: string): PhotosyncError =>
  new PhotosyncError({
    kind: "transient",
    code: `${account}.list-incomplete`,
    message: `The list of photos on ${account} broke off before its end.`,
    next: [`Run again later: photosync discover --service ${account}`],
  });

/** `<account>.listed-nothing` (transient): a list of everything is empty, which the library knows better. */
export const listedNothing = (account: string): PhotosyncError =>
  new PhotosyncError({
    kind: "transient",
    code: `${account}.listed-nothing`,
    message: `${account} listed no photo at all, although the library knows some of it; none of them was taken for deleted.`,
    next: [
      `See whether this is the right account (photosync connect ${account}), then run: photosync discover --service ${account} --full-scan`,
    ],
  });

/** `<account>.other-owner` (user): the photos there are not those of whom they were before. */
export const otherOwner = (account: string, before: string, now: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: `${account}.other-owner`,
    message: `The sign-in to ${account} shows the photos of ${now}, and so far they were those of ${before}. Nothing was read, and nothing taken for deleted.`,
    next: [
      `Sign in as before: photosync connect ${account}`,
      `Or give the other one an account with a name of its own, with --provider: photosync connect --help`,
    ],
  });

/** `media.unreadable` (partial): what came is no picture or video. */
export const noMedia = (account: string, { id, filename }: ServiceInstance): PhotosyncError =>
  new PhotosyncError({
    kind: "partial",
    code: "media.unreadable",
    message: `${filename} (${id}) on ${account} holds no picture or video that can be recognised.`,
    next: ["Look at it there; nothing was taken from it."],
  });
