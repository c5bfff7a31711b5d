import { type Assumption, SAME_ALONE, STRANGE_ID } from "../assumption.js";

/** What photosync takes to be so at Google Drive, as far as no documentation settles it. */
export const GOOGLE_DRIVE_ASSUMPTIONS: readonly Assumption[] = [
  STRANGE_ID,
  SAME_ALONE,
  {
    name: "checksums",
    claim: "Drive's checksums are those of the bytes that it gives.",
    otherwise: "A download that does not match is refused, and told as a failure of that file.",
    byHand: "Put a picture into one of the chosen folders, and run this check again.",
    judge: ({ opened }) => {
      const sample = opened.find(
        ({ instance, checksums }) => instance.checksums !== undefined && checksums !== null,
      );
      if (sample?.checksums == null) return null;
      const { instance, checksums } = sample;
      const told = Object.entries(instance.checksums ?? {});
      const isSo = told.every(([name, value]) => Reflect.get(checksums, name) === value);
      return {
        isSo,
        seen: `${instance.filename}: ${told.map(([name]) => name).join(", ")} ${isSo ? "agree" : "do not agree"}`,
      };
    },
  },
  {
    name: "old change tokens",
    claim: "A token of changes stays good until the next run, however long that takes.",
    otherwise: "A token that is refused means reading all chosen folders again.",
    byHand: "Run discover --service again after some months: it tells whether it read everything.",
  },
];
