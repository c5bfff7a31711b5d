import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { putInstances } from "../../../../src/control/index-instances.js";
import { openLocalIndex } from "../../../../src/control/local-index.js";
import { PhotosyncError } from "../../../../src/domain/errors.js";
import { documentPath } from "../../../../src/domain/ids.js";
import type { InstanceCopy, PhotoDocument } from "../../../../src/domain/photo.js";
import { KnownInstances } from "../../../../src/phases/discover/live/known-instances.js";
import { type AccountDeps, AccountSource } from "../../../../src/phases/discover/live/live-scan.js";
import { scanMemory } from "../../../../src/phases/discover/scan-store.js";
import type { PhotoService, ScanPage, ServiceInstance } from "../../../../src/ports/photo-service.js";
import type { Finding } from "../../../../src/ports/photo-source.js";
import { jpegFor } from "../../../emulators/flickr/http/pictures.js";
import { fakeLibrary, photoDocument } from "../../../fakes/fake-catalog.js";

export const SERVICE = "cloud";

/** An instance as the service tells of it; its bytes are a picture of the content. */
export const instance = (id: string, told: Partial<ServiceInstance> = {}): ServiceInstance => ({
  id,
  version: "1",
  bytesStamp: `stamp ${id}`,
  filename: `${id}.jpg`,
  mediaKind: "image",
  visibility: "private",
  record: { id, facts: {}, raw: {} },
  obtainable: "original",
  ...told,
});

/** A document of which the service has an instance. */
export const documentOf = (id: string, copy: Partial<InstanceCopy> = {}): PhotoDocument =>
  photoDocument({
    content: `old ${id}`,
    filename: `${id}.jpg`,
    stores: ["local"],
    with: {
      instances: {
        [SERVICE]: {
          id,
          quality: "original",
          last_sync: "2024-02-01T00:00:00Z",
          visibility: "private",
          bytes_stamp: `stamp ${id}`,
          ...copy,
        },
      },
    },
  });

export const trouble = (kind: PhotosyncError["kind"], code: string): PhotosyncError =>
  new PhotosyncError({ kind, code: `${SERVICE}.${code}`, message: "It did not work.", next: ["Try again."] });

export interface AccountTold {
  readonly pages: readonly (ScanPage | Error)[];
  readonly documents?: readonly PhotoDocument[];
  /** What opening an instance meets, each time anew; null for good bytes. */
  readonly fate?: (id: string, time: number) => Error | null;
  /** Ids that are there by themselves. */
  readonly there?: readonly string[];
  readonly deps?: Partial<AccountDeps>;
  /** False for a service that gives back renditions alone. */
  readonly keepsOriginals?: boolean;
  /** How many the service says that it will list. */
  readonly total?: number;
  /** Whose photos the service says that it lists. */
  readonly owner?: string;
}

/** Reads an account that shows these pages into an index that knows these documents. */
export async function readAccount(told: AccountTold) {
  const { pages, documents = [], fate = () => null, there = [] } = told;
  const home = mkdtempSync(join(tmpdir(), "photosync-account-"));
  const index = await openLocalIndex(home, { scratch: false });
  onTestFinished(async () => {
    await index.close();
    rmSync(home, { recursive: true, force: true });
  });
  index.root.transactionSync(() => {
    for (const document of documents) {
      putInstances(index, documentPath(document.metadata.taken_date, document.photo_id), document);
    }
  });
  const opened: string[] = [];
  const service: PhotoService = {
    name: SERVICE,
    traits: {
      readsVisibility: true,
      settableVisibilities: [],
      editableFields: new Set(),
      keepsOriginals: told.keepsOriginals ?? true,
      seesWholeAccount: true,
      remarks: [],
    },
    account: async () => ({ owner: "Ada", facts: [] }),
    async *scan({ onTotal, onOwner }) {
      if (told.owner !== undefined) onOwner?.(told.owner);
      if (told.total !== undefined) onTotal?.(told.total);
      for (const page of pages) {
        if (page instanceof Error) throw page;
        yield page;
      }
    },
    read: async (id) => (there.includes(id) ? instance(id) : null),
    async open({ id, obtainable }) {
      opened.push(id);
      const error = fate(id, opened.filter((each) => each === id).length);
      if (error !== null) throw error;
      const bytes = jpegFor(`new ${id}`);
      async function* all() {
        yield bytes;
      }
      return {
        bytes: all(),
        quality: obtainable === "nothing" ? "unknown" : obtainable,
        sizeBytes: bytes.length,
      };
    },
  };
  const known = new KnownInstances(index, SERVICE);
  const source = new AccountSource({
    service,
    known,
    catalog: fakeLibrary(documents).catalog(),
    memory: scanMemory(index),
    keeping: null,
    isStaged: () => false,
    metadataOnly: false,
    isFull: false,
    ...told.deps,
  });
  const findings: Finding[] = [];
  const stages: { label: string; total: number | undefined; done: number }[] = [];
  const progress = {
    stage: (label: string, { count }: { readonly count?: number }) =>
      void stages.push({ label, total: count, done: 0 }),
    advance: ({ count = 0 }: { readonly count?: number }) => {
      const stage = stages.at(-1);
      if (stage !== undefined) stage.done += count;
    },
    note: () => {},
  };
  const outcome = await source.look(
    { finding: (finding) => void findings.push(finding), media: () => {} },
    { signal: new AbortController().signal, clock: { now: () => "2024-03-01T00:00:00Z" }, progress },
  );
  return { outcome, told: source.told, findings, opened, known, stages };
}
