import { Worker } from "node:worker_threads";
import type { MadeFiles, NewFiles } from "./new-files.js";
import type { ObjectBatch, PackedBatch } from "./packed-objects.js";

export type SideWork =
  | { readonly kind: "pack"; readonly batch: ObjectBatch }
  | { readonly kind: "create"; readonly files: NewFiles };

export type SideAnswer =
  | { readonly kind: "packed"; readonly packed: PackedBatch }
  | { readonly kind: "made"; readonly files: MadeFiles };

/** One piece is being worked on while the next one waits: more would only take memory. */
const mostWaiting = 2;
/** Starting a thread takes as long as packing a thousand documents, and pays where several times as much is still to come. */
const offersBeforeStart = 16;

/**
 * A second thread for the work of one big commit. It starts by itself once enough work was offered, and work that it does not
 * take is the caller's to do: with a thread that cannot start, everything goes on in this one.
 */
export class SideThread {
  #worker: Worker | null = null;
  #state: "unused" | "starting" | "proven" | "gone" = "unused";
  #offers = 0;
  /** Answers come in the order of the messages. */
  readonly #waiting: { resolve(answer: SideAnswer): void; reject(error: unknown): void }[] = [];

  /** Whether it would take work now, and has done some: only then is it trusted with what cannot be done twice. */
  get isFree(): boolean {
    return this.#state === "proven" && this.#waiting.length < mostWaiting;
  }

  /** Packs objects there; null when the thread is busy or not there. Rejects when it broke down: then the caller does it. */
  pack(batch: ObjectBatch): Promise<PackedBatch> | null {
    return (
      this.#offer({ kind: "pack", batch })?.then((answer) => {
        if (answer.kind === "packed") return answer.packed;
        throw new Error("the second thread answered another question");
      }) ?? null
    );
  }

  /** Makes files there; null when the thread is busy or not there. Rejects when it broke down, with some of the files made. */
  create(files: NewFiles): Promise<MadeFiles> | null {
    return (
      this.#offer({ kind: "create", files })?.then((answer) => {
        if (answer.kind === "made") return answer.files;
        throw new Error("the second thread answered another question");
      }) ?? null
    );
  }

  /** Ends the thread, whatever it is doing, and resolves when it has ended. May be called again. */
  async close(): Promise<void> {
    this.#state = "gone";
    await this.#worker?.terminate();
    this.#worker = null;
  }

  #offer(work: SideWork): Promise<SideAnswer> | null {
    this.#offers++;
    if (this.#state === "unused" && this.#offers > offersBeforeStart) this.#start();
    if (this.#worker === null || this.#waiting.length >= mostWaiting) return null;
    this.#worker.postMessage(work);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  #start(): void {
    this.#state = "starting";
    try {
      const worker = new Worker(new URL("./side-worker.js", import.meta.url));
      worker.on("message", (answer: SideAnswer) => {
        if (this.#state === "starting") this.#state = "proven";
        this.#waiting.shift()?.resolve(answer);
      });
      worker.on("error", (error) => this.#end(error));
      worker.on("exit", () => this.#end(new Error("the second thread of the commit ended")));
      this.#worker = worker;
    } catch (error) {
      this.#end(error);
    }
  }

  #end(error: unknown): void {
    this.#state = "gone";
    this.#worker = null;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
