import { unavailable } from "../../../infra/http/failures.js";
import { throwIfAborted } from "../../../infra/until-aborted.js";
import type { BlobSource, PutOutcome } from "../../../ports/blob-store.js";
import type { Call } from "../../../ports/call.js";
import { wrongBytes } from "../../blob-errors.js";
import { STORE_CODES } from "../requests/s3-errors.js";
import type { ProbedParts } from "../s3-parts.js";
import { judgeObject, type Standing } from "./judge-object.js";
import { setObjectAside } from "./set-object-aside.js";
import { storeObject } from "./store-object.js";

/** Others may come between the look and the deed that often. */
const MOST_TURNS = 5;

function refusesToOverwrite({ can, sealing, wholeBytes }: ProbedParts, { sizeBytes }: BlobSource): boolean {
  return sealing.sealedBytes(sizeBytes) <= wholeBytes ? can.conditionalPut : can.conditionalComplete;
}

/** Keeps a blob in a bucket, proven, and wrong bytes that stood under its key beside it; see `BlobStore.put`. */
export async function putBlob(parts: ProbedParts, blob: BlobSource, call: Call): Promise<PutOutcome> {
  const key = parts.blobObject(blob.key);
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    throwIfAborted(call);
    // Where the server refuses to overwrite, a key that was free a moment ago is not asked about again: it costs a request for each blob.
    const isFree = turn === 0 && blob.isNew === true && refusesToOverwrite(parts, blob);
    const standing: Standing = isFree ? { kind: "absent" } : await judgeObject(parts, key, blob, call);
    if (standing.kind === "right") return { kind: "already" };
    const aside: string[] = [];
    const stored = await storeObject(
      parts,
      {
        key,
        open: (into) => blob.open(into),
        sizeBytes: blob.sizeBytes,
        ifAbsent: standing.kind === "absent",
        blob,
        async accept({ hash, sizeBytes, isWhole }) {
          if (hash !== blob.hash || sizeBytes !== blob.sizeBytes || !isWhole) throw wrongBytes(blob);
          if (standing.kind === "wrong")
            aside.push(await setObjectAside(parts, blob.key, standing.head, call));
          return true;
        },
        isRaw: false,
      },
      call,
    );
    if (stored !== "stored") continue;
    const [asidePath] = aside;
    return asidePath === undefined ? { kind: "stored" } : { kind: "replaced", asidePath };
  }
  throw unavailable({
    account: STORE_CODES,
    message: `${blob.key} is being changed in store ${parts.name} again and again.`,
  });
}
