import type { Call } from "../../ports/call.js";
import { MARKER, markerText, parseMarker } from "../store-marker.js";
import { listObjects } from "./objects/list-objects.js";
import { headObject } from "./objects/s3-objects.js";
import { readSmall } from "./reading/read-small.js";
import type { ProbedParts, S3Ground } from "./s3-parts.js";
import { type Marking, sealedElsewhere } from "./s3-root.js";
import { KEY_FILE, PLAIN } from "./sealing/sealing.js";
import { s3Url } from "./settings/s3-place.js";
import { storeObject } from "./writing/store-object.js";

const USED = /^(?:\d{4}|undated)\/$/;

/** A store in the clear is marked by a small object in its root. */
export function plainMarking({ requests, ...rest }: S3Ground): Marking {
  const { prefix } = requests.place;
  const ground = { requests, ...rest };
  return {
    sealing: PLAIN,
    async read(call: Call) {
      const bytes = await readSmall(ground, prefix + MARKER, call);
      if (bytes !== null) {
        const said = parseMarker(Buffer.from(bytes).toString("utf8"), s3Url(requests.place, MARKER));
        if (said.kind === "store") return { ...said, sealing: PLAIN };
        if (said.kind === "unreadable") return said;
      }
      const page = await listObjects(requests, { prefix, delimiter: "/" }, call);
      const isUsed = page.folders.some((folder) => USED.test(folder.slice(prefix.length)));
      if (!isUsed && (await headObject(requests, prefix + KEY_FILE, call)) !== null)
        throw sealedElsewhere(rest.name, s3Url(requests.place));
      return isUsed ? { kind: "unmarked", sealing: PLAIN } : { kind: "none" };
    },
    write: (parts, library, call) => putMarker(parts, library, true, call),
    sign: (parts, library, call) => putMarker(parts, library, false, call),
  };
}

async function putMarker(
  parts: ProbedParts,
  library: string | null,
  ifAbsent: boolean,
  call: Call,
): Promise<void> {
  const text = new TextEncoder().encode(markerText(parts.name, library));
  await storeObject(
    parts,
    {
      key: parts.requests.place.prefix + MARKER,
      async *open() {
        yield text;
      },
      sizeBytes: text.length,
      accept: async () => true,
      ifAbsent,
      blob: null,
      isRaw: true,
    },
    call,
  );
}
