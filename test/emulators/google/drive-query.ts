import { rfc3339 } from "./clock.js";
import { rootOf } from "./seed.js";
import type { DriveFile } from "./state.js";

/** Whether a file is one that a `q` asks for. */
export type Test = (file: DriveFile) => boolean;

const TOKEN = /\s*(?:'((?:[^'\\]|\\.)*)'|([A-Za-z.]+)|(!=|<=|>=|=|<|>|\(|\)|,))/y;

interface Word {
  readonly kind: "text" | "name" | "sign";
  readonly words: string;
}

function wordsOf(q: string): Word[] | null {
  const words: Word[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < q.trimEnd().length) {
    const found = TOKEN.exec(q);
    if (found === null) return null;
    const [, quoted, name, sign] = found;
    if (quoted !== undefined) words.push({ kind: "text", words: quoted.replace(/\\(.)/g, "$1") });
    else if (name !== undefined) words.push({ kind: "name", words: name });
    else words.push({ kind: "sign", words: sign ?? "" });
  }
  return words;
}

const TEXTS: Readonly<Record<string, (file: DriveFile) => string>> = {
  name: (file) => file.name,
  mimeType: (file) => file.mimeType,
  modifiedTime: (file) => rfc3339(file.modifiedMs),
  createdTime: (file) => rfc3339(file.createdMs),
};
const TIMES = ["modifiedTime", "createdTime"];

/** Times without an offset are UTC. */
const inMs = (words: string): number => Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(words) ? words : `${words}Z`);

function comparison(field: string, sign: string, wanted: string): Test | null {
  const read = TEXTS[field];
  if (read === undefined) return null;
  if (TIMES.includes(field)) {
    const time = inMs(wanted);
    if (Number.isNaN(time)) return null;
    const compare = { "=": 0, "!=": 0, "<": 0, "<=": 0, ">": 0, ">=": 0 };
    if (!(sign in compare)) return null;
    return (file) => {
      const at = inMs(read(file));
      if (sign === "=") return at === time;
      if (sign === "!=") return at !== time;
      if (sign === "<") return at < time;
      if (sign === "<=") return at <= time;
      return sign === ">" ? at > time : at >= time;
    };
  }
  if (sign === "=") return (file) => read(file) === wanted;
  if (sign === "!=") return (file) => read(file) !== wanted;
  // `contains` looks at the beginning of names and of types alone.
  if (sign === "contains") return (file) => read(file).toLowerCase().startsWith(wanted.toLowerCase());
  return null;
}

/** Reads `q`: comparisons of name, mimeType, times, trashed and parents, with and, or, not and brackets. Null where it is not well formed. */
export function parseQuery(q: string, email: string): Test | null {
  const words = wordsOf(q);
  if (words === null) return null;
  let at = 0;
  const next = (): Word | undefined => words[at++];
  const isNext = (word: string): boolean => words[at]?.words === word && words[at]?.kind !== "text";

  const single = (): Test | null => {
    if (isNext("not")) {
      at += 1;
      const inner = single();
      return inner === null ? null : (file) => !inner(file);
    }
    if (isNext("(")) {
      at += 1;
      const inner = any();
      return inner !== null && next()?.words === ")" ? inner : null;
    }
    const left = next();
    const sign = next();
    const right = next();
    if (left === undefined || sign === undefined || right === undefined) return null;
    if (left.kind === "text") {
      if (sign.words !== "in" || right.words !== "parents") return null;
      const parent = left.words === "root" ? rootOf(email) : left.words;
      return (file) => file.parents.includes(parent);
    }
    if (left.words === "trashed") {
      if (sign.words !== "=" || !["true", "false"].includes(right.words)) return null;
      return (file) => file.trashed === (right.words === "true");
    }
    return right.kind === "text" ? comparison(left.words, sign.words, right.words) : null;
  };
  const joined = (word: string, one: () => Test | null, join: (a: Test, b: Test) => Test): Test | null => {
    let found = one();
    while (found !== null && isNext(word)) {
      at += 1;
      const more = one();
      if (more === null) return null;
      found = join(found, more);
    }
    return found;
  };
  const all = (): Test | null => joined("and", single, (a, b) => (file) => a(file) && b(file));
  const any = (): Test | null => joined("or", all, (a, b) => (file) => a(file) || b(file));
  const test = any();
  return at === words.length ? test : null;
}
