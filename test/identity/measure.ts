import { type JudgedPair, joinsOf } from "../../src/domain/identity/joins.js";
import { judge } from "../../src/domain/identity/judge.js";
import { candidatePairs } from "../../src/domain/identity/keys.js";
import { sketchOf } from "../../src/domain/identity/sketch.js";
import type { PictureReader } from "../../src/ports/picture-reader.js";
import { type Labelled, truthOf } from "./labelled.js";

/** What became of the pairs of one scenario. */
export interface Tally {
  /** Pairs that are one picture: joined, asked about, missed. */
  joined: number;
  askedSame: number;
  missed: number;
  /** Pairs of a picture and its edit: asked about, missed. */
  askedEdit: number;
  missedEdit: number;
  /** Joined though they are two pictures, or a picture and its edit. */
  wrong: number;
  /** Asked though they are two pictures. */
  needless: number;
}

/** A whole measurement: by scenario, with what it cost and every wrong join in words. */
export interface Measured {
  readonly tallies: ReadonlyMap<string, Tally>;
  readonly pictures: number;
  readonly looked: number;
  readonly pairs: number;
  readonly wrong: readonly string[];
  readonly missed: readonly string[];
}

const blank = (): Tally => ({
  joined: 0,
  askedSame: 0,
  missed: 0,
  askedEdit: 0,
  missedEdit: 0,
  wrong: 0,
  needless: 0,
});

/**
 * Runs identity over labelled pictures as the program would: candidates by keys, looks for these alone, verdicts, joins. Then
 * counts every pair of pictures by what is true of it, whether or not it was a candidate. Two pictures joined to one host count as
 * joined.
 */
export async function measure(pictures: readonly Labelled[], reader: PictureReader): Promise<Measured> {
  const appearances = pictures.map(({ appearance }) => appearance);
  const { pairs } = candidatePairs(appearances);
  const needed = new Set(pairs.flat());
  const signal = new AbortController().signal;
  const looked = new Map<number, (typeof appearances)[number]>();
  for (const at of needed) {
    const [picture, appearance] = [pictures[at], appearances[at]];
    if (picture === undefined || appearance === undefined) continue;
    const look = await reader.look(picture.path, { signal });
    looked.set(at, { ...appearance, sketch: look.kind === "seen" ? sketchOf(look) : null });
  }
  const judged: JudgedPair[] = pairs.flatMap(([left, right]) => {
    const [a, b] = [looked.get(left), looked.get(right)];
    return a === undefined || b === undefined ? [] : [{ a: a.id, b: b.id, judgement: judge(a, b) }];
  });
  const { joined, asked } = joinsOf(appearances, judged);
  return {
    ...counted(pictures, joined, asked, judged),
    pictures: pictures.length,
    looked: needed.size,
    pairs: pairs.length,
  };
}

function counted(
  pictures: readonly Labelled[],
  joined: ReturnType<typeof joinsOf>["joined"],
  asked: ReturnType<typeof joinsOf>["asked"],
  judged: readonly JudgedPair[],
): Pick<Measured, "tallies" | "wrong" | "missed"> {
  const hostOf = new Map(joined.map(({ host, member }) => [member, host]));
  const home = (id: string) => hostOf.get(id) ?? id;
  const questions = new Set(asked.map(({ host, member }) => [home(host), home(member)].sort().join()));
  const reasons = new Map(judged.map(({ a, b, judgement }) => [[a, b].sort().join(), judgement]));
  const tallies = new Map<string, Tally>();
  const wrong: string[] = [];
  const missed: string[] = [];
  pictures.forEach((a, nth) => {
    for (const b of pictures.slice(nth + 1)) {
      const truth = truthOf(a, b);
      const [left, right] = [a.appearance.id, b.appearance.id];
      const isJoined = home(left) === home(right);
      const isAsked = questions.has([home(left), home(right)].sort().join());
      if (truth === "different" && !isJoined && !isAsked) continue;
      // A copy counts once, beside what it was made of; its likeness to other copies follows from that.
      if (
        truth === "same" &&
        [a, b].some(({ from }, at) => from !== undefined && from !== [b, a][at]?.appearance.id)
      )
        continue;
      const tally = tallies.get(a.scenario) ?? blank();
      tallies.set(a.scenario, tally);
      const judgement = reasons.get([left, right].sort().join());
      const told = `${a.scenario}: ${a.appearance.filename} (${a.appearance.sources}) ~ ${b.appearance.filename} (${b.appearance.sources}), ${truth}: ${judgement?.verdict} ${judgement?.reasons.map(({ text }) => text).join("; ")}`;
      if (isJoined && truth !== "same") {
        tally.wrong += 1;
        wrong.push(told);
      } else if (truth === "same") {
        if (isJoined) tally.joined += 1;
        else if (isAsked) tally.askedSame += 1;
        else tally.missed += 1;
        if (!isJoined) missed.push(told);
      } else if (truth === "edit") {
        if (isAsked) tally.askedEdit += 1;
        else tally.missedEdit += 1;
        if (!isAsked) missed.push(told);
      } else tally.needless += 1;
    }
  });
  return { tallies, wrong, missed };
}
