import type { ChildProcess } from "node:child_process";
import type { World } from "./world.js";

/** One run of the real program in a case, and what must come of it. */
export interface ProgramRun {
  /** Words of the command line; `{in}` stands for the folder of inputs, `{library}` for the library. */
  readonly args: readonly string[];
  /** The exit code; several where chance decides. */
  readonly exit: number | readonly number[];
  /** How often each code comes in `failures` or as the `error`; none unless told. */
  readonly codes?: Readonly<Record<string, number>>;
  /** Codes that may come in addition, where chance decides. */
  readonly maybe?: readonly string[];
  /** Without `--json`, which is added otherwise. */
  readonly asText?: boolean;
  /** Added to the environment; null takes a variable out of it. */
  readonly environment?: Readonly<Record<string, string | null>>;
  /** Where stdout goes: gathered unless told, or to a reader that leaves at once. */
  readonly stdout?: "reader-leaves";
  readonly stderr?: "reader-leaves";
  /** Whether Node's own memory is held to 512 MB: true unless told. */
  readonly smallHeap?: boolean;
  /** Done before the program starts. */
  readonly before?: (world: World) => Promise<void>;
  /** Done while it runs; whatever it begins ends with it. */
  readonly meanwhile?: (program: ChildProcess, world: World) => Promise<void>;
  /** Further rules: what is broken, in words. */
  readonly check?: (world: World, printed: unknown) => readonly string[] | Promise<readonly string[]>;
}

/** One kind of bad input: how it is made, and every command that meets it. */
export interface GalleryCase {
  /** What is bad, as the table names it. */
  readonly name: string;
  /** The library at the start: new unless told, or one with photos that are resolved and stored, or none. */
  readonly library?: "new" | "settled" | "none";
  /** Takes minutes or gigabytes: only in `npm run gallery -- --heavy`. */
  readonly isHeavy?: boolean;
  /** The case breaks the repository itself, so that Git's own checks say nothing of photosync. */
  readonly breaksGit?: boolean;
  readonly build: (world: World) => Promise<void>;
  readonly runs: readonly ProgramRun[];
}

/** Thrown by a case that this system or this user cannot make, with why; the table shows it. */
export class NotPossibleHere extends Error {}
