import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { parseOperation } from "./operation-message.js";

const NOTHING_UNDONE: ReadonlyMap<string, string> = new Map();

/**
 * False where a discover was undone after the last one that read the service: the library may lack what the service's cursor vouches
 * for, and only a list of everything brings it back.
 */
export async function cursorHolds(
  control: ControlPlane,
  revision: string,
  service: string,
  run: Run,
): Promise<boolean> {
  for await (const commit of control.history(revision, run)) {
    const { command, summary } = parseOperation(commit, NOTHING_UNDONE);
    if (command === "undo" && /^(?:discover|undo) /.test(summary)) return false;
    const from = / from (.*)$/.exec(command === "discover" ? summary : "")?.[1];
    if (from?.split(", ").includes(service) === true) return true;
  }
  return true;
}
