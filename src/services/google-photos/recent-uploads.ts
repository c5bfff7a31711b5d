import type { ContentHash } from "../../domain/ids.js";
import type { UploadMark } from "../../ports/photo-service.js";

/** What this process uploaded last, by which it knows its uploads again; nothing of it is at Google. */
export class RecentUploads {
  readonly #ids = new Map<ContentHash, string>();
  readonly #marks = new Map<string, Required<UploadMark>>();
  readonly #most: number;

  constructor(most = 10_000) {
    this.#most = most;
  }

  note(id: string, mark: Required<UploadMark>): void {
    this.#ids.set(mark.hash, id);
    this.#marks.set(id, mark);
    const [oldest] = this.#marks;
    if (this.#marks.size <= this.#most || oldest === undefined) return;
    this.#marks.delete(oldest[0]);
    this.#ids.delete(oldest[1].hash);
  }

  idOf({ hash }: Required<UploadMark>): string | undefined {
    return this.#ids.get(hash);
  }

  markOf(id: string): Required<UploadMark> | undefined {
    return this.#marks.get(id);
  }
}
