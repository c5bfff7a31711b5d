import type { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import { cancelled } from "../until-aborted.js";
import type { Time } from "./time.js";

export interface BodyWatch {
  /** The longest silence between two pieces. */
  readonly idleMs: number;
  /** The most bytes that are taken; null where the length is not bounded here. */
  readonly largestBytes: number | null;
  readonly onSilence: () => PhotosyncError;
  readonly onTooLarge: () => PhotosyncError;
  /** What the stream's own error is to be taken for. */
  readonly onError: (error: unknown) => unknown;
}

/**
 * The same bytes, with an eye on them: silence, too many of them, a cut and an abort end the stream with the error that says so,
 * and close what it comes from. Silence counts only while somebody waits for a piece, so a slow reader is no silent server.
 */
export function watchedBody(
  body: ReadableStream<Uint8Array>,
  watch: BodyWatch,
  time: Time,
  call: Call,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let received = 0;
  const close = (error: unknown) => {
    reader.cancel(error).catch(() => {});
    return error;
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = await soon(reader.read(), watch, time, call);
          if (piece.done) return controller.close();
          received += piece.value.byteLength;
          if (watch.largestBytes !== null && received > watch.largestBytes) throw watch.onTooLarge();
          controller.enqueue(piece.value);
        } catch (error) {
          controller.error(close(watch.onError(error)));
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Nothing is read ahead: silence is measured while somebody waits.
    { highWaterMark: 0 },
  );
}

async function soon<T>(
  coming: Promise<T>,
  { idleMs, onSilence }: BodyWatch,
  time: Time,
  call: Call,
): Promise<T> {
  const timer = new AbortController();
  let stop: () => void = () => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      stop = () => reject(cancelled(call));
      if (call.signal.aborted) return stop();
      call.signal.addEventListener("abort", stop, { once: true });
      coming.then(resolve, reject);
      time.sleep(idleMs, { signal: timer.signal }).then(
        () => reject(onSilence()),
        // The timer was called off.
        () => {},
      );
    });
  } finally {
    timer.abort();
    call.signal.removeEventListener("abort", stop);
  }
}
