import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openControlPlane } from "../../src/control/git-control-plane.js";
import { schemaErrors } from "../../src/control/schemas.js";
import { formatMessage } from "../../src/operations/operation-message.js";
import { disputedPhoto, editsOf } from "../fixtures/disputed.js";
import { Library } from "./library.js";
import { cleanEnvironment, git, photosync } from "./run-program.js";

const DIST = new URL("../../dist/", import.meta.url).href;

let folder: string;
let library: Library;
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "photosync-decisions-")));
  library = await Library.fresh(join(folder, "library"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Puts photos with two captions each into the library. */
async function dispute(count: number): Promise<void> {
  const control = await openControlPlane(library.path);
  const call = { signal: new AbortController().signal };
  const photos = Array.from({ length: count }, (_, number) => disputedPhoto(number));
  const message = formatMessage({ command: "discover", summary: "a test's", runId: "test" });
  await control.commit(await control.head(), editsOf(photos), message, call);
  control.close();
}

interface Entry {
  answer: unknown;
  remember?: boolean;
  filename: string;
  field: string;
  photo_id: string;
  options: { number: number; value: unknown }[];
  values: Record<string, unknown>;
}

async function exported(name = "questions.json"): Promise<{ path: string; decisions: Entry[] }> {
  const path = join(folder, name);
  const answer = await library.run("resolve", "--export-conflicts", path);
  const file: { decisions: Entry[] } = JSON.parse(readFileSync(path, "utf8"));
  expect(schemaErrors("decisions", file)).toEqual([]);
  expect(answer.exported).toEqual({ file: path, questions: file.decisions.length });
  return { path, decisions: file.decisions };
}

const write = (value: unknown): string => {
  const path = join(folder, "answers.json");
  writeFileSync(path, JSON.stringify(value));
  return path;
};

const captions = () =>
  new Map(
    [...library.documents().values()].map(({ metadata }) => [metadata.filename, metadata.caption] as const),
  );

describe("answers by file", () => {
  it("from the questions to one commit, after which nothing is open, and back by undo", async () => {
    await dispute(4);
    const { decisions } = await exported();
    expect(decisions).toHaveLength(4);
    const answers = [1, 2, "combine", { value: "Mine" }];
    const expected = decisions.map(({ filename, options }, at) => {
      const chosen = options[answers[at] === "combine" ? 2 : Number(answers[at]) - 1];
      return [filename, at === 3 ? "Mine" : chosen?.value] as const;
    });
    const filled = decisions.map((entry, at) => ({ ...entry, answer: answers[at] ?? null }));
    const tree = library.tree();

    const foreseen = await library.run("resolve", "--decisions", write({ decisions: filled }), "--dry-run");
    expect(foreseen).toMatchObject({ exit: 0, commit: null, counts: { decided: 4, needs_human: 0 } });
    const done = await library.run("resolve", "--decisions", write({ decisions: filled }));
    expect(done).toMatchObject({ exit: 0, counts: { decided: 4, needs_human: 0, resolved: 4 } });
    expect(foreseen.plan).toEqual(done.plan);
    expect(captions()).toEqual(new Map(expected));
    expect(git(library.path, "log", "-1", "--format=%s")).toMatch(/^resolve: 4 decided by a person, /);

    const again = await library.run("resolve", "--decisions", write({ decisions: filled }));
    expect(again).toMatchObject({ exit: 0, commit: null, failures: [], counts: { decided: 0 } });
    expect((await exported("none.json")).decisions).toEqual([]);
    await library.run("undo");
    expect(library.tree()).toBe(tree);
    expect((await library.run("resolve")).exit).toBe(10);
  });

  it("part of the answers counts; what is unknown or outdated is told, and the rest stays open", async () => {
    await dispute(4);
    const { decisions } = await exported();
    const [one, two, three] = decisions;
    const strange = "00000000-0000-5000-8000-000000000000";
    const done = await library.run(
      "resolve",
      "--decisions",
      write({
        decisions: [
          { photo_id: one?.photo_id, field: "caption", answer: { holder: "flickr" } },
          { ...two, values: { ...two?.values, flickr: "older words" }, answer: 1 },
          { photo_id: three?.photo_id, field: "caption", answer: 1 },
          { photo_id: strange, field: "caption", answer: 1, values: {} },
          { photo_id: three?.photo_id, field: "caption", answer: "same" },
          { photo_id: three?.photo_id, field: "title", answer: { value: "x" } },
        ],
      }),
    );
    expect(done).toMatchObject({ exit: 10, counts: { decided: 1, needs_human: 3 } });
    expect(done.failures.map(({ code }) => code)).toEqual([
      "decision.outdated",
      "decision.no-such-option",
      "decision.no-such-option",
      "decision.does-not-fit",
      "decision.not-asked",
    ]);
  });

  it("what a person prefers from now on becomes a rule, in the same commit", async () => {
    await dispute(3);
    const { decisions } = await exported();
    const filled = decisions.map((entry, at) => (at === 0 ? { ...entry, answer: 1, remember: true } : entry));
    const done = await library.run("resolve", "--decisions", write({ decisions: filled }));
    expect(done).toMatchObject({ exit: 0, counts: { decided: 1, auto_resolved: 2, needs_human: 0 } });
    const preferences = JSON.parse(
      readFileSync(join(library.path, "config", "user-preferences.json"), "utf8"),
    );
    expect(preferences.auto_resolve).toContain("prefer:flickr:caption");
  });

  it("a file that is none, and one that would be written over, change nothing", async () => {
    await dispute(1);
    const wrong = await library.run("resolve", "--decisions", write({ decisions: [{ answer: 1 }] }));
    expect(wrong).toMatchObject({ exit: 2, error: { code: "decisions.invalid" } });
    const missing = await library.run("resolve", "--decisions", join(folder, "nowhere.json"));
    expect(missing).toMatchObject({ exit: 2, error: { code: "file.not-found" } });
    const there = write({ decisions: [] });
    const kept = await library.run("resolve", "--export-conflicts", there);
    expect(kept).toMatchObject({ exit: 2, error: { code: "decisions.file-exists" } });
    expect(JSON.parse(readFileSync(there, "utf8"))).toEqual({ decisions: [] });
  });

  it("questions go to standard output, too", async () => {
    await dispute(1);
    const { exit, stdout } = await photosync([
      "resolve",
      "--export-conflicts",
      "-",
      "--library",
      library.path,
    ]);
    expect(exit).toBe(10);
    expect(JSON.parse(stdout).decisions).toHaveLength(1);
  });
});

/** A sitting in a process of its own that decides the first `count` questions for Flickr, says so, and waits. */
function sittingThatDecides(count: number) {
  const code = `
    const { openControlPlane } = await import(${JSON.stringify(`${DIST}control/git-control-plane.js`)});
    const { sit } = await import(${JSON.stringify(`${DIST}operations/sitting.js`)});
    const root = ${JSON.stringify(library.path)};
    const progress = { stage() {}, advance() {}, note() {} };
    const run = { signal: new AbortController().signal, clock: { now: () => "2024-05-01T12:00:00Z" }, progress };
    const use = async (sitting) => {
      const chosen = sitting.questions.slice(0, ${count});
      sitting.decide(chosen.map(({ photo_id, field, values }) => ({
        photo_id, field, values, answer: { kind: "holder", holder: "flickr" }, decided_at: run.clock.now(),
      })));
      console.log("decided " + chosen.length);
      await new Promise(() => setInterval(() => {}, 1000));
    };
    await sit(root, await openControlPlane(root), { autoResolve: "simple", dryRun: false }, use, run);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "ignore"],
  });
  const said = new Promise<string>((resolve) => child.stdout.setEncoding("utf8").once("data", resolve));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return { child, said, ended };
}

describe("decisions in a sitting", () => {
  it("are its own while it goes on, survive its kill, and are recorded by the next run of any kind", async () => {
    await dispute(4);
    const sitting = sittingThatDecides(3);
    expect(await sitting.said).toBe("decided 3\n");

    expect(await library.run("resolve")).toMatchObject({ exit: 10, commit: null, counts: { decided: 0 } });
    const other = sittingThatDecides(1);
    other.child.stdout.resume();
    await other.ended;
    expect(other.child.exitCode).not.toBe(0);

    sitting.child.kill("SIGKILL");
    await sitting.ended;
    const status = await library.run("status");
    expect(status.next[0]).toMatchObject({
      command: "photosync resolve",
      why: expect.stringMatching(/^3 decisions/),
    });
    expect(await library.run("resolve", "--dry-run")).toMatchObject({ exit: 10, counts: { decided: 3 } });
    const next = await library.run("resolve");
    expect(next).toMatchObject({ exit: 10, counts: { decided: 3, needs_human: 1 } });
    expect(existsSync(join(library.path, ".photosync", "decisions.jsonl"))).toBe(false);
    expect(await library.run("resolve")).toMatchObject({ commit: null, counts: { decided: 0 } });
  });

  it("wait for a document that its owner is editing", async () => {
    await dispute(2);
    const sitting = sittingThatDecides(2);
    await sitting.said;
    sitting.child.kill("SIGKILL");
    await sitting.ended;
    const edited = library.photo("IMG_0.jpg").path;
    const text = readFileSync(join(library.path, edited), "utf8");
    writeFileSync(join(library.path, edited), text.replace('"tags": []', '"tags": ["mine"]'));
    library.ownersChanges = ` M ${edited}`;
    const spared = await library.run("resolve");
    expect(spared).toMatchObject({
      counts: { decided: 1 },
      failures: [{ code: "document.uncommitted-edit" }],
    });
    git(library.path, "checkout", "--", edited);
    library.ownersChanges = "";
    expect(await library.run("resolve")).toMatchObject({ exit: 0, counts: { decided: 1 }, failures: [] });
  });

  it("wait for a document that nobody can read", async () => {
    await dispute(1);
    const sitting = sittingThatDecides(1);
    await sitting.said;
    sitting.child.kill("SIGKILL");
    await sitting.ended;
    const { path } = library.photo("IMG_0.jpg");
    const text = readFileSync(join(library.path, path), "utf8");
    const commit = (content: string) => {
      writeFileSync(join(library.path, path), content);
      git(library.path, "commit", "-qam", "by hand");
    };
    commit(`<<<<<<< HEAD\n${text}`);
    const broken = await library.run("resolve");
    expect(broken.failures.map(({ code }) => code)).toEqual(["document.not-json", "decision.unknown-photo"]);
    commit(text);
    expect(await library.run("resolve")).toMatchObject({ exit: 0, counts: { decided: 1 }, failures: [] });
  });

  it("that a commit holds already are not recorded twice", async () => {
    await dispute(2);
    const sitting = sittingThatDecides(2);
    await sitting.said;
    sitting.child.kill("SIGKILL");
    await sitting.ended;
    const journal = join(library.path, ".photosync", "decisions.jsonl");
    const lines = readFileSync(journal);
    expect(await library.run("resolve")).toMatchObject({ exit: 0, counts: { decided: 2 } });
    writeFileSync(journal, lines);
    expect(await library.run("resolve")).toMatchObject({ exit: 0, commit: null, failures: [] });
    expect(existsSync(journal)).toBe(false);

    writeFileSync(journal, lines);
    await library.run("undo");
    expect(await library.run("resolve")).toMatchObject({ exit: 10, counts: { decided: 0, needs_human: 2 } });
  });

  it("need a terminal: without one the list is told, and how to answer by file", async () => {
    await dispute(2);
    const asked = ["resolve", "--interactive", "--library", library.path];
    const { exit, stdout } = await photosync(asked);
    expect(exit).toBe(10);
    expect(stdout).toContain("--export-conflicts");
    expect(stdout).toContain("--decisions");
    expect(await library.run("resolve", "--interactive")).toMatchObject({ exit: 10, open: [{}, {}] });
    const { path, decisions } = await exported();
    writeFileSync(path, JSON.stringify({ decisions: decisions.map((entry) => ({ ...entry, answer: 1 })) }));
    await library.run("resolve", "--decisions", path);
    expect(await library.run("resolve", "--interactive")).toMatchObject({ exit: 0, open: [] });
  });
});
