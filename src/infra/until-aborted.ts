import { setMaxListeners } from "node:events";
import { PhotosyncError } from "../domain/errors.js";
import type { Call } from "../ports/call.js";

/** What an aborted call throws. The reason stays in `cause`. */
export const cancelled = (call: Call): PhotosyncError =>
  new PhotosyncError({
    kind: "cancelled",
    code: "cancelled",
    message: "Stopped before the end; what was finished is kept.",
    next: ["Run the same command again to continue."],
    cause: call.signal.reason,
  });

/** Throws `cancelled` when the call has been aborted. */
export function throwIfAborted(call: Call): void {
  if (call.signal.aborted) throw cancelled(call);
}

/**
 * The same chunks until the call is aborted, then `cancelled`: at once, even while the source keeps its reader waiting.
 * The source is told to close in every case; it is not waited for when it hangs.
 */
export async function* untilAborted<T>(source: AsyncIterable<T>, call: Call): AsyncGenerator<T, void, void> {
  throwIfAborted(call);
  const iterator = source[Symbol.asyncIterator]();
  let stop: (error: PhotosyncError) => void = () => {};
  // As many as there are transfers at once, which others bound: Node's warning of a leak at eleven is meant for none of them.
  setMaxListeners(0, call.signal);
  const onAbort = () => stop(cancelled(call));
  call.signal.addEventListener("abort", onAbort, { once: true });
  let ended = false;
  try {
    for (;;) {
      // A promise of its own for each step: racing them all against one would keep every step until the end.
      const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
        stop = reject;
        iterator.next().then(resolve, reject);
      });
      if (next.done === true) {
        ended = true;
        return;
      }
      yield next.value;
      throwIfAborted(call);
    }
  } finally {
    call.signal.removeEventListener("abort", onAbort);
    if (!ended) {
      const closing = iterator.return?.();
      if (call.signal.aborted) closing?.catch(() => {});
      else await closing;
    }
  }
}
