import { appendFile, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import type { GalleryCase, ProgramRun } from "../gallery-case.js";
import type { World } from "../world.js";

type Spoil = (path: string, text: string, world: World) => Promise<void>;

interface Spoilt {
  /** The code of the failure that names it, once committed; null where it is odd and yet a document. */
  readonly code: string | null;
  readonly spoil: Spoil;
}

const edited =
  (change: (document: Record<string, unknown>) => unknown): Spoil =>
  async (path, text) => {
    const document: Record<string, unknown> = JSON.parse(text);
    change(document);
    await writeFile(path, `${JSON.stringify(document, null, 2)}\n`);
  };

/** Ways in which a document can be spoilt. */
const WAYS: Readonly<Record<string, Spoilt>> = {
  "merge markers": {
    code: "document.not-json",
    spoil: async (path, text) => writeFile(path, `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> other\n`),
  },
  "cut off": { code: "document.not-json", spoil: async (path, text) => writeFile(path, text.slice(0, 300)) },
  empty: { code: "document.not-json", spoil: async (path) => writeFile(path, "") },
  "wrong types": {
    code: "document.invalid",
    spoil: edited((document) =>
      Object.assign(document, { metadata: [], sync_status: 7, instances: null, variants: "none" }),
    ),
  },
  "another's photo_id": {
    code: "document.misnamed",
    spoil: async (path, text, world) => {
      const other = world.documentPaths().at(-1) ?? path;
      const { photo_id } = world.document(other);
      await edited((document) => Object.assign(document, { photo_id }))(path, text, world);
    },
  },
  "nonsense as content hash": {
    code: "document.invalid",
    spoil: edited((document) => Object.assign(document, { content_hash: "sha256:../../etc/passwd" })),
  },
  "blob_key out of the store": {
    code: "document.invalid",
    spoil: edited((document) => Object.assign(document, { blob_key: "../../../../escaped.jpg" })),
  },
  "dates of no calendar": {
    code: "document.invalid",
    spoil: async (path, text, world) => {
      const { metadata } = world.document(path);
      await edited((document) =>
        Object.assign(document, { metadata: { ...metadata, taken_date: "2024-13-45T99:99:99" } }),
      )(path, text, world);
    },
  },
  "a link to /etc/passwd": {
    code: "document.not-json",
    spoil: async (path) => {
      await rm(path);
      await symlink("/etc/passwd", path);
    },
  },
  "a folder of its name": {
    code: "document.invalid",
    spoil: async (path) => {
      await rm(path);
      await mkdir(path);
      await writeFile(`${path}/inside.json`, "{}");
    },
  },
  "50 MB of spaces in front": {
    code: null,
    spoil: async (path, text) => {
      await writeFile(path, Buffer.alloc(50_000_000, 0x20));
      await appendFile(path, text);
    },
  },
};

const exits = [0, 2, 3, 10, 14] as const;
const DOCUMENT_CODES = [
  "document.not-json",
  "document.invalid",
  "document.duplicate",
  "document.misnamed",
  "document.unreadable",
  "document.uncommitted-edit",
  "undo.clash",
  "undo.uncommitted-edit",
];

/** Every command on a library with such a document; what each says depends on what it reads. */
const everyCommand = (words: readonly (readonly string[])[]): readonly ProgramRun[] =>
  words.map((args) => ({ args, exit: exits, maybe: DOCUMENT_CODES }));

const ALL_COMMANDS = [
  ["status"],
  ["list"],
  ["audit", "--visibility-check"],
  ["discover", "{in}"],
  ["resolve"],
  ["replicate", "--execute"],
  ["verify", "--deep"],
  ["doctor"],
  ["log"],
  ["undo"],
] as const;

const spoiltCase = (
  name: string,
  { code, spoil }: Spoilt,
  commands: readonly (readonly string[])[],
): GalleryCase => ({
  name: `document: ${name}`,
  library: "settled",
  build: async (world) => {
    await world.good("new.jpg");
    const [path = ""] = world.documentPaths();
    await spoil(path, await readFile(path, "utf8"), world);
    world.commit();
  },
  runs: [
    code === null
      ? { args: ["resolve"], exit: 0 }
      : { args: ["resolve"], exit: 3, codes: { [code]: 1 }, maybe: DOCUMENT_CODES },
    ...everyCommand(commands),
  ],
});

/** Documents that were edited by hand into nonsense. */
export const DOCUMENT_CASES: readonly GalleryCase[] = [
  ...Object.entries(WAYS).map(([name, spoilt]) =>
    spoiltCase(name, spoilt, [["status"], ["discover", "{in}"]]),
  ),
  {
    name: "documents: eleven kinds of nonsense at once, not committed, under every command",
    library: "settled",
    build: async (world) => {
      await world.good("new.jpg");
      const [first = ""] = world.documentPaths();
      const text = await readFile(first, "utf8");
      for (const [number, { spoil }] of Object.values(WAYS).entries()) {
        const path = first.replace(/[0-9a-f]{4}\.json$/, `000${number.toString(16)}.json`);
        await writeFile(path, text);
        await spoil(path, text, world);
      }
    },
    runs: everyCommand(ALL_COMMANDS),
  },
];
