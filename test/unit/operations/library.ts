import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GitControlPlane, openControlPlane } from "../../../src/control/git-control-plane.js";
import { parsePhoto, photoEdit } from "../../../src/control/records.js";
import { documentPath } from "../../../src/domain/ids.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { initLibrary } from "../../../src/operations/init.js";
import { formatMessage } from "../../../src/operations/operation-message.js";
import type { FileEdit } from "../../../src/ports/control-plane.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { call, commitOk, drop, gitEnvironment } from "../control/native-git.js";

/** A library on disk, and what its head holds. */
export interface TestLibrary {
  readonly root: string;
  readonly control: GitControlPlane;
  /** One operation that turns `before` into `after`; returns its commit. */
  change(before: readonly PhotoDocument[], after: readonly PhotoDocument[]): Promise<string>;
  commit(edits: readonly FileEdit[], message?: string): Promise<string>;
  /** The documents at the head, by path. */
  documents(): Promise<ReadonlyMap<string, PhotoDocument>>;
  end(): void;
}

export const pathOf = (document: PhotoDocument): string =>
  documentPath(document.metadata.taken_date, document.photo_id);

/** An empty library in a temporary folder. */
export async function makeLibrary(): Promise<TestLibrary> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "photosync-library-")));
  await initLibrary(root, quietRun());
  const control = await openControlPlane(root, { environment: gitEnvironment });
  const message = () => formatMessage({ command: "resolve", summary: "a change", runId: "test" });
  const commit = (edits: readonly FileEdit[], text = message()) => commitOk(control, edits, text);
  return {
    root,
    control,
    commit,
    change: (before, after) => {
      const kept = new Set(after.map(pathOf));
      const gone = before.map(pathOf).filter((path) => !kept.has(path));
      return commit([...gone.map(drop), ...after.map((document) => photoEdit(pathOf(document), document))]);
    },
    async documents() {
      const found = new Map<string, PhotoDocument>();
      const head = await control.head();
      for await (const { path, oid } of control.listFiles(head, "photos", call)) {
        const read = parsePhoto(path, await control.readObject(oid));
        if (read.kind !== "ok") throw new Error(`${path} is not valid`);
        found.set(path, read.document);
      }
      return found;
    },
    end() {
      control.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
