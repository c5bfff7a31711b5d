import { graphemes } from "../../text/lines.js";

/** A piece of a text, and whether the other text has it at that place. */
export interface Piece {
  readonly text: string;
  readonly differs: boolean;
}

/** Pairs of words that are compared one by one; beyond that, words that the other text does not have at all differ. */
const MOST_PAIRS = 1_000_000;
let segmenter: Intl.Segmenter | undefined;

/** Words with what stands between them, of any script; of a single word its characters. */
function unitsOf(text: string, fine: boolean): readonly string[] {
  if (fine) return graphemes(text);
  segmenter ??= new Intl.Segmenter("en", { granularity: "word" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

const isOneWord = (text: string): boolean => !/\s/u.test(text) && text.length <= 64;

/**
 * Each text of the list in pieces, so that what it does not share with the first one (the first: with the second) is known. Compared by
 * words, single words by characters; beyond a million pairs of words by whether the other text has a word anywhere.
 */
export function differences(texts: readonly string[]): readonly (readonly Piece[])[] {
  const fine = texts.every(isOneWord);
  const [first = [], ...others] = texts.map((text) => unitsOf(text, fine));
  const pairs = others.map((other) => ({ other, shared: sharedBy(first, other) }));
  const ofFirst = pairs[0]?.shared[0] ?? first.map(() => true);
  const all = [merged(first, ofFirst), ...pairs.map(({ other, shared }) => merged(other, shared[1]))];
  return all.slice(0, texts.length);
}

type Flags = readonly boolean[];

/** For each unit of either text: is it part of one longest sequence that both have. */
function sharedBy(own: readonly string[], other: readonly string[]): readonly [Flags, Flags] {
  const most = Math.min(own.length, other.length);
  let head = 0;
  while (head < most && own[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < most - head && own.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  const [a, b] = [own.slice(head, own.length - tail), other.slice(head, other.length - tail)];
  const [inA, inB] = a.length * b.length > MOST_PAIRS ? knownTo(a, b) : longestCommon(a, b);
  const around = (middle: Flags): Flags => [
    ...new Array<boolean>(head).fill(true),
    ...middle,
    ...new Array<boolean>(tail).fill(true),
  ];
  return [around(inA), around(inB)];
}

function knownTo(a: readonly string[], b: readonly string[]): readonly [Flags, Flags] {
  const [ofA, ofB] = [new Set(a), new Set(b)];
  return [a.map((unit) => ofB.has(unit)), b.map((unit) => ofA.has(unit))];
}

/** By the table of lengths of common subsequences (Wagner and Fischer, 1974). */
function longestCommon(a: readonly string[], b: readonly string[]): readonly [Flags, Flags] {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const length = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        a[i] === b[j] ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  const inA = a.map(() => false);
  const inB = b.map(() => false);
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      inA[i] = true;
      inB[j] = true;
      i += 1;
      j += 1;
    } else if (length(i + 1, j) >= length(i, j + 1)) i += 1;
    else j += 1;
  }
  return [inA, inB];
}

const isGap = (text: string): boolean => /^\s+$/u.test(text);

/** Neighbours that are alike as one piece; the space between two differing words differs with them. */
function merged(units: readonly string[], shared: readonly boolean[]): readonly Piece[] {
  const pieces: { text: string; differs: boolean }[] = [];
  for (const [at, text] of units.entries()) {
    const isBetween = isGap(text) && shared[at - 1] === false && shared[at + 1] === false;
    const differs = shared[at] === false || isBetween;
    const last = pieces.at(-1);
    if (last !== undefined && last.differs === differs) last.text += text;
    else pieces.push({ text, differs });
  }
  return pieces;
}
