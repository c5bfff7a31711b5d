import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { encodeCommit, parseCommit } from "../../../src/control/commit-object.js";
import { repositoryConfig } from "../../../src/control/git-config-file.js";
import { GitIndex } from "../../../src/control/git-index.js";
import { unknownStat } from "../../../src/control/git-index-stat.js";
import { updatedIndex } from "../../../src/control/git-index-update.js";
import { objectId } from "../../../src/control/git-object.js";
import { readHead } from "../../../src/control/head.js";
import { readLoose } from "../../../src/control/loose-objects.js";
import { applyDelta } from "../../../src/control/pack-delta.js";
import { PackReader } from "../../../src/control/pack-reader.js";
import { encodeTree, parseTree } from "../../../src/control/tree-codec.js";
import { TreeNames } from "../../../src/control/tree-names.js";
import { answer, cleanError, promise, type Target } from "../target.js";
import { looseSeeds, packSeeds } from "./git-seeds.js";

const OID = "1".repeat(40);
const entry = { oid: OID, mode: 0o100644, stat: unknownStat(0o100644) };
const PATHS = ["a", "b/c.json", "b/d.json"];

/** A right checksum at the end, as `fix` makes it. */
function withSum(bytes: Buffer): Buffer {
  if (bytes.length < 20) return bytes;
  const sum = createHash("sha1").update(bytes.subarray(0, -20)).digest();
  return Buffer.concat([bytes.subarray(0, -20), sum]);
}

function indexResult(input: Buffer): unknown {
  return answer(() => {
    const index = GitIndex.parse(input, 0n);
    const paths = Array.from({ length: Math.min(index.count, 50) }, (_, at) => index.pathAt(at));
    const found = [...PATHS, ...paths].map((path) => index.find(path));
    const below = index.hasBelow("b");
    const updated = updatedIndex(
      index,
      PATHS.map((path) => ({ path, entry })),
    );
    promise(GitIndex.parse(updated, 0n).count >= PATHS.length, "an updated index lost what was put in");
    return [index.count, paths, found.map((one) => one === null), below];
  });
}

function packResult(input: Buffer, scratch: string): unknown {
  const indexBytes = input.length < 4 ? 0 : input.readUInt32BE(0);
  const stem = join(scratch, "x");
  writeFileSync(`${stem}.idx`, input.subarray(4, 4 + indexBytes));
  writeFileSync(`${stem}.pack`, input.subarray(4 + indexBytes));
  return answer(() => {
    const pack = new PackReader(stem);
    try {
      // The ids that the index lists, wherever they stand by now, and one that it does not.
      const ids = Array.from({ length: 24 }, (_, at) =>
        input.toString("hex", 4 + 1032 + at * 20, 4 + 1052 + at * 20),
      );
      return [...ids.filter((oid) => oid.length === 40), OID].map((oid) => {
        const read = answer(() => pack.read(oid));
        return read === null || "code" in read ? read : [read.type, objectId(read.type, read.bytes)];
      });
    } finally {
      pack.close();
    }
  });
}

/** The first byte tells which file of the repository the rest is. */
const REPOSITORY_FILES = ["HEAD", "refs/heads/main", "packed-refs", "config"] as const;

async function repositoryResult(input: Buffer, scratch: string): Promise<unknown> {
  const which = REPOSITORY_FILES[(input[0] ?? 0) % REPOSITORY_FILES.length];
  const standing = {
    HEAD: "ref: refs/heads/main\n",
    "refs/heads/main": `${OID}\n`,
    "packed-refs": "",
    config: "[core]\n",
  };
  mkdirSync(join(scratch, "refs", "heads"), { recursive: true });
  for (const [path, text] of Object.entries(standing))
    writeFileSync(join(scratch, path), path === which ? input.subarray(1) : text);
  return [await readHead(scratch).catch(cleanError), answer(() => [...repositoryConfig(scratch)])];
}

/** A Git repository that something damaged: its index, objects, packs and refs. */
export const GIT_TARGETS: readonly Target[] = [
  {
    name: "git-index",
    mutation: "bytes",
    seeds: () => [
      updatedIndex(
        GitIndex.empty(),
        PATHS.map((path) => ({ path, entry })),
      ),
      updatedIndex(GitIndex.empty(), []),
    ],
    tokens: ["DIRC", "TREE", "link", "sdir", "\0\0\0\x02", "\0\0\0\x04", "b/c.json"],
    repair: withSum,
    run: indexResult,
  },
  {
    name: "git-loose",
    mutation: "bytes",
    seeds: looseSeeds,
    tokens: ["blob ", "tree ", "commit ", "\0"],
    run: (input, scratch) => {
      // Once as the file itself, once as what the file unpacks to, under the name that it asks for.
      const oid = createHash("sha1").update(input).digest("hex");
      const folder = join(scratch, oid.slice(0, 2));
      mkdirSync(folder, { recursive: true });
      return [input, deflateSync(input)].map((bytes) => {
        writeFileSync(join(folder, oid.slice(2)), bytes);
        const read = answer(() => readLoose(scratch, oid));
        return read !== null && "type" in read ? [read.type, objectId(read.type, read.bytes)] : read;
      });
    },
  },
  {
    name: "git-pack",
    mutation: "bytes",
    seeds: packSeeds,
    tokens: ["\xfftOc\0\0\0\x02", "PACK\0\0\0\x02", "\x78\x9c", "\x78\x01"],
    run: packResult,
  },
  {
    name: "git-objects",
    mutation: "bytes",
    seeds: () => [
      encodeTree([
        { mode: 0o40000, name: "b", oid: OID },
        { mode: 0o100644, name: "a", oid: OID },
      ]),
      encodeCommit({
        tree: OID,
        parents: [OID],
        author: { name: "A", email: "a@b", at: new Date(0) },
        committer: { name: "A", email: "a@b", at: new Date(0) },
        message: "m\n",
      }),
      Buffer.from([5, 7, 0x91, 0, 5, 2, 0x61, 0x62]),
    ],
    tokens: ["40000 ", "100644 ", "160000 ", "tree ", "parent ", "author ", "committer ", " +0000\n", "\n\n"],
    run: (input) => [
      answer(() => parseTree(input, "x")),
      answer(() => PATHS.map((path) => new TreeNames(input, "x").find(path))),
      answer(() => parseCommit(input, "x")),
      answer(() => applyDelta(Buffer.from("hello"), input).toString("hex")),
    ],
  },
  {
    name: "git-refs",
    mutation: "bytes",
    seeds: () =>
      [
        "\0ref: refs/heads/main\n",
        `\0${OID}\n`,
        `\x01${OID}\n`,
        `\x02# pack-refs with: peeled fully-peeled sorted \n${OID} refs/heads/main\n^${OID}\n`,
        '\x03[core]\n\tbare = false\n[user]\n\tname = "A B"\n[include]\n\tpath = x\n',
      ].map((text) => Buffer.from(text, "latin1")),
    tokens: ["ref: ", "refs/heads/", "../", "HEAD", "\n", "[user]", "name = ", "\\", '"', ";", "#"],
    run: repositoryResult,
  },
];
