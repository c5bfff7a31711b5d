import { type Assumption, SAME_ALONE, STRANGE_ID } from "../assumption.js";

/** What photosync takes to be so at Google Photos, as far as no documentation settles it. */
export const GOOGLE_PHOTOS_ASSUMPTIONS: readonly Assumption[] = [
  STRANGE_ID,
  SAME_ALONE,
  {
    name: "downloads are no originals",
    claim:
      "What Google gives back may differ from what was uploaded: places are taken out, videos converted.",
    otherwise: "Nothing: a download is never taken for the original, even where its bytes are equal.",
    byHand:
      "Let replicate upload a photo with a place, download it at photos.google.com, and compare sha256sum.",
  },
  {
    name: "uploads twice",
    claim: "Bytes that the account holds already make no second photo; the first one's id comes back.",
    otherwise: "An upload whose answer was lost could stand there twice; nothing is lost by that.",
    byHand:
      "Let replicate upload one photo, undo that run, replicate again, and count it at photos.google.com.",
  },
  {
    name: "sign-ins beyond 7 days",
    claim: 'A sign-in of a published application ("In production") outlives 7 days without verification.',
    otherwise: "Exit code 11 tells to connect again; nothing is lost.",
    byHand: "Run this check again when the sign-in is more than 7 days old.",
  },
  {
    name: "30 writes a minute",
    claim: "Google takes 30 writes a minute from one user, one at a time.",
    otherwise: "A refusal (429) makes photosync pause; fewer uploads get through in an hour.",
    byHand: "Upload some hundred photos, and see with --verbose whether photosync was refused.",
  },
  {
    name: "begun uploads",
    claim: "The address of a large upload that was broken off is good for hours.",
    otherwise: "The upload begins anew.",
    byHand:
      "End photosync in the middle of a large video with Ctrl-C, and run replicate --execute again an hour later.",
  },
  {
    name: "who can see",
    claim:
      "Google tells no program who can see a photo: not of partner sharing, and not of albums shared in the app.",
    otherwise:
      "photosync calls every photo there unreadable, which audit counts as public, and keeps off albums.",
    byHand: "Look at photos.google.com, under Sharing, at what you share and with whom.",
  },
  {
    name: "picking",
    claim: "A pick of up to 2,000 photos can be fetched within the hour that Google's addresses live.",
    otherwise: "Those that were not fetched are failures of that run, and are picked again.",
    byHand: "Pick a few hundred photos, and see whether all came.",
  },
];
