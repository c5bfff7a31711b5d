import type { EarlierFault, Fault, LoggedOperation } from "./preload/settings.mjs";
import { shuffled } from "./seeded.js";
import type { Stage } from "./stage.js";

/** What goes wrong: as the layer's faults; "full" is a disk that stays full from then on. */
export type Trouble = Fault | "full";

/** One operation of a stage and what happens to it. */
export interface FaultTarget {
  readonly site: string;
  readonly kind: string;
  /** 1 is the first time that this site does this. */
  readonly occurrence: number;
  readonly trouble: Trouble;
  /** What fails first, where the site is not come to otherwise. */
  readonly earlier?: EarlierFault;
}

const READING: readonly Trouble[] = ["EIO", "EACCES"];
const CHANGING: readonly Trouble[] = ["EIO", "EACCES", "ENOSPC"];
const WRITING: readonly Trouble[] = ["ENOSPC", "EIO", "full"];

/** What the system may answer to each kind of operation. */
const TROUBLES: Readonly<Record<string, readonly Trouble[]>> = {
  open: ["EMFILE", "EACCES", "EIO"],
  read: ["EIO", "short"],
  readv: ["EIO", "short"],
  readFile: ["EIO", "EMFILE", "EACCES"],
  readdir: ["EMFILE", "EACCES", "EIO"],
  close: ["EIO"],
  sync: ["EIO", "ENOSPC"],
  write: [...WRITING, "short"],
  writev: [...WRITING, "short"],
  writeFile: WRITING,
  appendFile: WRITING,
  copyFile: WRITING,
  cp: WRITING,
  mkdir: [...CHANGING, "full"],
  mkdtemp: [...CHANGING, "full"],
  link: CHANGING,
  symlink: CHANGING,
  rename: CHANGING,
  truncate: CHANGING,
  unlink: READING,
  rm: READING,
  rmdir: READING,
  chmod: READING,
  utimes: READING,
};

const troublesOf = ({ kind, change }: LoggedOperation): readonly Trouble[] => [
  ...(TROUBLES[kind] ?? READING),
  ...(kind === "open" && change > 0 ? (["ENOSPC"] as const) : []),
];

/** How often each call site does what in a stage, in the order of their first time. */
function sitesOf(stage: Stage): readonly { readonly first: LoggedOperation; readonly times: number }[] {
  const sites = new Map<string, { first: LoggedOperation; times: number }>();
  for (const operation of stage.operations) {
    const key = siteKey(operation);
    const known = sites.get(key);
    if (known === undefined) sites.set(key, { first: operation, times: 1 });
    else known.times += 1;
  }
  return [...sites.values()];
}

/** Names a call site and what it does. */
export const siteKey = ({ site, kind }: Pick<LoggedOperation, "site" | "kind">): string => `${site} ${kind}`;

/** The first, second, middle and last of so many times: what comes between is the same again. */
const tellingTimes = (times: number): number[] =>
  [...new Set([1, 2, Math.ceil(times / 2), times])].filter((n) => n <= times);

/** Every call site of the stage with every trouble, at each telling time. */
export const everyTarget = (stage: Stage): FaultTarget[] =>
  sitesOf(stage).flatMap(({ first, times }) =>
    troublesOf(first).flatMap((trouble) =>
      tellingTimes(times).map((occurrence) => ({ site: first.site, kind: first.kind, occurrence, trouble })),
    ),
  );

/** What has been tried by now, over all stages: call sites with troubles, and call sites in commands. */
export type Tried = Set<string>;

/**
 * Every call site with every trouble once, at one telling time that the random numbers choose; what is in `tried` has
 * been tried in another stage, and is left out.
 */
export function eachTroubleOnce(stage: Stage, random: () => number, tried: Tried): FaultTarget[] {
  return sitesOf(stage).flatMap(({ first, times }) => {
    tried.add(inCommand(stage, first));
    const fresh = troublesOf(first).filter((trouble) => !tried.has(`${siteKey(first)} ${trouble}`));
    for (const trouble of fresh) tried.add(`${siteKey(first)} ${trouble}`);
    return fresh.map((trouble) => targetAt(first, times, trouble, random));
  });
}

/** One of the troubles of every call site that has not been tried in another stage. */
export function eachSiteOnce(stage: Stage, random: () => number, tried: Tried): FaultTarget[] {
  return sitesOf(stage).flatMap(({ first, times }) => {
    if (tried.has(first.site)) return [];
    tried.add(first.site);
    return shuffled(troublesOf(first), random)
      .slice(0, 1)
      .map((trouble) => targetAt(first, times, trouble, random));
  });
}

/** Every call site that this command has not been tried at, and another has, once with one of its troubles. */
export function eachSiteAgain(stage: Stage, random: () => number, tried: Tried): FaultTarget[] {
  return sitesOf(stage).flatMap(({ first, times }) => {
    const [trouble] = shuffled(troublesOf(first), random);
    const isNew = trouble === undefined || !tried.has(`${siteKey(first)} ${trouble}`);
    if (isNew || tried.has(inCommand(stage, first))) return [];
    tried.add(inCommand(stage, first));
    return [targetAt(first, times, trouble, random)];
  });
}

const inCommand = (stage: Stage, operation: LoggedOperation): string =>
  `${stage.command}: ${siteKey(operation)}`;

function targetAt(
  { site, kind }: LoggedOperation,
  times: number,
  trouble: Trouble,
  random: () => number,
): FaultTarget {
  const [occurrence = 1] = shuffled(tellingTimes(times), random);
  return { site, kind, occurrence, trouble };
}
