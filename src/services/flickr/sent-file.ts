/**
 * Bytes to be uploaded as the platform's `File`, read while they are sent: `FormData` takes the length from `size` and the bytes
 * from `stream()`, so that a video of a gigabyte needs no memory and goes out with its `Content-Length`. The name is one that says
 * nothing of this computer.
 */
export class SentFile extends File {
  readonly #open: () => AsyncIterable<Uint8Array>;
  /** What reading the bytes threw; the network's own error only says that the request ended. */
  failure: unknown = null;

  constructor(name: string, type: string, sizeBytes: number, open: () => AsyncIterable<Uint8Array>) {
    super([], name, { type });
    this.#open = open;
    Object.defineProperty(this, "size", { value: sizeBytes });
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const bytes = this.#open()[Symbol.asyncIterator]();
    return new ReadableStream({
      pull: async (controller) => {
        try {
          const next = await bytes.next();
          if (next.done === true) controller.close();
          else controller.enqueue(new Uint8Array(next.value));
        } catch (error) {
          this.failure ??= error;
          controller.error(error);
        }
      },
      cancel: async () => {
        await bytes.return?.();
      },
    });
  }
}
