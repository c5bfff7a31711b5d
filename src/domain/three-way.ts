import { isRecord } from "./is-record.js";
import type { Json } from "./photo.js";
import { sameJson } from "./same-json.js";

/** What merging two changes of one value came to. `paths` are JSON pointers (RFC 6901) of what both changed otherwise. */
export type ThreeWay =
  | { readonly kind: "merged"; readonly value: Json | undefined }
  | { readonly kind: "clash"; readonly paths: readonly string[] };

/** Refinements of a three-way merge; `path` holds the keys from the root, a list's element by its identity. */
export interface ThreeWayOptions {
  /** True for values that are taken from one side or the other, never mixed (a place's two coordinates). */
  readonly isWhole?: (path: readonly string[]) => boolean;
  /** Decides a clash; null leaves it one. Called with three values of which no two are the same. */
  readonly decide?: (
    path: readonly string[],
    base: Json | undefined,
    ours: Json | undefined,
    theirs: Json | undefined,
  ) => { readonly value: Json | undefined } | null;
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const isNames = (value: readonly Json[]): value is readonly string[] =>
  value.every((one) => typeof one === "string");

/** The keys by which elements of a list are told apart, the first that all of them have. */
const IDENTITIES = ["id", "content_hash", "field", "service", "path"] as const;

const pointer = (path: readonly string[]): string =>
  path.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/**
 * Lists as objects by identity, or null where the elements have none in common. Elements that share an identity are told
 * apart by their turn (`x`, `x#2`), so that several records of one id line up in the order in which they were added.
 */
function keyedLists(lists: readonly (readonly Json[])[]): readonly ReadonlyMap<string, Json>[] | null {
  const elements = lists.flat();
  const identity = IDENTITIES.find((key) =>
    elements.every(
      (element) => isRecord(element) && Object.hasOwn(element, key) && typeof element[key] === "string",
    ),
  );
  if (identity === undefined) return null;
  return lists.map((list) => {
    const byIdentity = new Map<string, Json>();
    for (const element of list) {
      const own = isRecord(element) ? element[identity] : undefined;
      const entry = identity === "path" && isRecord(element) ? element["entry"] : undefined;
      const name = JSON.stringify(entry === undefined ? [own] : [own, entry]).slice(1, -1);
      let turn = 1;
      while (byIdentity.has(turnName(name, turn))) turn += 1;
      byIdentity.set(turnName(name, turn), element);
    }
    return byIdentity;
  });
}

const turnName = (name: string, turn: number): string => (turn === 1 ? name : `${name}#${turn}`);

function mergeKeyed(
  [base, ours, theirs]: readonly [
    ReadonlyMap<string, Json>,
    ReadonlyMap<string, Json>,
    ReadonlyMap<string, Json>,
  ],
  path: readonly string[],
  options: ThreeWayOptions,
): { readonly entries: readonly (readonly [string, Json])[]; readonly paths: readonly string[] } {
  const entries: (readonly [string, Json])[] = [];
  const paths: string[] = [];
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const merged = mergeAt(base.get(key), ours.get(key), theirs.get(key), [...path, key], options);
    if (merged.kind === "clash") paths.push(...merged.paths);
    else if (merged.value !== undefined) entries.push([key, merged.value]);
  }
  return { entries, paths };
}

/** Sets of names: what either side added is in, what either side removed is out. */
function mergeNames(base: readonly string[], ours: readonly string[], theirs: readonly string[]): Json {
  const kept = ours.filter((name) => theirs.includes(name) || !base.includes(name));
  return [...new Set([...kept, ...theirs.filter((name) => !base.includes(name))])];
}

function mergeInside(
  base: Json | undefined,
  ours: Json | undefined,
  theirs: Json | undefined,
  path: readonly string[],
  options: ThreeWayOptions,
): ThreeWay | null {
  if (options.isWhole?.(path)) return null;
  if (isRecord(ours) && isRecord(theirs) && (base === undefined || isRecord(base))) {
    const sides = [base ?? {}, ours, theirs].map((side) => new Map(Object.entries(side)));
    const [first = new Map(), second = new Map(), third = new Map()] = sides;
    const { entries, paths } = mergeKeyed([first, second, third], path, options);
    return paths.length > 0
      ? { kind: "clash", paths }
      : { kind: "merged", value: Object.fromEntries(entries) };
  }
  if (isList(ours) && isList(theirs) && (base === undefined || isList(base))) {
    const before = base ?? [];
    if (isNames(before) && isNames(ours) && isNames(theirs)) {
      return { kind: "merged", value: mergeNames(before, ours, theirs) };
    }
    const [first, second, third] = keyedLists([before, ours, theirs]) ?? [];
    if (first === undefined || second === undefined || third === undefined) return null;
    const { entries, paths } = mergeKeyed([first, second, third], path, options);
    return paths.length > 0
      ? { kind: "clash", paths }
      : { kind: "merged", value: entries.map(([, element]) => element) };
  }
  return null;
}

function mergeAt(
  base: Json | undefined,
  ours: Json | undefined,
  theirs: Json | undefined,
  path: readonly string[],
  options: ThreeWayOptions,
): ThreeWay {
  if (sameJson(ours, theirs) || sameJson(base, theirs)) return { kind: "merged", value: ours };
  if (sameJson(base, ours)) return { kind: "merged", value: theirs };
  const decided = options.decide?.(path, base, ours, theirs);
  if (decided) return { kind: "merged", value: decided.value };
  return mergeInside(base, ours, theirs, path, options) ?? { kind: "clash", paths: [pointer(path)] };
}

/**
 * The value with both the changes from `base` to `ours` and those from `base` to `theirs`; undefined stands for absent.
 * Objects are merged key by key, lists of objects by `id`, `content_hash`, `field`, `service` or `path`, lists of texts as
 * sets; everything else is one value, and a clash where both sides changed it differently (or one removed what the other
 * changed). The order is that of `ours`, then what `theirs` added. Swapping the sides gives the same up to that order.
 */
export const threeWay = (
  base: Json | undefined,
  ours: Json | undefined,
  theirs: Json | undefined,
  options: ThreeWayOptions = {},
): ThreeWay => mergeAt(base, ours, theirs, [], options);
