import { setMaxListeners } from "node:events";
import type { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import { cancelled, throwIfAborted } from "../until-aborted.js";
import type { Time } from "./time.js";

export interface Deadline {
  readonly ms: number;
  readonly error: () => PhotosyncError;
}

/** Why a timer is no longer waited for. */
const ENDED = "the attempt has ended";

/**
 * Runs one attempt with a call of its own, which is aborted by the caller's abort and by the deadline. Ends at once in both
 * cases, also when the task does not listen: with `cancelled`, or with the deadline's error. Without a deadline (null) only an
 * abort ends it.
 */
export async function withDeadline<T>(
  task: (call: Call) => Promise<T>,
  deadline: Deadline | null,
  time: Time,
  call: Call,
): Promise<T> {
  throwIfAborted(call);
  const attempt = new AbortController();
  const timer = deadline === null ? null : new AbortController();
  // As many as there are requests at once, which others bound: Node's warning of a leak at eleven is meant for none of them.
  setMaxListeners(0, call.signal);
  let end: (error: PhotosyncError) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    end = (error) => {
      reject(error);
      attempt.abort(error);
    };
  });
  const onAbort = () => end(cancelled(call));
  call.signal.addEventListener("abort", onAbort, { once: true });
  if (deadline !== null && timer !== null) {
    time.sleep(deadline.ms, { signal: timer.signal }).then(
      () => end(deadline.error()),
      // The timer was called off.
      () => {},
    );
  }
  try {
    const running = task({ signal: attempt.signal });
    // What ends the race first decides; the other is not left unheard.
    running.catch(() => {});
    ended.catch(() => {});
    return await Promise.race([running, ended]);
  } finally {
    // A reason of one's own: the usual one is an error with a stack, made for each request.
    timer?.abort(ENDED);
    call.signal.removeEventListener("abort", onAbort);
  }
}
