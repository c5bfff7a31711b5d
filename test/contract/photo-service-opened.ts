import { createHash } from "node:crypto";
import { contentHash, type PhotoId } from "../../src/domain/ids.js";
import type { Visibility } from "../../src/domain/visibility.js";
import { photoIdOf } from "../../src/infra/hash.js";
import type { PhotoTarget, ScanPage, ServiceInstance, Upload } from "../../src/ports/photo-service.js";

/** A photo that is put on the service past the adapter; what is absent is as the service has it by default. */
export interface SeededPhoto {
  readonly title?: string;
  readonly caption?: string;
  readonly tags?: readonly string[];
  readonly albums?: readonly string[];
  /** Only levels that the service can be asked for; private unless told. */
  readonly visibility?: Visibility;
  /** `2020-05-04T10:20:30`, as the photo's own clock showed. */
  readonly takenDate?: string;
  readonly bytes?: Uint8Array;
}

/** What goes wrong with a request before it has had any effect; `lost-reply` happens after it. */
export type ServiceFault =
  | { readonly kind: "status"; readonly status: 401 | 403 | 404 | 500 }
  | { readonly kind: "too-many"; readonly retryAfterSeconds: number }
  | { readonly kind: "cut" }
  | { readonly kind: "lost-reply" };

/** An empty account on a service, with nothing between it and the adapter that repeats or delays, and ways to look behind. */
export interface OpenedService {
  readonly service: PhotoTarget;
  /** Resolves to the new photo's id when every list of the service knows it. */
  seed(photo: SeededPhoto): Promise<string>;
  /** As the owner does it on the service's own pages, later than everything before. */
  change(id: string, change: { readonly title?: string; readonly visibility?: Visibility }): Promise<void>;
  /** Lets as much time pass as the service's indexes need. */
  settle(): Promise<void>;
  /** Every photo that the account holds, by id. */
  held(): ReadonlyMap<string, HeldPhoto>;
  /** The next request for which it is true that it goes to an upload (or, by default, any other) meets this fault, once. */
  fail(fault: ServiceFault, on?: "reads" | "upload"): void;
  close(): Promise<void>;
}

export interface HeldPhoto {
  /** Null where the service has no such thing. */
  readonly visibility: Visibility | null;
  readonly title: string;
  /** Titles of the albums that it is in. */
  readonly albums: readonly string[];
}

export interface PhotoServiceContractOptions {
  open(): Promise<OpenedService>;
  /** False for services that tell nothing of what changed since. */
  readonly hasCursor: boolean;
  /** A small picture that the service takes; other numbers give other bytes. */
  picture(number: number): Promise<Uint8Array>;
}

/** A call that nobody aborts. */
export const call = { signal: new AbortController().signal };

export const withService =
  (options: PhotoServiceContractOptions, run: (opened: OpenedService) => Promise<void>) =>
  async (): Promise<void> => {
    const opened = await options.open();
    try {
      await run(opened);
    } finally {
      await opened.close();
    }
  };

/** A scan to its end. */
export async function scanned(
  service: PhotoTarget,
  request: Parameters<PhotoTarget["scan"]>[0] = {},
): Promise<{
  readonly seen: readonly ServiceInstance[];
  readonly problems: readonly unknown[];
  readonly end: Extract<ScanPage, { kind: "end" }> | null;
}> {
  const seen: ServiceInstance[] = [];
  const problems: unknown[] = [];
  let end: Extract<ScanPage, { kind: "end" }> | null = null;
  for await (const page of service.scan(request, call)) {
    if (end !== null) throw new Error("something came after the end");
    if (page.kind === "instances") seen.push(...page.seen);
    else if (page.kind === "problem") problems.push(page.error);
    else if (page.kind === "end") end = page;
  }
  return { seen, problems, end };
}

/** What is equal between two scans with nothing in between. */
export const comparable = (seen: readonly ServiceInstance[]) =>
  seen.toSorted((a, b) => (a.id < b.id ? -1 : 1));

/** An upload of these bytes. */
export function uploadOf(
  bytes: Uint8Array,
  fields: Upload["fields"] = {},
  filename = "IMG_1.jpg",
): Upload & { readonly mark: { readonly photoId: PhotoId } } {
  const hash = contentHash(createHash("sha256").update(bytes).digest("hex"));
  return {
    mark: { photoId: photoIdOf(hash), hash },
    filename,
    mimeType: "image/jpeg",
    sizeBytes: bytes.length,
    fields,
    async *open() {
      yield bytes.subarray(0, 1);
      yield bytes.subarray(1);
    },
  };
}

export async function collected(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}
