/** Lends buffers within a budget, and lends them again: fresh memory has to be cleared by the system each time. */
export interface BufferPool {
  /** Runs `task` with a buffer of just this size, with any bytes in it, once the budget allows; waits in turn until then. */
  lend<T>(sizeBytes: number, task: (buffer: Uint8Array) => Promise<T>): Promise<T>;
}

/** Buffers are made in these steps, so that one fits many blobs. */
const STEP_BYTES = 1024 ** 2;

/** A pool of at most `budgetBytes`, lent or idle. A single bigger buffer is lent too, when nothing else is. */
export function bufferPool(budgetBytes: number): BufferPool {
  const idle: ArrayBuffer[] = [];
  const waiting: (() => void)[] = [];
  let lentBytes = 0;
  let idleBytes = 0;

  const fits = (sizeBytes: number) => lentBytes === 0 || lentBytes + sizeBytes <= budgetBytes;

  function borrow(sizeBytes: number): ArrayBuffer {
    const found = idle.findIndex((buffer) => buffer.byteLength === sizeBytes);
    const [buffer] = found === -1 ? [] : idle.splice(found, 1);
    if (buffer !== undefined) idleBytes -= sizeBytes;
    lentBytes += sizeBytes;
    while (lentBytes + idleBytes > budgetBytes && idle.length > 0) idleBytes -= idle.shift()?.byteLength ?? 0;
    return buffer ?? new ArrayBuffer(sizeBytes);
  }

  function giveBack(buffer: ArrayBuffer): void {
    lentBytes -= buffer.byteLength;
    if (lentBytes + idleBytes + buffer.byteLength <= budgetBytes) {
      idle.push(buffer);
      idleBytes += buffer.byteLength;
    }
    for (const wake of waiting.splice(0)) wake();
  }

  return {
    async lend(sizeBytes, task) {
      const stepped = Math.max(1, Math.ceil(sizeBytes / STEP_BYTES)) * STEP_BYTES;
      while (!fits(stepped)) await new Promise<void>((resolve) => waiting.push(resolve));
      const buffer = borrow(stepped);
      try {
        return await task(new Uint8Array(buffer, 0, sizeBytes));
      } finally {
        giveBack(buffer);
      }
    },
  };
}
