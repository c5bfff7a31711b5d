import { openControlPlane } from "./control/git-control-plane.js";
import type { ConnectResult, DisconnectResult } from "./operations/account-results.js";
import type { ConnectOptions } from "./operations/connect.js";
import type { DisconnectOptions } from "./operations/disconnect.js";
import type { DoctorOptions } from "./operations/doctor.js";
import type { EstimateOptions, EstimateResult } from "./operations/estimate.js";
import type { ForgetOptions } from "./operations/forget.js";
import type { ForgetResult } from "./operations/forget-results.js";
import type { StoreSurroundings } from "./operations/open-stores.js";
import type {
  AuditOptions,
  DiscoverOptions,
  ListOptions,
  LogOptions,
  RecoverOptions,
  ReplicateOptions,
  ResolveOptions,
  RestoreOptions,
  VerifyOptions,
} from "./operations/options.js";
import type { RecoverResult, RestoreResult } from "./operations/restore-results.js";
import type {
  DiscoverResult,
  DoctorResult,
  InitResult,
  ListResult,
  LogResult,
  ReplicateResult,
  ResolveResult,
  ShowResult,
  StatusResult,
  UndoResult,
} from "./operations/results.js";
import { finishInterrupted } from "./operations/session.js";
import type { SetVisibilityOptions } from "./operations/set-visibility.js";
import type { Sitting, SittingOutcome } from "./operations/sitting.js";
import type { AddStoreOptions } from "./operations/stores/new-store.js";
import type { RekeyStoreOptions } from "./operations/stores/rekey-store.js";
import type { RemoveStoreOptions } from "./operations/stores/remove-store.js";
import type {
  StoreAddResult,
  StoreListResult,
  StorePolicyResult,
  StoreRekeyResult,
  StoreRemoveResult,
  StoreTestResult,
} from "./operations/stores/store-results.js";
import type { VerifyResult } from "./operations/verify-result.js";
import type { AuditResult, VisibilitySetResult } from "./operations/visibility-results.js";
import type { Run } from "./ports/phase.js";

/** A library on disk, and everything that can be done with it. Each call is one operation, with its own lock. */
export interface Library {
  connect(options: ConnectOptions, run: Run): Promise<ConnectResult>;
  disconnect(options: DisconnectOptions, run: Run): Promise<DisconnectResult>;
  discover(options: DiscoverOptions, run: Run): Promise<DiscoverResult>;
  resolve(options: ResolveOptions, run: Run): Promise<ResolveResult>;
  /** Every open question, as the text of a file of decisions to be filled in. */
  exportConflicts(run: Run): Promise<{ readonly text: string; readonly questions: number }>;
  /** Puts what is open to a person, and records what they decided. Throws `resolve.sitting-open` (busy). */
  sit<End extends string>(
    options: ResolveOptions,
    use: (sitting: Sitting) => Promise<End>,
    run: Run,
  ): Promise<SittingOutcome<End>>;
  replicate(options: ReplicateOptions, run: Run): Promise<ReplicateResult>;
  verify(options: VerifyOptions, run: Run): Promise<VerifyResult>;
  status(run: Run): Promise<StatusResult>;
  audit(options: AuditOptions, run: Run): Promise<AuditResult>;
  setVisibility(options: SetVisibilityOptions, run: Run): Promise<VisibilitySetResult>;
  estimate(options: EstimateOptions, run: Run): Promise<EstimateResult>;
  forget(options: Omit<ForgetOptions, "surroundings">, run: Run): Promise<ForgetResult>;
  log(options: LogOptions, run: Run): Promise<LogResult>;
  undo(operation: string | undefined, options: { readonly dryRun: boolean }, run: Run): Promise<UndoResult>;
  show(photo: string, run: Run): Promise<ShowResult>;
  list(options: ListOptions, run: Run): Promise<ListResult>;
  restore(options: RestoreOptions, run: Run): Promise<RestoreResult>;
  doctor(options: DoctorOptions, run: Run): Promise<DoctorResult>;
  addStore(options: AddStoreOptions, run: Run): Promise<StoreAddResult>;
  listStores(
    options: { readonly check: boolean; readonly surroundings: StoreSurroundings },
    run: Run,
  ): Promise<StoreListResult>;
  testStores(names: readonly string[], surroundings: StoreSurroundings, run: Run): Promise<StoreTestResult>;
  removeStore(options: RemoveStoreOptions, run: Run): Promise<StoreRemoveResult>;
  /** Locks an encrypted store's key anew. */
  rekeyStore(options: RekeyStoreOptions, run: Run): Promise<StoreRekeyResult>;
  /** The least IAM policy for a store of the library. */
  storePolicy(name: string): Promise<StorePolicyResult>;
  close(): Promise<void>;
}

/** Makes a library in an empty or missing folder. Throws `init.already-a-library`, `init.not-empty`. */
export async function initLibrary(directory: string, run: Run): Promise<InitResult> {
  const { initLibrary: init } = await import("./operations/init.js");
  return init(directory, run);
}

/** Makes a library from nothing but a store; see `recover`. */
export async function recoverLibrary(options: RecoverOptions, run: Run): Promise<RecoverResult> {
  const { recover } = await import("./operations/recover.js");
  return recover(options, run);
}

/** Opens the library in `directory`; without surroundings, stores beyond this computer's disks are out of its reach. Throws `library.not-a-repository` when it is none. */
export async function openLibrary(directory: string, surroundings?: StoreSurroundings): Promise<Library> {
  const control = await openControlPlane(directory);
  /** Commands that only read still finish what a killed run left, when nobody else is at it. */
  const afterRecovery = async <T>(run: Run, read: () => Promise<T>): Promise<T> => {
    await finishInterrupted(directory, control, run);
    return read();
  };
  // Each operation is loaded when it is asked for: `status` needs no reader of archives.
  return {
    connect: async (options, run) => {
      const { connect } = await import("./operations/connect.js");
      return connect(directory, control, options, run);
    },
    disconnect: async (options, run) => {
      const { disconnect } = await import("./operations/disconnect.js");
      return disconnect(directory, options, run);
    },
    discover: async (options, run) => {
      const { discover } = await import("./operations/discover.js");
      return discover(directory, control, options, run);
    },
    resolve: async (options, run) => {
      const { resolve } = await import("./operations/resolve.js");
      return resolve(directory, control, options, run);
    },
    exportConflicts: async (run) => {
      const { exportConflicts } = await import("./operations/export-conflicts.js");
      return exportConflicts(directory, control, run);
    },
    sit: async (options, use, run) => {
      const { sit } = await import("./operations/sitting.js");
      return sit(directory, control, options, use, run);
    },
    replicate: async (options, run) => {
      const { replicate } = await import("./operations/replicate.js");
      return replicate(directory, control, options, run);
    },
    undo: async (operation, options, run) => {
      const { undo } = await import("./operations/undo.js");
      return undo(directory, control, operation, options, run);
    },
    verify: (options, run) =>
      afterRecovery(run, async () => {
        const { verify } = await import("./operations/verify.js");
        return verify(directory, control, { ...options, ...(surroundings && { surroundings }) }, run);
      }),
    status: (run) =>
      afterRecovery(run, async () => {
        const { status } = await import("./operations/status.js");
        return status(directory, control, run, surroundings);
      }),
    audit: (options, run) =>
      afterRecovery(run, async () => {
        const { audit } = await import("./operations/audit.js");
        return audit(directory, control, options, run);
      }),
    setVisibility: async (options, run) => {
      const { setVisibility } = await import("./operations/set-visibility.js");
      return setVisibility(directory, control, options, run);
    },
    estimate: (options, run) =>
      afterRecovery(run, async () => {
        const { estimate } = await import("./operations/estimate.js");
        return estimate(directory, control, options, run);
      }),
    forget: async (options, run) => {
      const { forget } = await import("./operations/forget.js");
      return forget(directory, control, { ...options, ...(surroundings && { surroundings }) }, run);
    },
    log: (options, run) =>
      afterRecovery(run, async () => {
        const { log } = await import("./operations/log.js");
        return log(directory, control, options, run);
      }),
    show: (photo, run) =>
      afterRecovery(run, async () => {
        const { show } = await import("./operations/show.js");
        return show(directory, control, photo, run);
      }),
    list: (options, run) =>
      afterRecovery(run, async () => {
        const { list } = await import("./operations/list.js");
        return list(directory, control, options, run);
      }),
    restore: (options, run) =>
      afterRecovery(run, async () => {
        const { restore } = await import("./operations/restore.js");
        return restore(directory, control, { ...options, ...(surroundings && { surroundings }) }, run);
      }),
    doctor: (options, run) =>
      afterRecovery(run, async () => {
        const { doctor } = await import("./operations/doctor.js");
        return doctor(directory, control, options, run);
      }),
    addStore: async (options, run) => {
      const { addStore } = await import("./operations/stores/add-store.js");
      return addStore(directory, control, options, run);
    },
    listStores: (options, run) =>
      afterRecovery(run, async () => {
        const { listStores } = await import("./operations/stores/list-stores.js");
        return listStores(directory, control, options, run);
      }),
    testStores: async (names, around, run) => {
      const { testStores } = await import("./operations/stores/test-stores.js");
      return testStores(directory, names, around, run);
    },
    removeStore: async (options, run) => {
      const { removeStore } = await import("./operations/stores/remove-store.js");
      return removeStore(directory, control, options, run);
    },
    rekeyStore: async (options, run) => {
      const { rekeyStore } = await import("./operations/stores/rekey-store.js");
      return rekeyStore(directory, options, run);
    },
    storePolicy: async (name) => {
      const { libraryPolicy } = await import("./operations/stores/library-policy.js");
      return libraryPolicy(directory, name);
    },
    close: async () => control.close(),
  };
}
