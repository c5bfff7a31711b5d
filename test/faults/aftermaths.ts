import type { FaultTarget, Trouble } from "./fault-target.js";
import type { EarlierFault } from "./preload/settings.mjs";
import { staticSites } from "./static-sites.js";

/** A call by its file, a part of its line, and what it does; where more lines have that part, the first. */
interface Call {
  readonly file: string;
  readonly part: string;
  readonly kind: string;
}

/** A call that a run comes to only where another one failed, and what goes wrong with each. */
interface Aftermath {
  readonly stage: string;
  readonly earlier: Call & Pick<EarlierFault, "fault">;
  readonly target: Call;
  readonly troubles: readonly Trouble[];
}

const LOOSE = "control/loose-objects.js";
const DURABLE = "infra/durable-file.js";
const ASIDE = "stores/set-aside.js";
const PACK = "control/pack-writer.js";

const AFTERMATHS: readonly Aftermath[] = [
  {
    stage: "discover a folder",
    earlier: { file: LOOSE, part: "handle.sync()", kind: "sync", fault: "EIO" },
    target: { file: LOOSE, part: "rm(temp", kind: "rm" },
    troubles: ["EIO", "EACCES"],
  },
  {
    stage: "discover a folder",
    earlier: { file: DURABLE, part: "handle.sync()", kind: "sync", fault: "ENOSPC" },
    target: { file: DURABLE, part: "handle?.close().catch", kind: "close" },
    troubles: ["EIO"],
  },
  {
    stage: "discover a folder",
    earlier: { file: DURABLE, part: "rename(temp", kind: "rename", fault: "EIO" },
    target: { file: DURABLE, part: "rm(temp", kind: "rm" },
    troubles: ["EIO", "EACCES"],
  },
  {
    stage: "discover many",
    earlier: { file: PACK, part: "packHeader(this.#count)", kind: "write", fault: "EIO" },
    target: { file: PACK, part: "closeSync(file)", kind: "close" },
    troubles: ["EIO"],
  },
  {
    stage: "replicate",
    earlier: { file: ASIDE, part: "disk.link(from, to)", kind: "link", fault: "ENOENT" },
    target: { file: ASIDE, part: "disk.lstat(path).then", kind: "stat" },
    troubles: ["EIO", "EACCES"],
  },
  {
    stage: "verify with repair",
    earlier: { file: ASIDE, part: "disk.link(path, aside)", kind: "link", fault: "EACCES" },
    target: { file: ASIDE, part: `disk.open(aside, "wx")`, kind: "open" },
    troubles: ["EIO", "EACCES", "EMFILE", "ENOSPC"],
  },
];

/** The call sites of a stage that are come to only after another failure; throws where the program has no such line any more. */
export function aftermathsOf(stage: string): readonly FaultTarget[] {
  return AFTERMATHS.filter((each) => each.stage === stage).flatMap(({ earlier, target, troubles }) =>
    troubles.map((trouble) => ({
      site: siteOf(target),
      kind: target.kind,
      occurrence: 1,
      trouble,
      earlier: { site: siteOf(earlier), kind: earlier.kind, fault: earlier.fault },
    })),
  );
}

function siteOf({ file, part }: Call): string {
  for (const [site, line] of staticSites())
    if (site.startsWith(`${file}:`) && line.includes(part)) return site;
  throw new Error(`no call in ${file} has "${part}"`);
}
