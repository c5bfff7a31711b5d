import type { Run } from "../../../ports/phase.js";
import type { PhotoService, ScanPage } from "../../../ports/photo-service.js";
import type { Finding } from "../../../ports/photo-source.js";
import type { KnownInstances } from "./known-instances.js";
import { goneFinding } from "./live-finding.js";

/** Each one that is missing in a list is asked for by itself; more than these wait for the next run. */
const MOST_ASKED = 500;
const NAMED = 5;

/**
 * What says of known instances that they are gone from their service: those of which it says so, and those that a list of
 * everything left out and that are not there by themselves either, since lists may lag.
 */
export async function* goneFrom(
  { service, known }: { readonly service: PhotoService; readonly known: KnownInstances },
  { gone, isWhole }: Extract<ScanPage, { kind: "end" }>,
  notes: string[],
  run: Run,
): AsyncGenerator<Finding> {
  const named: string[] = [];
  let count = 0;
  const tell = function* (id: string): Generator<Finding> {
    const before = known.get(id);
    if (before === null || before.isGone) return;
    count += 1;
    if (named.length < NAMED) named.push(id);
    yield goneFinding(service.name, id, before);
  };
  for (const id of gone) yield* tell(id);
  if (isWhole) {
    const said = new Set(gone);
    let asked = 0;
    for await (const id of known.unseen()) {
      if (said.has(id)) continue;
      asked += 1;
      if (asked > MOST_ASKED) {
        notes.push(`${service.name}: more photos are missing there; the next --full-scan asks for them.`);
        break;
      }
      if ((await service.read(id, run)) === null) yield* tell(id);
    }
  }
  if (count > 0) {
    notes.push(
      `${service.name}: ${count} photos are no longer there (${named.join(", ")}${count > NAMED ? ", …" : ""}); they stay in the library.`,
    );
  }
}
