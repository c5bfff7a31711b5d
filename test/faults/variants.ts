import type { OddSources } from "./odd-sources.js";
import {
  cutPower,
  keepLinkToLibrary,
  keepNoteInLibrarysPlace,
  keepPictureInStore,
  leaveUnfinished,
  obstructIndex,
  putFolderInBlobsPlace,
  refreshIndex,
  rewriteIndexAllTheTime,
  tearJournal,
  useRepositoryElsewhere,
} from "./planted.js";
import { json, type Recipe, recipes, type STAGE_NAMES } from "./recipes.js";
import type { Sources } from "./sources.js";

type Name = (typeof STAGE_NAMES)[number];

/** Runs that come to call sites where the plain life of a library does not, by the command that they are tried before. */
function variants({
  many,
  tgz,
  cutZip,
  unpacked,
  single,
}: OddSources): Readonly<Partial<Record<Name, Recipe[]>>> {
  const aside = { isAside: true } as const;
  const replicate = json("replicate", "--execute");
  const repair = json("verify", "--deep", "--repair");
  const beside = (library: string) => json("discover", `${library}/../beside`)(library);
  const inStore = (library: string) => json("discover", `${library}/../second`)(library);
  return {
    init: [
      {
        ...aside,
        ...{ name: "init where something lies", args: (library) => ["init", library, "--json"] },
        ...{ prepare: keepNoteInLibrarysPlace, exits: [2] },
      },
    ],
    "discover a folder": [
      { ...aside, name: "init once more", args: (library) => ["init", library, "--json"], exits: [2] },
      { ...aside, name: "tell the version", args: () => ["--version"], tells: "text" },
    ],
    "discover a Takeout": [{ ...aside, name: "discover many", args: json("discover", many) }],
    resolve: [
      {
        ...aside,
        ...{ name: "discover odd exports", args: json("discover", tgz, cutZip, unpacked), exits: [3, 10] },
      },
      { ...aside, name: "discover what is known", args: json("discover") },
      { ...aside, name: "resolve after a torn journal", args: json("resolve"), prepare: tearJournal },
    ],
    replicate: [
      { ...aside, name: "doctor", args: json("doctor") },
      { ...aside, name: "list", args: json("list") },
      { ...aside, name: "log", args: json("log") },
      { ...aside, name: "audit", args: json("audit"), exits: [3, 10] },
      {
        ...aside,
        name: "discover beside a link",
        args: beside,
        prepare: keepLinkToLibrary,
        namesPlace: true,
      },
      {
        ...aside,
        name: "discover in a repository elsewhere",
        args: json("discover", single),
        prepare: useRepositoryElsewhere,
      },
      {
        ...aside,
        ...{ name: "replicate, shown beside a writer", args: json("replicate") },
        meanwhile: rewriteIndexAllTheTime,
      },
      { ...aside, name: "replicate, shown", args: json("replicate") },
      { ...aside, name: "replicate after kills", args: replicate, prepare: leaveUnfinished },
      { ...aside, name: "replicate after a power cut", args: replicate, prepare: cutPower },
    ],
    "verify with repair": [
      { ...aside, name: "status", args: json("status"), prepare: obstructIndex },
      {
        ...aside,
        ...{ name: "status where one is", args: () => ["status", "--json"], isInLibrary: true },
        freshen: refreshIndex,
      },
      { ...aside, name: "discover in a store", args: inStore, prepare: keepPictureInStore, namesPlace: true },
      {
        ...aside,
        ...{ name: "verify a folder away", args: repair, prepare: putFolderInBlobsPlace, exits: [14] },
      },
    ],
    // Its library is not the one that the sweep looks at: it comes when the others have had their turn.
    "undo discover": [{ ...aside, name: "demo", args: () => ["demo", single, "--json"] }],
  };
}

/** The plain life of a library, with the variants where they belong. */
export function lifeWithVariants(sources: Sources, odd: OddSources): readonly Recipe[] {
  const more: Readonly<Record<string, readonly Recipe[] | undefined>> = variants(odd);
  return recipes(sources).flatMap((recipe) => [...(more[recipe.name] ?? []), recipe]);
}
