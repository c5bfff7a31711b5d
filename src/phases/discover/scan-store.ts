import { createHash } from "node:crypto";
import { IndexWrites } from "../../control/index-writes.js";
import type { LocalIndex } from "../../control/local-index.js";
import type { Finding, SourceEntry } from "../../ports/photo-source.js";
import type { ScanMemory } from "./examine.js";

/** LMDB keys end at 1,978 bytes; paths need not. */
const LONGEST_KEY = 800;

const placeKey = (entry: SourceEntry): string => {
  const text = `${entry.location.path}\0${entry.location.entry ?? ""}`;
  return text.length <= LONGEST_KEY / 3 ? text : createHash("sha256").update(text).digest("hex");
};

/** Keeps what `examine` learns in the local index. */
export function scanMemory(index: LocalIndex): ScanMemory {
  const writes = new IndexWrites(index);
  return {
    recall(entry) {
      const known = index.files.get(placeKey(entry));
      if (known === undefined || known.stamp !== entry.stamp) return null;
      const { examined } = known;
      if (examined.kind === "media" && !index.readings.doesExist(examined.hash)) return null;
      if ((examined.kind === "json" || examined.kind === "xmp") && !index.small.doesExist(examined.hash))
        return null;
      return { ...examined, location: entry.location, name: entry.name };
    },
    remember(entry, { location: _location, name: _name, ...examined }) {
      writes.put(index.files, placeKey(entry), { stamp: entry.stamp, examined });
    },
    keepReading: (hash, reading) => writes.put(index.readings, hash, reading),
    keepSmall: (hash, bytes) => writes.put(index.small, hash, bytes),
    settled: () => writes.settled(),
  };
}

/** This run's findings, on disk, numbered in the order they came. */
export interface FindingLog {
  add(finding: Finding): number;
  /** Throws for a finding that was never logged, or not `settled` yet. */
  get(id: number): Finding;
  /** Resolves when all findings so far can be read back. */
  settled(): Promise<void>;
}

/** Starts an empty finding log in the index; the log of an earlier run is dropped. */
export function findingLog(index: LocalIndex): FindingLog {
  index.findings.clearSync();
  const writes = new IndexWrites(index);
  let next = 0;
  return {
    add(finding) {
      const id = next++;
      writes.put(index.findings, id, finding);
      return id;
    },
    get(id) {
      const finding = index.findings.get(id);
      if (finding === undefined) throw new Error(`finding ${id} was never logged`);
      return finding;
    },
    settled: () => writes.settled(),
  };
}
