import { type Failure, failureOf, PhotosyncError } from "../../../domain/errors.js";
import { isServiceDown } from "../../../infra/http/gave-up.js";
import { throwIfAborted } from "../../../infra/until-aborted.js";
import type { Amount, Run } from "../../../ports/phase.js";
import type { ScanPage, ServiceInstance } from "../../../ports/photo-service.js";
import type { Finding } from "../../../ports/photo-source.js";
import { ReadQueue } from "../read-queue.js";
import type { ScanOutcome, ScanSink } from "../scan.js";
import { endedEarly, listedNothing, noMedia, otherOwner } from "./account-failures.js";
import { download, placeOf } from "./downloaded.js";
import { goneFrom } from "./gone.js";
import { type BytesDeps, isMissing, knownBytes } from "./known-bytes.js";
import { type FoundBytes, findingsOf } from "./live-finding.js";
import type { LiveSource } from "./live-source.js";
import { Originals } from "./originals.js";

/** What to read of an account, and what the library knows of it. */
export interface AccountDeps extends BytesDeps {
  /** Whose photos the account's were so far, by the service's own id; absent where that is not known. */
  readonly owner?: string;
  /** As the last scan that was committed left it; absent to list everything. */
  readonly cursor?: string;
  readonly since?: string;
  readonly limit?: number;
  /** Photos that are known are refreshed, and nothing is downloaded. */
  readonly metadataOnly: boolean;
  /** Look again at what is known, too, where its bytes are in no store. */
  readonly isFull: boolean;
}

/** What reading an account came to, beside what it showed. */
export interface AccountTold {
  /** Instances that were listed. */
  seen: number;
  /** Of these, the ones that are there as they were known. */
  unchanged: number;
  downloaded: number;
  bytes: number;
  gone: number;
  /** New ones that this run did not fetch. */
  left: number;
  /** Where the next scan goes on; null where this one does not vouch for everything before. */
  cursor: string | null;
  /** Whose photos were listed, where the service says so. */
  owner: string | null;
  /** Why the account could not be read; null where it could. */
  error: unknown;
}

/** Instances that are looked at together; their findings are told in the order in which the service listed them. */
const CHUNK = 100;
/** After so many failed downloads in a row the service is left alone. */
const MOST_FAILURES_IN_A_ROW = 20;
/** More names than these would drown the rest. */
const NAMED = 5;

/** An account as a source. `told` is filled while it is read. */
export class AccountSource implements LiveSource {
  readonly service: string;
  readonly told: AccountTold = {
    seen: 0,
    unchanged: 0,
    downloaded: 0,
    bytes: 0,
    gone: 0,
    left: 0,
    cursor: null,
    owner: null,
    error: null,
  };
  readonly #deps: AccountDeps;
  readonly #failures: Failure[] = [];
  readonly #notes: string[] = [];
  readonly #withoutBytes: string[] = [];
  /** Instances whose bytes are known. */
  #found = 0;
  readonly #originals: Originals;
  #failedInARow = 0;
  /** What ends the reading of this account. */
  #stopped: { readonly error: unknown } | null = null;

  constructor(deps: AccountDeps) {
    this.#deps = deps;
    this.#originals = new Originals(deps.catalog);
    this.service = deps.service.name;
  }

  async look(sink: Pick<ScanSink, "finding" | "media">, run: Run): Promise<ScanOutcome> {
    try {
      await this.#scan(sink, run);
    } catch (error) {
      throwIfAborted(run);
      if (!(error instanceof PhotosyncError)) throw error;
      this.told.error = error;
      this.#failures.push(failureOf(this.service, error));
    }
    this.#remark();
    return {
      filesSeen: this.#found,
      filesKnown: this.told.unchanged,
      skipped: this.told.left,
      failures: this.#failures,
      notes: this.#notes,
      isComplete: false,
    };
  }

  async #scan(sink: Pick<ScanSink, "finding" | "media">, run: Run): Promise<void> {
    const { service, known, cursor, since, limit } = this.#deps;
    const stage = (count: number | undefined) => {
      if (!isTold) run.progress.stage(`Reading ${this.service}`, this.#total(count));
      isTold = true;
    };
    let isTold = false;
    const request = {
      onTotal: stage,
      onOwner: (id: string) => this.#owned(id),
      isKnown: (id: string, version: string) => this.#isKnown(id, version),
      ...(cursor === undefined ? {} : { cursor }),
      ...(since === undefined ? {} : { since }),
      ...(limit === undefined ? {} : { limit }),
    };
    let end: Extract<ScanPage, { kind: "end" }> | null = null;
    let hasProblem = false;
    for await (const page of service.scan(request, run)) {
      throwIfAborted(run);
      stage(undefined);
      if (page.kind === "end") end = page;
      else if (page.kind === "note") this.#notes.push(page.message);
      else if (page.kind === "problem") {
        hasProblem = true;
        this.#failures.push(failureOf(page.subject, page.error));
      } else if (page.kind === "unchanged") this.#unchanged(page.ids, run);
      else {
        for (let at = 0; at < page.seen.length; at += CHUNK) {
          await this.#take(page.seen.slice(at, at + CHUNK), sink, run);
        }
      }
    }
    if (end === null) throw endedEarly(this.service);
    const isSound = this.#failures.length === 0 && limit === undefined && this.told.left === 0;
    if (end.isWhole && this.told.seen === 0 && known.isAny()) {
      this.#failures.push(failureOf(this.service, listedNothing(this.service)));
      return;
    }
    const told = { ...end, isWhole: end.isWhole && !hasProblem };
    for await (const finding of goneFrom(this.#deps, told, this.#notes, run)) {
      this.told.gone += 1;
      sink.finding(finding);
    }
    // A list of everything that holds nothing may be one that the service could not make: it vouches for nothing.
    const isEmpty = end.isWhole && this.told.seen === 0;
    if (isSound && !isEmpty) this.told.cursor = end.cursor ?? null;
  }

  /** How many there are to be read, as the service says or as they were counted the last time; a limit bounds both. */
  #total(told: number | undefined): Amount {
    const { service, known, cursor, since, limit } = this.#deps;
    const isWhole = service.traits.seesWholeAccount && cursor === undefined && since === undefined;
    const expected = told ?? (isWhole ? known.count() : 0);
    const count = expected > 0 ? Math.min(expected, limit ?? expected) : limit;
    return count === undefined ? {} : { count };
  }

  /** What somebody else is signed in to, is no news of this account: what they cannot see is not gone. */
  #owned(id: string): void {
    const owner = this.#deps.owner ?? this.told.owner;
    if (owner !== undefined && owner !== null && owner !== id) throw otherOwner(this.service, owner, id);
    this.told.owner = id;
  }

  #isKnown(id: string, version: string): boolean {
    const { known, isFull } = this.#deps;
    if (!known.isKnown(id, version)) return false;
    const held = isFull ? known.get(id) : null;
    return held === null || !isMissing(this.#deps, held.hash);
  }

  #unchanged(ids: readonly string[], run: Run): void {
    for (const id of ids) this.#deps.known.see(id);
    this.told.seen += ids.length;
    this.told.unchanged += ids.length;
    run.progress.advance({ count: ids.length });
  }

  async #take(
    instances: readonly ServiceInstance[],
    sink: Pick<ScanSink, "finding" | "media">,
    run: Run,
  ): Promise<void> {
    const found: (FoundBytes | null)[] = instances.map(() => null);
    const queue = new ReadQueue();
    try {
      for (const [at, instance] of instances.entries()) {
        if (queue.isBroken || this.#stopped !== null) break;
        this.#deps.known.see(instance.id);
        this.told.seen += 1;
        found[at] = await knownBytes(this.#deps, instance);
        if (found[at] !== null) run.progress.advance({ count: 1 });
        else if (!this.#mayDownload(instance)) run.progress.advance({ count: 1 });
        else {
          await queue.add(instance.sizeBytes ?? 0, async () => {
            found[at] = await this.#download(instance, run);
          });
        }
      }
    } finally {
      await queue.ended();
    }
    for (const [at, instance] of instances.entries()) {
      const bytes = found[at];
      if (bytes === null || bytes === undefined) continue;
      this.#found += 1;
      sink.media(bytes.hash);
      for (const finding of this.#findings(instance, bytes)) sink.finding(finding);
      this.#deps.known.see(instance.id, instance.version);
    }
    if (this.#stopped !== null) throw this.#stopped.error;
  }

  #findings(instance: ServiceInstance, bytes: FoundBytes): readonly Finding[] {
    const { service, known, catalog } = this.#deps;
    const before = known.get(instance.id);
    const owner = catalog.photoOfHash(bytes.hash);
    const isRendition = !service.traits.keepsOriginals && owner === null && before === null;
    const row = isRendition ? this.#originals.of(instance, bytes.takenDate) : null;
    const blob = row?.blobs.find(({ role }) => role === "original");
    return findingsOf(this.service, instance, bytes, {
      before,
      isOwnPhoto: owner !== null && owner !== before?.photoId,
      original: blob ?? null,
    });
  }

  #mayDownload(instance: ServiceInstance): boolean {
    if (instance.obtainable === "nothing") this.#withoutBytes.push(instance.id);
    else if (this.#deps.metadataOnly) this.told.left += 1;
    else return true;
    return false;
  }

  async #download(instance: ServiceInstance, run: Run): Promise<FoundBytes | null> {
    if (this.#stopped !== null) return null;
    const done = await download(this.#deps, instance, run);
    if (done.kind === "failed") {
      this.#failed(instance, done);
      run.progress.advance({ count: 1 });
      return null;
    }
    // A run that is killed must not have to fetch this again: that costs far more than writing down that it has been.
    await this.#deps.memory.settled();
    this.#failedInARow = 0;
    const { hash, sizeBytes, kind, traits } = done.examined;
    if (kind !== "media") {
      this.#failures.push(failureOf(placeOf(this.service, instance).path, noMedia(this.service, instance)));
      return null;
    }
    this.told.downloaded += 1;
    this.told.bytes += sizeBytes;
    run.progress.advance({ count: 1, bytes: sizeBytes });
    const takenDate = traits?.takenDate;
    return { hash, sizeBytes, quality: done.quality, ...(takenDate === undefined ? {} : { takenDate }) };
  }

  #failed(
    { id }: ServiceInstance,
    { failure, error }: { readonly failure: Failure; readonly error: unknown },
  ): void {
    if (error instanceof PhotosyncError && error.code === `${this.service}.not-obtained`) {
      this.#withoutBytes.push(id);
      return;
    }
    // Told once, as what ended the reading.
    const isEnd = error instanceof PhotosyncError && (error.kind === "auth" || isServiceDown(error));
    this.#failedInARow += 1;
    if (!isEnd) this.#failures.push(failure);
    if (isEnd || this.#failedInARow >= MOST_FAILURES_IN_A_ROW) this.#stopped ??= { error };
  }

  #remark(): void {
    const { left } = this.told;
    if (left > 0) {
      this.#notes.push(
        `${this.service}: ${left} photos are new there; they come with the next run without --metadata-only.`,
      );
    }
    const without = this.#withoutBytes;
    if (without.length === 0) return;
    const named = without.slice(0, NAMED).join(", ");
    this.told.left += without.length;
    this.#notes.push(
      `${this.service}: of ${without.length} photos or videos no bytes are given (${named}${without.length > NAMED ? ", …" : ""}), so they were passed over; --full-scan asks for them again.`,
    );
  }
}
