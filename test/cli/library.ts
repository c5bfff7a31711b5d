import { readdirSync, readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject } from "vitest";
import type { SyncState } from "../../src/control/config.js";
import type { Failure } from "../../src/domain/errors.js";
import type { PhotoDocument } from "../../src/domain/photo.js";
import type { ConnectResult, DisconnectResult } from "../../src/operations/account-results.js";
import type { EstimateResult } from "../../src/operations/estimate.js";
import type { RestoreResult } from "../../src/operations/restore-results.js";
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
} from "../../src/operations/results.js";
import type {
  StoreAddResult,
  StoreListResult,
  StorePolicyResult,
  StoreRekeyResult,
  StoreRemoveResult,
  StoreTestResult,
} from "../../src/operations/stores/store-results.js";
import type { VerifyResult } from "../../src/operations/verify-result.js";
import type { AuditResult, VisibilitySetResult } from "../../src/operations/visibility-results.js";
import { resultErrors } from "../fixtures/result-schema.js";
import { type Environment, git, gitFsck, gitStatus, photosync } from "./run-program.js";

interface Results {
  init: InitResult;
  connect: ConnectResult;
  disconnect: DisconnectResult;
  discover: DiscoverResult;
  resolve: ResolveResult;
  replicate: ReplicateResult;
  verify: VerifyResult;
  restore: RestoreResult;
  status: StatusResult;
  audit: AuditResult;
  log: LogResult;
  undo: UndoResult;
  show: ShowResult;
  list: ListResult;
  doctor: DoctorResult;
  estimate: EstimateResult;
  "visibility set": VisibilitySetResult;
  "store add": StoreAddResult;
  "store list": StoreListResult;
  "store test": StoreTestResult;
  "store remove": StoreRemoveResult;
  "store policy": StorePolicyResult;
  "store rekey": StoreRekeyResult;
}
export type CommandName = keyof Results;

/** What a command printed for `--json`; the schema of `schemas/results/` has been checked. */
export type Printed<C extends CommandName> = Results[C] & {
  readonly ok: boolean;
  readonly error?: { readonly code: string; readonly hint: string; readonly exit: number };
};

export type Answer<C extends CommandName> = Printed<C> & { readonly exit: number | null };

/** A library on disk as its owner and a sceptic see it: each command is followed by what native Git says. */
export class Library {
  readonly path: string;
  readonly #environment: Environment;
  /** What the owner has left lying about, as `git status --porcelain` lists it. */
  ownersChanges = "";

  constructor(path: string, environment: Environment = {}) {
    this.path = path;
    this.#environment = environment;
  }

  /** A new library at `path`, copied from one that the program has made. */
  static async fresh(path: string, environment: Environment = {}): Promise<Library> {
    const exact = { recursive: true, preserveTimestamps: true };
    await cp(inject("newLibrary"), path, exact);
    return new Library(path, environment);
  }

  /** Makes a new library at `path` with the program. */
  static async init(path: string, environment: Environment = {}): Promise<Library> {
    const library = new Library(path, environment);
    const { exit, stdout } = await photosync(["init", path, "--json"], environment);
    const printed: unknown = JSON.parse(stdout);
    expect(resultErrors("init", printed)).toEqual([]);
    expect(exit).toBe(0);
    library.#expectWhole();
    expect(library.commits()).toBe(1);
    return library;
  }

  /**
   * Runs a command with `--json` and expects what holds after every command: the result obeys its schema, each failure names
   * subject, code and hint, Git finds the repository whole and the working tree as the owner left it, and there is
   * one more commit exactly when the result names one.
   */
  async run<C extends CommandName>(command: C, ...args: readonly string[]): Promise<Answer<C>> {
    const commits = this.commits();
    const { exit, stdout, stderr } = await photosync(
      [...command.split(" "), ...args, "--json", "--library", this.path],
      this.#environment,
    );
    let printed: Printed<C>;
    try {
      printed = JSON.parse(stdout);
    } catch {
      throw new Error(`${command} printed no JSON: ${stdout}\n${stderr}`);
    }
    expect(resultErrors(command, printed)).toEqual([]);
    expect(printed.ok).toBe(exit === 0);
    if (printed.error === undefined) {
      for (const failure of printed.failures) expectHelpful(failure);
    } else expect(printed.error).toMatchObject({ exit, hint: expect.stringMatching(/\S/) });
    this.#expectWhole();
    const made = printed.error === undefined && printed.commit !== null;
    expect([command, this.commits() - commits]).toEqual([command, made ? 1 : 0]);
    if (made) expect(this.head()).toBe(printed.commit);
    return Object.assign(printed, { exit });
  }

  #expectWhole(): void {
    expect(gitStatus(this.path)).toBe(this.ownersChanges);
    expect(gitFsck(this.path)).toBe("");
  }

  head(): string {
    return git(this.path, "rev-parse", "HEAD");
  }

  /** The id of everything that is committed; equal for equal libraries. */
  tree(): string {
    return git(this.path, "rev-parse", "HEAD^{tree}");
  }

  commits(): number {
    return Number(git(this.path, "rev-list", "--count", "HEAD"));
  }

  /** Every photo document in the working tree, by path, sorted. */
  documents(): ReadonlyMap<string, PhotoDocument> {
    const paths = readdirSync(join(this.path, "photos"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".json"))
      .map((name) => `photos/${name}`)
      .sort();
    return new Map(paths.map((path) => [path, this.documentAt(path)]));
  }

  documentAt(path: string): PhotoDocument {
    const document: PhotoDocument = JSON.parse(readFileSync(join(this.path, path), "utf8"));
    return document;
  }

  syncState(): SyncState {
    const state: SyncState = JSON.parse(readFileSync(join(this.path, "config", "sync-state.json"), "utf8"));
    return state;
  }

  /** The one photo whose file is named so, with the path of its document. */
  photo(filename: string): { readonly path: string; readonly document: PhotoDocument } {
    const found = [...this.documents()].filter(([, document]) => document.metadata.filename === filename);
    expect(found.map(([path]) => path)).toHaveLength(1);
    const [path, document] = found[0] ?? expect.unreachable();
    return { path, document };
  }
}

function expectHelpful(failure: Failure): void {
  expect(failure.subject).not.toBe("");
  expect(failure.code).toMatch(/^[a-z-]+\.[a-z0-9-]+$/);
  expect(failure.message).not.toBe("");
  expect(failure.hint).not.toBe("");
}
