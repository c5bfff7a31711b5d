import type { VariantRole } from "../photo.js";
import { type Appearance, byQuality } from "./appearance.js";
import type { Reason } from "./evidence.js";
import { isContradiction, type Judgement } from "./judge.js";

/** Two pictures, by id, and what was judged of them. */
export interface JudgedPair {
  readonly a: string;
  readonly b: string;
  readonly judgement: Judgement;
}

/** `member` is the same picture as `host`, whose quality is the better one; or is asked to be. */
export interface Join {
  readonly host: string;
  readonly member: string;
  readonly role: VariantRole;
  /** As the judgement has it. */
  readonly turns?: number;
  readonly reasons: readonly Reason[];
}

export interface Joins {
  /** Certain. No member is a host, and no member has two hosts. */
  readonly joined: readonly Join[];
  /** For a person. */
  readonly asked: readonly Join[];
}

const TWO_HOSTS: Reason = {
  kind: "picture",
  speaks: "against",
  text: "it fits two pictures that are not one",
};
const CONTRADICTED: Reason = {
  kind: "picture",
  speaks: "against",
  text: "another copy of that picture is a different one",
};

/**
 * Which pictures are joined to which, given what was judged of each pair. The best of those that are one becomes the host, and each
 * other one joins it by a verdict of its own: never through a third picture. One that fits two hosts that are not
 * joined, or that differs from something its host already has, is asked about. Pure; the order of both lists does not count.
 */
export function joinsOf(appearances: readonly Appearance[], pairs: readonly JudgedPair[]): Joins {
  const beside = neighbours(pairs);
  const sorted = appearances.toSorted(byQuality);
  const groups = new Map<string, string[]>();
  const hostOf = new Map<string, string>();
  const joined: Join[] = [];
  const asked: Join[] = [];
  for (const { id } of sorted) {
    const near = beside.get(id) ?? new Map<string, Judgement>();
    const hosts = [...near].filter(([other, { verdict }]) => groups.has(other) && verdict === "same");
    const differs = (member: string) => {
      const judgement = near.get(member);
      return judgement !== undefined && isContradiction(judgement);
    };
    const isContradicted = hosts.some(([host]) => groups.get(host)?.some(differs));
    const [only] = hosts;
    if (only !== undefined && hosts.length === 1 && !isContradicted) {
      groups.get(only[0])?.push(id);
      hostOf.set(id, only[0]);
      joined.push(joinOf(only[0], id, only[1]));
      continue;
    }
    const doubt = isContradicted ? CONTRADICTED : TWO_HOSTS;
    for (const [host, judgement] of hosts) {
      asked.push(joinOf(host, id, { ...judgement, reasons: [...judgement.reasons, doubt] }));
    }
    groups.set(id, []);
    hostOf.set(id, id);
  }
  const place = new Map(sorted.map(({ id }, at) => [id, at]));
  const rank = (id: string) => place.get(id) ?? 0;
  for (const { a, b, judgement } of pairs) {
    if (judgement.verdict !== "ask" || hostOf.get(a) === hostOf.get(b)) continue;
    asked.push(rank(a) < rank(b) ? joinOf(a, b, judgement) : joinOf(b, a, judgement));
  }
  const inOrder = (one: Join, two: Join) =>
    rank(one.host) - rank(two.host) || rank(one.member) - rank(two.member);
  return { joined: joined.sort(inOrder), asked: asked.sort(inOrder) };
}

function neighbours(pairs: readonly JudgedPair[]): ReadonlyMap<string, ReadonlyMap<string, Judgement>> {
  const beside = new Map<string, Map<string, Judgement>>();
  const note = (one: string, other: string, judgement: Judgement): void => {
    const known = beside.get(one) ?? new Map<string, Judgement>();
    beside.set(one, known.set(other, judgement));
  };
  for (const { a, b, judgement } of pairs) {
    note(a, b, judgement);
    note(b, a, judgement);
  }
  return beside;
}

const joinOf = (host: string, member: string, { role = "other", turns, reasons }: Judgement): Join => ({
  host,
  member,
  role,
  ...(turns !== undefined && { turns }),
  reasons,
});
