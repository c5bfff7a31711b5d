/** Base URLs of the media that were listed last, so that a download after a scan costs one request. Never written anywhere. */
export class RecentBaseUrls {
  readonly #urls = new Map<string, string>();
  readonly #most: number;

  constructor(most = 1000) {
    this.#most = most;
  }

  note({ id, baseUrl }: { readonly id: string; readonly baseUrl: string | undefined }): void {
    if (baseUrl === undefined) return;
    this.#urls.delete(id);
    this.#urls.set(id, baseUrl);
    const [oldest] = this.#urls.keys();
    if (this.#urls.size > this.#most && oldest !== undefined) this.#urls.delete(oldest);
  }

  get(id: string): string | undefined {
    return this.#urls.get(id);
  }
}
