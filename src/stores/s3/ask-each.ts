import type { BlobKey } from "../../domain/ids.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";

/** Asks after each key, so many at once; those with an answer, in the order of the keys. After a failure nothing more is asked. */
export async function askEach<T>(
  keys: readonly BlobKey[],
  atOnce: number,
  ask: (key: BlobKey) => Promise<T | null>,
  call: Call,
): Promise<ReadonlyMap<BlobKey, T>> {
  const found = new Map<BlobKey, T>();
  const waiting = [...keys].reverse();
  const work = async () => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      throwIfAborted(call);
      const answer = await ask(key);
      if (answer !== null) found.set(key, answer);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } catch (error) {
    waiting.length = 0;
    throw error;
  }
  return new Map(
    keys.flatMap((key) => {
      const answer = found.get(key);
      return answer === undefined ? [] : [[key, answer] as const];
    }),
  );
}
