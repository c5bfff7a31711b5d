import { grouped } from "../../text/units.js";
import { type Assumption, type OpenedSample, SAME_ALONE, STRANGE_ID } from "../assumption.js";

const judgedOriginals = (opened: readonly OpenedSample[], kind: "image" | "video") => {
  const [sample] = opened.filter(({ instance }) => instance.mediaKind === kind);
  if (sample === undefined) return null;
  const { instance, quality, failure, mimeType, bytes } = sample;
  if (quality === "original") {
    const many = grouped(bytes);
    return {
      isSo: true,
      seen: `${instance.filename}: the original came, ${mimeType ?? "of unknown type"}, ${many} bytes read`,
    };
  }
  return { isSo: false, seen: `${instance.filename}: ${failure ?? "a smaller copy came"}` };
};

/** What photosync takes to be so at Flickr, as far as no documentation and no recorded answer settles it. */
export const FLICKR_ASSUMPTIONS: readonly Assumption[] = [
  {
    name: "originals of photos",
    claim: "Flickr gives the original of a photo to its owner's program.",
    otherwise:
      "What came is recorded as a smaller copy, never as the original (free accounts get no more since May 2025).",
    byHand: "Put a photo on the account, and run this check again.",
    judge: ({ opened }) => judgedOriginals(opened, "image"),
  },
  {
    name: "originals of videos",
    claim: "Flickr gives the original of a video to its owner's program; many report that it does not.",
    otherwise: "The video is listed as not obtained, and Flickr's own data export has it.",
    byHand: "Put a short video on the account as its newest photo, and run this check again.",
    judge: ({ opened }) => judgedOriginals(opened, "video"),
  },
  {
    name: "same bytes back",
    claim: "A JPEG's original is, byte for byte, the file that was uploaded.",
    otherwise: "The download is another variant of the photo; stores keep the file itself.",
    byHand: "Let replicate upload one photo as the account's newest, and run this check again.",
    judge: ({ opened }) => {
      const own = opened.find(
        ({ instance, checksums }) => instance.mark?.hash !== undefined && checksums !== null,
      );
      if (own?.checksums == null) return null;
      const isSo = own.instance.mark?.hash === `sha256:${own.checksums.sha256}`;
      return {
        isSo,
        seen: `${own.instance.filename}: its SHA-256 ${isSo ? "is" : "is not"} the one it was uploaded with`,
      };
    },
  },
  STRANGE_ID,
  SAME_ALONE,
  {
    name: "private uploads",
    claim: "A photo sent as private comes out as private, whatever the account's own default is.",
    otherwise: "Every upload is read back, and made private at once where it is not.",
    byHand:
      "Set public as the default in Flickr's settings, let replicate upload one photo, and look at its page signed out.",
  },
  {
    name: "new uploads in the list",
    claim: "The list of the owner's photos holds an upload at once; only search lags.",
    otherwise:
      "An upload whose answer was lost is looked for in both, and sent again with Flickr's own check for duplicates.",
    byHand: "Let replicate upload one photo, and run discover --service with --since today at once.",
  },
  {
    name: "the hour's budget",
    claim: "Uploads count towards 3,600 calls an hour, and a refusal (429) may not say how long to wait.",
    otherwise: "photosync counts them all the same and waits longer than it has to.",
    byHand: "Upload some hundred photos, and see with --verbose whether photosync was refused.",
  },
  {
    name: "an ended sign-in",
    claim: "A sign-in that the owner ended is answered with code 98 or with token_rejected.",
    otherwise: "It would be told as a refused request instead of exit code 11.",
    byHand:
      "Remove photosync at flickr.com/services/auth/list.gne, run this check (a problem that says: connect), and connect again.",
  },
  {
    name: "secrets of addresses",
    claim: "Changing who may see a photo leaves its addresses as they are.",
    otherwise: "Addresses are asked for anew before each download in any case.",
    byHand: "Note the address of an original, change who may see the photo, and compare.",
  },
  {
    name: "other formats",
    claim: "HEIC, WebP and AVIF are refused or come back as JPEG.",
    otherwise: "photosync does not send them; stores keep them.",
    byHand: "Upload one by hand, and download its original.",
  },
  {
    name: "words of the export",
    claim: "Flickr's export says of a photo for friends or family that it is not public.",
    otherwise: "A word that photosync does not know is unknown: private when acting, public in audit.",
    byHand: 'Ask for your Flickr data, and look for "privacy" in the photo_*.json of a photo for friends.',
  },
];
