import type { Call } from "../../../ports/call.js";
import type { ProbedParts } from "../s3-parts.js";
import { storeObject } from "./store-object.js";

/** Writes an object that is small by its nature, as it is, and proves it; with `ifAbsent`, one that came first stays. Throws as `storeObject` does. */
export async function storeSmall(
  parts: ProbedParts,
  name: string,
  bytes: Uint8Array,
  { ifAbsent }: { readonly ifAbsent: boolean },
  call: Call,
): Promise<void> {
  await storeObject(
    parts,
    {
      key: parts.requests.place.prefix + name,
      async *open() {
        yield bytes;
      },
      sizeBytes: bytes.length,
      accept: async () => true,
      ifAbsent,
      blob: null,
      isRaw: true,
    },
    call,
  );
}
