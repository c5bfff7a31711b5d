import { existsSync } from "node:fs";
import type { LibraryConfig, ServiceSettings, ServiceSyncState, SyncState } from "../control/config.js";
import { type Failure, failureOf, PhotosyncError } from "../domain/errors.js";
import { signInNeeded } from "../infra/http/failures.js";
import type { ScanMemory } from "../phases/discover/examine.js";
import { KnownInstances } from "../phases/discover/live/known-instances.js";
import { AccountSource } from "../phases/discover/live/live-scan.js";
import type { Keeping } from "../phases/discover/read-entry.js";
import type { Run } from "../ports/phase.js";
import { type LiveProvider, liveProvider, type OpenAccount } from "../services/live.js";
import { stagedPath } from "../stores/staging.js";
import { cursorHolds } from "./cursor-holds.js";
import { stagingFolder } from "./open-staging.js";
import type { DiscoverOptions, LiveOptions } from "./options.js";
import type { ReadAccount } from "./results.js";
import type { Session } from "./session.js";

/** An account that this run is to read. */
interface Chosen {
  readonly name: string;
  readonly provider: string;
  readonly live: LiveProvider;
  readonly settings: ServiceSettings | null;
}

function chosenAccounts(options: DiscoverOptions, { services }: LibraryConfig): readonly Chosen[] {
  const { service, live: asked } = options;
  const names = Object.keys(services).filter((name) => services[name]?.enabled === true);
  if (service !== undefined && !Object.hasOwn(services, service)) names.push(service);
  return names.flatMap((name) => {
    if (service !== undefined && service !== name) return [];
    const settings = Object.hasOwn(services, name) ? (services[name] ?? null) : null;
    const provider = settings?.provider ?? name;
    const live = liveProvider(provider);
    if (live === null || (asked?.pick !== undefined && live.pick === undefined)) return [];
    return [{ name, provider, live, settings }];
  });
}

const nothingToPick = (service: string | undefined): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "discover.no-picker",
    message:
      service === undefined ? "No account lets you pick photos." : `${service} lets nobody pick photos.`,
    next: ["Photos are picked in Google Photos: photosync discover --service google-photos --pick"],
  });

/** The accounts of services that a run reads, and what is written down of them. To be closed in the end. */
export class Accounts {
  readonly #session: Session;
  readonly #read: {
    readonly chosen: Chosen;
    readonly source: AccountSource;
    readonly known: KnownInstances;
    /** True where the cursor on record no longer vouches for what the library holds. */
    readonly isStale: boolean;
  }[] = [];
  readonly #unread: { readonly chosen: Chosen; readonly error: PhotosyncError }[] = [];
  readonly #open: OpenAccount[] = [];

  private constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Opens the accounts that a run without paths reads: those that are enabled and signed in to. Of the others, one that is named, or
   * that would show its owner's photos, is a failure. Throws `discover.no-picker` (user).
   */
  static async open(
    session: Session,
    options: DiscoverOptions,
    live: LiveOptions,
    { memory, keeping }: { readonly memory: ScanMemory; readonly keeping: Keeping | null },
    run: Run,
  ): Promise<Accounts> {
    const accounts = new Accounts(session);
    const chosen = chosenAccounts(options, session.config);
    if (live.pick !== undefined && chosen.length === 0) throw nothingToPick(options.service);
    for (const each of chosen) {
      try {
        await accounts.#add(each, options, live, { memory, keeping }, run);
      } catch (error) {
        if (!(error instanceof PhotosyncError)) throw error;
        accounts.#unread.push({ chosen: each, error });
      }
    }
    return accounts;
  }

  async #add(
    chosen: Chosen,
    options: DiscoverOptions,
    live: LiveOptions,
    { memory, keeping }: { readonly memory: ScanMemory; readonly keeping: Keeping | null },
    run: Run,
  ): Promise<void> {
    const { config, control, index, catalog, libraryRoot } = this.#session;
    const { name, provider, settings } = chosen;
    const { env, time } = live.surroundings;
    const all = { ...config.services, [name]: settings ?? { enabled: true, provider } };
    const { openSecrets } = await import("./open-secrets.js");
    const secrets = await openSecrets(all, env, time, run).read(name);
    if (!secrets?.fields[chosen.live.signInField]) {
      this.#unsigned(chosen, options.service === name);
      return;
    }
    const { serviceAccount } = await import("./service-account.js");
    const account = await serviceAccount(libraryRoot, config, { name, provider }, live.surroundings, run);
    const context = account.open({ isDry: options.dryRun });
    const pick = chosen.live.pick;
    const open =
      live.pick !== undefined && pick !== undefined
        ? await pick(context, live.pick)
        : { service: account.kit.open(context, account.settings), close: async () => {} };
    this.#open.push(open);
    const known = new KnownInstances(index, name);
    const { cursor: kept, owner } = config.syncState.services[name] ?? {};
    const isStale = kept !== undefined && !(await cursorHolds(control, catalog.revision, name, run));
    const cursor = options.fullScan || isStale ? undefined : kept;
    const source = new AccountSource({
      service: open.service,
      known,
      catalog,
      memory,
      keeping,
      isStaged: (hash) => existsSync(stagedPath(stagingFolder(libraryRoot), hash)),
      ...(owner === undefined ? {} : { owner }),
      ...(cursor === undefined ? {} : { cursor }),
      ...(options.since === undefined ? {} : { since: options.since }),
      ...(live.limit === undefined ? {} : { limit: live.limit }),
      metadataOnly: live.metadataOnly,
      isFull: options.fullScan,
    });
    this.#read.push({ chosen, source, known, isStale });
  }

  /** Nobody is signed in: no matter to an account that shows nothing of its own, unless its photos were asked for. */
  #unsigned(chosen: Chosen, isNamed: boolean): void {
    const { name, live } = chosen;
    const roots = this.#session.config.syncState.services[name]?.roots ?? {};
    if (live.showsOwnersPhotos || (isNamed && Object.keys(roots).length === 0)) {
      this.#unread.push({ chosen, error: signInNeeded(name, `Nobody is signed in to ${name}.`) });
    }
  }

  /** True where there is any account to read, or one that ought to be. */
  get isAny(): boolean {
    return this.#read.length + this.#unread.length > 0;
  }

  get sources(): readonly AccountSource[] {
    return this.#read.map(({ source }) => source);
  }

  /** Names of the accounts that were read. */
  get names(): readonly string[] {
    return this.#read.filter(({ source }) => source.told.error === null).map(({ chosen }) => chosen.name);
  }

  /** Failures of accounts that could not even be opened; what went wrong in reading is among the phase's own. */
  get failures(): readonly Failure[] {
    return this.#unread.map(({ chosen, error }) => failureOf(chosen.name, error));
  }

  /** What stands for the whole run where no account showed anything: a missing sign-in before all else; null else. */
  wholeFailure(): unknown {
    const errors = [
      ...this.#unread.map(({ error }): unknown => error),
      ...this.#read.map(({ source }) => (source.told.seen === 0 ? source.told.error : null)),
    ];
    if (errors.length === 0 || errors.includes(null)) return null;
    const isAuth = (error: unknown) => error instanceof PhotosyncError && error.kind === "auth";
    return errors.find(isAuth) ?? errors[0];
  }

  /** The sync state once all that these accounts showed is committed; cursors move only then, and only for scans that vouch for all. */
  advanced(state: SyncState, now: string, isClean: boolean): SyncState {
    const services: Record<string, ServiceSyncState> = { ...state.services };
    for (const { chosen, source, isStale } of this.#read) {
      if (source.told.error !== null) continue;
      const { cursor: before, ...state } = services[chosen.name] ?? { roots: {} };
      const { owner } = source.told;
      const cursor = (isClean ? source.told.cursor : null) ?? (isStale ? undefined : before);
      services[chosen.name] = {
        ...state,
        last_discover: now,
        ...(owner !== null && { owner }),
        ...(cursor !== undefined && { cursor }),
      };
    }
    return { ...state, services };
  }

  /** Remembers what was taken down, once it is committed or was there already. */
  async remember(): Promise<void> {
    for (const { known } of this.#read) await known.remember();
  }

  /** What is told of each account. */
  results(): readonly ReadAccount[] {
    return this.#read.map(({ chosen, source }) => {
      const { error, cursor, owner: _, ...counts } = source.told;
      return {
        service: chosen.name,
        provider: chosen.provider,
        ...counts,
        whole: error === null && cursor !== null,
      };
    });
  }

  async close(run: Run): Promise<void> {
    // What cannot be ended there ends by itself; it is no failure of what was read.
    for (const open of this.#open) await open.close({ signal: run.signal }).catch(() => {});
  }
}
