import { openControlPlane } from "./control/git-control-plane.js";
import { audit } from "./operations/audit.js";
import { discover } from "./operations/discover.js";
import { doctor } from "./operations/doctor.js";
import { initLibrary as init } from "./operations/init.js";
import { list } from "./operations/list.js";
import { log } from "./operations/log.js";
import type {
  DiscoverOptions,
  ListOptions,
  LogOptions,
  ReplicateOptions,
  ResolveOptions,
  VerifyOptions,
} from "./operations/options.js";
import { replicate } from "./operations/replicate.js";
import { resolve } from "./operations/resolve.js";
import type {
  AuditResult,
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
  VerifyResult,
} from "./operations/results.js";
import { finishInterrupted } from "./operations/session.js";
import { show } from "./operations/show.js";
import { status } from "./operations/status.js";
import { undo } from "./operations/undo.js";
import { verify } from "./operations/verify.js";
import type { Run } from "./ports/phase.js";

/** A library on disk, and everything that can be done with it. Each call is one operation, with its own lock. */
export interface Library {
  discover(options: DiscoverOptions, run: Run): Promise<DiscoverResult>;
  resolve(options: ResolveOptions, run: Run): Promise<ResolveResult>;
  replicate(options: ReplicateOptions, run: Run): Promise<ReplicateResult>;
  verify(options: VerifyOptions, run: Run): Promise<VerifyResult>;
  status(run: Run): Promise<StatusResult>;
  audit(run: Run): Promise<AuditResult>;
  log(options: LogOptions, run: Run): Promise<LogResult>;
  undo(operation: string | undefined, options: { readonly dryRun: boolean }, run: Run): Promise<UndoResult>;
  show(photo: string, run: Run): Promise<ShowResult>;
  list(options: ListOptions, run: Run): Promise<ListResult>;
  doctor(run: Run): Promise<DoctorResult>;
  close(): Promise<void>;
}

/** Makes a library in an empty or missing folder. Throws `init.already-a-library`, `init.not-empty`. */
export const initLibrary = (directory: string, run: Run): Promise<InitResult> => init(directory, run);

/** Opens the library in `directory`. Throws `library.not-a-repository` when it is none. */
export async function openLibrary(directory: string): Promise<Library> {
  const control = await openControlPlane(directory);
  /** Commands that only read still finish what a killed run left, when nobody else is at it. */
  const afterRecovery = async <T>(run: Run, read: () => Promise<T>): Promise<T> => {
    await finishInterrupted(directory, control, run);
    return read();
  };
  return {
    discover: (options, run) => discover(directory, control, options, run),
    resolve: (options, run) => resolve(directory, control, options, run),
    replicate: (options, run) => replicate(directory, control, options, run),
    verify: (options, run) => afterRecovery(run, () => verify(directory, control, options, run)),
    status: (run) => afterRecovery(run, () => status(directory, control, run)),
    audit: (run) => afterRecovery(run, () => audit(directory, control, run)),
    log: (options, run) => afterRecovery(run, () => log(directory, control, options, run)),
    undo: (operation, options, run) => undo(directory, control, operation, options, run),
    show: (photo, run) => afterRecovery(run, () => show(directory, control, photo, run)),
    list: (options, run) => afterRecovery(run, () => list(directory, control, options, run)),
    doctor: (run) => afterRecovery(run, () => doctor(directory, control, run)),
    close: async () => {},
  };
}
