import { type Choice, type Fate, type InodeId, type Operation, unsyncedAt } from "./model.js";
import { below, pick, type Random } from "./random.js";

/** How the part of the unsynced operations that survives was chosen; for the report. */
export type Style =
  | "all"
  | "nothing"
  | "one-name-lost"
  | "one-name-kept"
  | "one-file-torn"
  | "one-file-kept"
  | "journal-order"
  | "folder-order"
  | "any";

const STYLES: readonly Style[] = [
  "all",
  "nothing",
  "one-name-lost",
  "one-name-kept",
  "one-file-torn",
  "one-file-kept",
  "journal-order",
  "folder-order",
  "any",
];

/** A way for the cut to end, in one of the styles. */
export function choose(
  operations: readonly Operation[],
  cut: number,
  random: Random,
  style: Style = pick(random, STYLES),
): { readonly style: Style; readonly choice: Choice } {
  const { names, contents } = unsyncedAt(operations, cut);
  const files = [...contents.keys()];
  const fateOfAll = (fate: (file: InodeId) => Fate) => new Map(files.map((file) => [file, fate(file)]));
  const fate = (file: InodeId): Fate => anyFate(operations, contents.get(file) ?? [], random);
  const chosen = (lostNames: Iterable<number>, fates: ReadonlyMap<InodeId, Fate>) => ({
    style,
    choice: { cut, lostNames: new Set(lostNames), fates },
  });
  const mixed = () => fateOfAll((file) => (random() < 0.4 ? { kind: "whole" } : fate(file)));
  switch (style) {
    case "all":
      return chosen([], new Map());
    case "nothing":
      return chosen(
        names,
        fateOfAll(() => ({ kind: "none" })),
      );
    case "one-name-lost":
      return chosen(names.length === 0 ? [] : [pick(random, names)], new Map());
    case "one-name-kept": {
      const kept = names.length === 0 ? -1 : pick(random, names);
      return chosen(
        names.filter((name) => name !== kept),
        random() < 0.5 ? new Map() : fateOfAll(fate),
      );
    }
    case "one-file-torn": {
      if (files.length === 0) return chosen([], new Map());
      const torn = pick(random, files);
      return chosen([], new Map([[torn, fate(torn)]]));
    }
    case "one-file-kept": {
      const kept = files.length === 0 ? -1 : pick(random, files);
      return chosen(
        [],
        fateOfAll((file) => (file === kept ? { kind: "whole" } : fate(file))),
      );
    }
    case "journal-order":
      return chosen(names.slice(below(random, names.length + 1)), mixed());
    case "folder-order":
      return chosen(lostByFolder(operations, names, random), mixed());
    case "any": {
      const share = random();
      return chosen(
        names.filter(() => random() < share),
        mixed(),
      );
    }
  }
}

/** In each folder the last so many names are lost; folders are independent of each other. */
function lostByFolder(
  operations: readonly Operation[],
  names: readonly number[],
  random: Random,
): readonly number[] {
  const byFolder = new Map<InodeId, number[]>();
  for (const index of names) {
    const operation = operations[index];
    if (operation === undefined || !("place" in operation)) continue;
    const list = byFolder.get(operation.place.folder) ?? [];
    list.push(index);
    byFolder.set(operation.place.folder, list);
  }
  return [...byFolder.values()].flatMap((list) => list.slice(below(random, list.length + 1)));
}

function anyFate(operations: readonly Operation[], writes: readonly number[], random: Random): Fate {
  const kind = pick(random, ["none", "length", "prefix", "sectors"] as const);
  if (kind === "none" || kind === "length") return { kind };
  if (kind === "sectors") {
    const toss = new Map<number, boolean>();
    return {
      kind,
      keep(sector) {
        const kept = toss.get(sector) ?? random() < 0.5;
        toss.set(sector, kept);
        return kept;
      },
    };
  }
  const end = writes.reduce((most, index) => {
    const operation = operations[index];
    return operation?.kind === "write" ? Math.max(most, operation.at + operation.bytes.length) : most;
  }, 0);
  return { kind, bytes: below(random, end + 1) };
}
