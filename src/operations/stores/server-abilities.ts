import type { Capabilities } from "../../stores/s3/probing/s3-capabilities.js";
import type { ServerAbility } from "./store-results.js";

/** What a server's abilities mean for the bytes that it keeps. */
export function abilitiesOf(can: Capabilities): readonly ServerAbility[] {
  const ability = (name: string, holds: boolean, yes: string, no: string): ServerAbility => ({
    name,
    holds,
    meaning: holds ? yes : no,
  });
  const proves = can.keepsChecksums || can.checksBodies;
  return [
    ability(
      "checks-bodies",
      can.checksBodies,
      "It refuses bytes that are not the ones that were signed.",
      "It does not compare what arrives with the hash that was signed.",
    ),
    ability(
      "keeps-checksums",
      can.keepsChecksums,
      "It checks SHA-256 sums, keeps them, and tells them again: what is stored is proven without being read back.",
      "It keeps no SHA-256 sums.",
    ),
    ability(
      "conditional-put",
      can.conditionalPut,
      "It lets nothing be replaced by a writer who believed that the place was free.",
      "It knows no conditions: photosync looks just before it writes.",
    ),
    ability(
      "conditional-complete",
      can.conditionalComplete,
      "The same holds for uploads in parts.",
      "For uploads in parts it knows no conditions: photosync looks just before it finishes them.",
    ),
    ...(proves
      ? []
      : [
          {
            name: "reads-back",
            holds: true,
            meaning:
              "Nothing that it says proves what it keeps, so every object is read back after it was written.",
          },
        ]),
  ];
}
