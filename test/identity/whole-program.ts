import { execFile } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Labelled, truthOf } from "./labelled.js";
import { layOut } from "./three-sources.js";

/** What the program made of labelled pictures, held against what is true of each pair. */
export interface Outcome {
  readonly pictures: number;
  /** Pairs that are one picture: joined, asked about, neither. */
  readonly joined: number;
  readonly asked: number;
  readonly missed: number;
  /** Pairs that are not, and were joined all the same; in words. */
  readonly wrong: readonly string[];
  /** Pairs of two pictures, not one and its edit, that were asked about. */
  readonly needless: number;
  /** Content hashes that no document holds. */
  readonly lost: number;
}

const PROGRAM = fileURLToPath(new URL("../../bin/run.js", import.meta.url));
const run = promisify(execFile);

/** Runs the built program; questions that stay open (10) are no failure here. */
async function photosync(...args: readonly string[]): Promise<void> {
  await run(process.execPath, [PROGRAM, ...args, "--json"], { maxBuffer: 1e8 }).catch((error: unknown) => {
    const isOpen = typeof error === "object" && error !== null && "code" in error && error.code === 10;
    if (!isOpen) throw error;
  });
}

interface Document {
  readonly content_hash: string;
  readonly variants?: readonly { readonly content_hash: string }[];
  readonly conflicts: readonly { readonly field: string }[];
}

async function documentsIn(library: string): Promise<readonly Document[]> {
  const names = await readdir(path.join(library, "photos"), { recursive: true });
  const files = names.filter((name) => name.endsWith(".json"));
  return Promise.all(
    files.map(async (name) => JSON.parse(await readFile(path.join(library, "photos", name), "utf8"))),
  );
}

const bare = (hash: string): string => hash.replace(/^sha256:/, "");

/**
 * Lays the pictures out as three sources, has the built program discover and resolve them all, each step a process of its own, and
 * reads the documents.
 */
export async function throughProgram(pictures: readonly Labelled[], dir: string): Promise<Outcome> {
  const sources = path.join(dir, "sources");
  await mkdir(sources, { recursive: true });
  const { paths, hashes } = await layOut(pictures, sources);
  const library = path.join(dir, "library");
  await photosync("init", library);
  await photosync("discover", ...paths, "--library", library);
  await photosync("resolve", "--library", library);
  const documents = await documentsIn(library);
  const home = new Map<string, string>();
  for (const { content_hash, variants = [] } of documents) {
    for (const each of [content_hash, ...variants.map((variant) => variant.content_hash)]) {
      home.set(bare(each), bare(content_hash));
    }
  }
  const homeOf = (picture: Labelled): string | undefined => home.get(hashes.get(picture) ?? "");
  const questions = new Set(
    documents.flatMap(({ content_hash, conflicts }) =>
      conflicts.flatMap(({ field }) => {
        const other = /^identity:(.*)$/.exec(field)?.[1];
        return other === undefined ? [] : [pairOf(bare(content_hash), home.get(bare(other)) ?? bare(other))];
      }),
    ),
  );
  return compared(pictures, homeOf, questions);
}

const pairOf = (a: string, b: string): string => [a, b].sort().join();

function compared(
  pictures: readonly Labelled[],
  homeOf: (picture: Labelled) => string | undefined,
  questions: ReadonlySet<string>,
): Outcome {
  let [joined, asked, missed, needless] = [0, 0, 0, 0];
  const wrong: string[] = [];
  pictures.forEach((a, nth) => {
    for (const b of pictures.slice(nth + 1)) {
      const [truth, left, right] = [truthOf(a, b), homeOf(a), homeOf(b)];
      if (left === undefined || right === undefined) continue;
      const isAsked = questions.has(pairOf(left, right));
      if (left === right && truth !== "same") {
        wrong.push(`${a.scenario}: ${a.appearance.filename} and ${b.scenario}: ${b.appearance.filename}`);
      } else if (truth === "same") {
        if (left === right) joined += 1;
        else if (isAsked) asked += 1;
        else missed += 1;
      } else if (truth === "different" && isAsked) needless += 1;
    }
  });
  const lost = pictures.filter((picture) => homeOf(picture) === undefined).length;
  return { pictures: pictures.length, joined, asked, missed, wrong, needless, lost };
}

/** The outcome as a Markdown table. */
export function outcomeTable({ pictures, joined, asked, missed, wrong, needless, lost }: Outcome): string {
  const all = joined + asked + missed;
  return [
    "| pictures | pairs that are one | joined | asked | missed | recall | wrong joins | needless questions | in no document |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    `| ${pictures} | ${all} | ${joined} | ${asked} | ${missed} | ${((100 * joined) / all).toFixed(1)} % | ${wrong.length} | ${needless} | ${lost} |`,
  ].join("\n");
}
