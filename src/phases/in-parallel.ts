import type { Call } from "../ports/call.js";

/**
 * Runs `task` over the items, at most `limit` at once, and yields what the tasks yield as it comes. Items are taken one by
 * one as tasks end, so neither the items nor the work pile up. When a task throws, no further one starts, those
 * at work go on to their next result, and the error is thrown after all results. When the reader stops early, the
 * tasks' signal is aborted and they are waited for.
 */
export async function* inParallel<T, R>(
  items: Iterable<T>,
  limit: number,
  call: Call,
  task: (item: T, call: Call) => AsyncIterable<R>,
): AsyncGenerator<R, void, void> {
  const iterator = items[Symbol.iterator]();
  const left = new AbortController();
  const inner: Call = { signal: AbortSignal.any([call.signal, left.signal]) };
  let ready: R[] = [];
  const errors: unknown[] = [];
  let stopped = false;
  let atWork = 0;
  let wake = () => {};

  const worker = async () => {
    while (!stopped) {
      const next = iterator.next();
      if (next.done === true) return;
      for await (const result of task(next.value, inner)) {
        ready.push(result);
        wake();
        if (stopped) return;
      }
    }
  };
  const start = async () => {
    atWork++;
    try {
      await worker();
    } catch (error) {
      errors.push(error);
      stopped = true;
    } finally {
      atWork--;
      wake();
    }
  };
  const workers = Array.from({ length: Math.max(1, limit) }, start);
  try {
    for (;;) {
      const batch = ready;
      ready = [];
      yield* batch;
      if (ready.length > 0) continue;
      if (atWork === 0) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    stopped = true;
    if (atWork > 0) left.abort();
    await Promise.all(workers);
  }
  if (errors.length > 0) throw errors[0];
}
