import type { Call } from "../../ports/call.js";
import { isBlobFolder, MARKER, markerText, parseMarker } from "../store-marker.js";
import { headObject } from "./objects/s3-objects.js";
import { foldersInBucket } from "./reading/list-bucket.js";
import { readSmall } from "./reading/read-small.js";
import type { S3Ground } from "./s3-parts.js";
import { type Marking, sealedElsewhere } from "./s3-root.js";
import { KEY_FILE, PLAIN } from "./sealing/sealing.js";
import { s3Url } from "./settings/s3-place.js";
import { storeSmall } from "./writing/store-small.js";

const markerBytes = (name: string, library: string | null): Uint8Array =>
  new TextEncoder().encode(markerText(name, library));

/** A store in the clear is marked by a small object in its root. */
export function plainMarking(ground: S3Ground): Marking {
  const { name, requests } = ground;
  const { prefix } = requests.place;
  return {
    sealing: PLAIN,
    async read(call: Call) {
      const bytes = await readSmall(ground, prefix + MARKER, call);
      if (bytes !== null) {
        const said = parseMarker(Buffer.from(bytes).toString("utf8"), s3Url(requests.place, MARKER));
        if (said.kind === "store") return { ...said, sealing: PLAIN };
        if (said.kind === "unreadable") return said;
      }
      const isUsed = (await foldersInBucket(ground, call)).some(isBlobFolder);
      if (!isUsed && (await headObject(requests, prefix + KEY_FILE, call)) !== null)
        throw sealedElsewhere(name, s3Url(requests.place));
      return isUsed ? { kind: "unmarked", sealing: PLAIN } : { kind: "none" };
    },
    write: (parts, library, call) =>
      storeSmall(parts, MARKER, markerBytes(parts.name, library), { ifAbsent: true }, call),
    sign: (parts, library, call) =>
      storeSmall(parts, MARKER, markerBytes(parts.name, library), { ifAbsent: false }, call),
  };
}
