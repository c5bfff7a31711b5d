import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { type GitControlPlane, openControlPlane } from "../../../src/control/git-control-plane.js";
import { photoEdit } from "../../../src/control/records.js";
import { PhotosyncError } from "../../../src/domain/errors.js";
import { discover } from "../../../src/operations/discover.js";
import { operationsOf } from "../../../src/operations/log.js";
import { replicate } from "../../../src/operations/replicate.js";
import { resolve } from "../../../src/operations/resolve.js";
import type { OperationSummary, UndoResult } from "../../../src/operations/results.js";
import { undo } from "../../../src/operations/undo.js";
import type { Run } from "../../../src/ports/phase.js";
import { plainSurroundings } from "../../fakes/plain-surroundings.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { jpegFile, xmpPacket } from "../../fixtures/media/jpeg-file.js";
import { gitEnvironment } from "../../unit/control/native-git.js";
import { makeLibrary, pathOf, type TestLibrary } from "../../unit/operations/library.js";

/** What an owner does with a library in the course of time. */
export type Deed =
  | { readonly kind: "discover"; readonly pictures: readonly number[]; readonly rated: readonly number[] }
  | { readonly kind: "resolve" | "replicate" | "redo" }
  | { readonly kind: "edit" | "date"; readonly which: number; readonly word: number }
  | { readonly kind: "undo"; readonly which: number };

const few = fc.uniqueArray(fc.nat(3), { maxLength: 3 });

export const deeds: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("discover" as const), pictures: few, rated: few }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom("resolve" as const, "replicate" as const, "redo" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("edit" as const, "date" as const),
      which: fc.nat(3),
      word: fc.nat(2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("undo" as const), which: fc.nat(9) }) },
);

/** What came of an undo, or of its dry run: what it told, or the code and advice of its refusal. */
export type Taken =
  | { readonly kind: "told"; readonly result: UndoResult }
  | { readonly kind: "refused"; readonly code: string; readonly next: readonly string[] };

/** A library that is worked with by the program's own operations, its store on its own disk, its pictures in one folder. */
export class WorkingLife {
  readonly library: TestLibrary;
  private readonly pictures: string;
  private seconds = 0;
  private isTimeStill = false;

  constructor(library: TestLibrary) {
    this.library = library;
    this.pictures = join(library.root, "pictures");
    mkdirSync(this.pictures, { recursive: true });
  }

  /** From now on every run begins at the same instant, so that equal work gives equal documents. */
  holdTime(): void {
    this.isTimeStill = true;
  }

  private run(): Run {
    if (!this.isTimeStill) this.seconds += 1;
    const now = new Date(Date.UTC(2026, 0, 1) + this.seconds * 1000).toISOString().replace(".000Z", "Z");
    return { ...quietRun(), clock: { now: () => now } };
  }

  async discover(): Promise<void> {
    const { root, control } = this.library;
    const options = { paths: [this.pictures], include: [], exclude: [], hidden: false };
    const result = await discover(root, control, { ...options, fullScan: false, dryRun: false }, this.run());
    if (result.failures.length > 0) throw new Error(JSON.stringify(result.failures));
  }

  /** Adds pictures to the folder, and ratings beside some. */
  fill(pictures: readonly number[], rated: readonly number[]): void {
    for (const number of pictures)
      writeFileSync(join(this.pictures, `${number}.jpg`), jpegFile({ trailer: Buffer.from([number]) }));
    for (const number of rated) {
      const rating = `xmp:Rating="${1 + ((number + this.seconds) % 5)}"`;
      writeFileSync(join(this.pictures, `${number}.jpg.xmp`), xmpPacket("", rating));
    }
  }

  async happen(deed: Deed): Promise<void> {
    const { root, control } = this.library;
    switch (deed.kind) {
      case "discover":
        this.fill(deed.pictures, deed.rated);
        return this.discover();
      case "resolve":
        await resolve(root, control, { autoResolve: "simple", dryRun: false }, this.run());
        return;
      case "replicate":
        await replicate(root, control, { mode: "do", to: [], surroundings: plainSurroundings }, this.run());
        return;
      case "edit":
      case "date": {
        const documents = [...(await this.library.documents()).values()];
        const known = documents[deed.which % Math.max(1, documents.length)];
        if (known === undefined) return;
        const words =
          deed.kind === "edit"
            ? { caption: `word ${deed.word}` }
            : { taken_date: `201${deed.word}-05-06T07:08:09` };
        const edited = { ...known, metadata: { ...known.metadata, ...words } };
        const gone = pathOf(known) === pathOf(edited) ? [] : [{ path: pathOf(known), bytes: null }];
        if (JSON.stringify(edited) !== JSON.stringify(known))
          await this.library.commit([...gone, photoEdit(pathOf(edited), edited)], "by hand\n");
        return;
      }
      case "undo": {
        const standing = await this.standing();
        const target = standing[deed.which % Math.max(1, standing.length)];
        if (target !== undefined) await this.undo(target.revision);
        return;
      }
      case "redo": {
        const target = (await this.operations()).find(
          (each) => each.command === "undo" && each.undone_by === null,
        );
        if (target !== undefined) await this.undo(target.revision);
      }
    }
  }

  operations(): Promise<readonly OperationSummary[]> {
    return operationsOf(this.library.control, quietRun());
  }

  /** The operations, undos aside, whose changes are in force, newest first; the library's beginning left out. */
  async standing(): Promise<readonly OperationSummary[]> {
    const all = await this.operations();
    return all.slice(0, -1).filter((each) => each.command !== "undo" && each.undone_by === null);
  }

  async undo(operation: string, dryRun = false): Promise<Taken> {
    const { root, control } = this.library;
    try {
      return { kind: "told", result: await undo(root, control, operation, { dryRun }, this.run()) };
    } catch (error) {
      if (!(error instanceof PhotosyncError) || !error.code.startsWith("undo.")) throw error;
      return { kind: "refused", code: error.code, next: error.next };
    }
  }

  /** Git's id of all that is committed. */
  async tree(): Promise<string | null> {
    return this.library.control.treeId(await this.library.control.head(), "");
  }

  end(): void {
    this.library.end();
  }
}

/** A new library in which these deeds were done. */
export async function livedThrough(all: readonly Deed[]): Promise<WorkingLife> {
  const life = new WorkingLife(await makeLibrary());
  for (const deed of all) await life.happen(deed);
  return life;
}

/** A second control plane on a copy of a library, with what removes the copy. */
export async function copyOf(life: WorkingLife): Promise<{
  readonly root: string;
  readonly control: GitControlPlane;
  end(): void;
}> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "photosync-library-")));
  cpSync(life.library.root, root, { recursive: true, preserveTimestamps: true });
  const control = await openControlPlane(root, { environment: gitEnvironment });
  return {
    root,
    control,
    end() {
      control.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
