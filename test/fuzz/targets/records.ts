import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJournal } from "../../../src/control/commit-journal.js";
import { CONFIG_FILES, loadConfig } from "../../../src/control/config.js";
import { rowOf } from "../../../src/control/photo-row.js";
import { judge, parseIdentity } from "../../../src/control/process-identity.js";
import { acquireLock } from "../../../src/control/process-lock.js";
import { parsePhoto, photoEdit } from "../../../src/control/records.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import { isWider } from "../../../src/domain/visibility.js";
import { parseOperation, undoneBy } from "../../../src/operations/operation-message.js";
import { photoDocument, variantOf } from "../../fakes/fake-catalog.js";
import { found, mergeAll, undoPhoto } from "../../unit/domain/photo-world.js";
import { answer, cleanError, promise, type Target } from "../target.js";

/** The library's own templates: what `init` writes. */
const configText = (kind: keyof typeof CONFIG_FILES): Buffer =>
  readFileSync(new URL(`../../../${CONFIG_FILES[kind]}`, import.meta.url));

const CONFIG_KINDS = ["services", "preferences", "sync-state"] as const;

const NOW = "2024-03-01T00:00:00Z";

function photoResult(input: Buffer): unknown {
  const read = parsePhoto(`photos/undated/${idIn(input)}.json`, input);
  if (read.kind !== "ok") return read;
  const { document } = read;
  const path = `photos/undated/${document.photo_id}.json`;
  const { bytes } = photoEdit(path, document);
  const again = parsePhoto(path, bytes ?? Buffer.alloc(0));
  promise(again.kind === "ok", "a valid document that was written is invalid");
  promise(
    Buffer.from(photoEdit(path, again.document).bytes ?? []).equals(bytes ?? Buffer.alloc(0)),
    "writing twice gives other bytes",
  );
  const resolved = resolveDocument(document, { enabledRules: DEFAULT_RULES, now: NOW }).document;
  promise(
    !isWider(resolved.visibility.canonical, document.visibility.canonical),
    "resolving widened the visibility",
  );
  promise(
    parsePhoto(path, photoEdit(path, resolved).bytes ?? Buffer.alloc(0)).kind === "ok",
    "resolving made the document invalid",
  );
  promise(
    resolveDocument(resolved, { enabledRules: DEFAULT_RULES, now: "later" }).document === resolved,
    "resolving twice is not resolving once",
  );
  const undone = undoPhoto({ before: document, after: resolved, current: resolved });
  promise(undone.kind === "document", "undoing the resolving clashes with nothing");
  photoEdit(path, undone.document);
  return [rowOf(path, document), resolved];
}

/** The id that the document gives itself, so that most inputs get past the check of the file's name. */
const idIn = (input: Buffer): string =>
  /"photo_id"\s*:\s*"([0-9a-f-]{36})"/.exec(input.toString("latin1"))?.[1] ?? "x";

const config = (kind: keyof typeof CONFIG_FILES): Target => ({
  name: `config-${kind}`,
  mutation: "json",
  seeds: () => [configText(kind)],
  run: async (input, scratch) => {
    mkdirSync(join(scratch, "config"), { recursive: true });
    for (const each of CONFIG_KINDS)
      writeFileSync(join(scratch, CONFIG_FILES[each]), each === kind ? input : configText(each));
    return loadConfig(scratch).catch(cleanError);
  },
});

const IDENTITY = { pid: 999_999_999, host: "elsewhere", boot: "b", startTicks: 5 };
const CLAIM = { ...IDENTITY, command: "discover", since: "2024-01-01T00:00:00Z", token: "t" };
const JOURNAL = {
  state: "started",
  base: "0".repeat(40),
  commit: "1".repeat(40),
  ref: "refs/heads/main",
  boot: "b",
  uptimeSeconds: 1.5,
  unsynced: { since: "2".repeat(40), writtenByMs: 5 },
};

/** What photosync itself writes and somebody may have damaged or edited: documents, configuration, journal, lock, messages. */
export const RECORD_TARGETS: readonly Target[] = [
  {
    name: "photo-document",
    mutation: "json",
    seeds: () =>
      [
        photoDocument(),
        photoDocument({
          stores: ["local"],
          variants: [variantOf("picture", { content: "edited", stores: ["local"] })],
        }),
        mergeAll([
          found({
            facts: { caption: "one", tags: ["a"], location: { lat: 1, lng: 2 } },
            visibility: "public",
          }),
          found({
            service: "flickr",
            id: "2",
            facts: { caption: "two", taken_date: "2024-01-15T10:30:00Z" },
          }),
        ]),
        {
          photo_id: "c6b73333-67b7-5fba-ab4d-ee908e5b0d5d",
          content_hash: `sha256:${"a".repeat(64)}`,
          metadata: { taken_date: "2024-01-15T10:30:00", filename: "a.jpg" },
          conflicts: [{ type: "metadata_mismatch", description: "captions differ" }],
          instances: { flickr: { id: "1" } },
        },
      ].map((one) => Buffer.from(JSON.stringify(one))),
    files: /\.json$/i,
    run: photoResult,
  },
  config("services"),
  config("preferences"),
  config("sync-state"),
  {
    name: "journal",
    mutation: "json",
    seeds: () => [
      Buffer.from(JSON.stringify(JOURNAL)),
      Buffer.from(JSON.stringify({ ...JOURNAL, state: "finished", unsynced: null })),
    ],
    run: (input, scratch) => {
      mkdirSync(join(scratch, ".photosync", "journal"), { recursive: true });
      writeFileSync(join(scratch, ".photosync", "journal", "commit.json"), input);
      const read = answer(() => readJournal(scratch));
      if (read !== null && read !== "torn" && "ref" in read)
        promise(!read.ref.includes(".."), "a ref that leads out of the repository");
      return read;
    },
  },
  {
    name: "process-lock",
    mutation: "json",
    seeds: () => [
      Buffer.from(JSON.stringify({ ...CLAIM, host: "x", pid: 1 })),
      Buffer.from(JSON.stringify(CLAIM)),
    ],
    run: async (input, scratch) => {
      let value: unknown = null;
      try {
        value = JSON.parse(input.toString("utf8"));
      } catch {
        // Then only the whole is tried.
      }
      const identity = parseIdentity(value);
      const standing = identity === null ? "unreadable" : judge(identity);
      // A lock of a live process is waited for; only the others are worth the time.
      if (identity !== null && standing !== "dead") return standing;
      mkdirSync(join(scratch, ".photosync"), { recursive: true });
      const path = join(scratch, ".photosync", "lock");
      writeFileSync(path, input);
      utimesSync(path, 1, 1);
      const lock = await acquireLock(scratch, "fuzz");
      await lock.release();
      return standing;
    },
  },
  {
    name: "operation-message",
    mutation: "bytes",
    seeds: () => [
      Buffer.from(
        "undo: discover abc (1 new)\n\nPhotosync-Phase: undo\nPhotosync-Undoes: 1111111111111111111111111111111111111111\nRun-Id: x\n",
      ),
      Buffer.from("edit\n\nbody\r\n\r\nSigned-off-by: A <a@b>\n"),
    ],
    tokens: ["\n\n", "Photosync-Phase: ", "Photosync-Undoes: ", "\r\n", "__proto__", "constructor"],
    run: (input) => {
      const commit = {
        revision: "1".repeat(40),
        parents: [],
        message: input.toString("utf8"),
        committedAt: NOW,
        author: "A <a@b>",
      };
      return parseOperation(commit, undoneBy([{ ...commit, revision: "2".repeat(40) }, commit]));
    },
  },
];
