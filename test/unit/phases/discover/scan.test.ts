import { describe, expect, it } from "vitest";
import { PhotosyncError } from "../../../../src/domain/errors.js";
import type { ScanMemory } from "../../../../src/phases/discover/examine.js";
import type { Examined, SourceProblem } from "../../../../src/ports/photo-source.js";
import { jpegFile } from "../../../fixtures/media/jpeg-file.js";
import { findingOf } from "./findings.js";
import { entry, forgetful, pause, scanned, sourceOf } from "./scan-world.js";

const codes = (failures: readonly { readonly code: string }[]) => failures.map(({ code }) => code);

describe("scan", () => {
  it("groups files in the order of their names, whichever was read first", async () => {
    const names = ["e", "d", "c", "b", "a", "f"];
    for (const slowest of names) {
      const { accounts } = await scanned(
        sourceOf(names.map((name) => entry(name, { turns: name === slowest ? 20 : 0 }))),
      );
      expect(accounts.map(({ detail }) => detail)).toEqual([...names].sort());
    }
  });

  it("tells two entries of one name apart by their bytes, not by who was read first", async () => {
    const order = async (slow: string) => {
      const twins = ["one", "two"].map((content) => ({
        ...entry("IMG_1.jpg"),
        async *open() {
          for (let turn = 0; turn < (content === slow ? 20 : 0); turn++) await pause();
          yield new TextEncoder().encode(content);
        },
      }));
      const seen: Examined[] = [];
      await scanned(
        sourceOf(twins, {
          async *group(examined) {
            seen.push(...examined);
            yield { kind: "note", message: "seen" };
          },
        }),
      );
      return seen.map(({ hash }) => hash);
    };
    expect(await order("one")).toEqual(await order("two"));
  });

  it("reports a file that cannot be read, and goes on with the rest", async () => {
    const error = new PhotosyncError({ kind: "user", code: "source.unreadable", message: "no permission" });
    const { failures, accounts } = await scanned(
      sourceOf([
        entry("a"),
        entry("b", { error }),
        entry("c", { error: new Error("odd"), turns: 3 }),
        entry("d"),
      ]),
    );
    expect(codes(failures).sort()).toEqual(["bug.unexpected", "source.unreadable"]);
    expect(accounts.map(({ location, verdict }) => `${location.path} ${verdict}`).sort()).toEqual([
      "/pictures/a ignored",
      "/pictures/b failed",
      "/pictures/c failed",
      "/pictures/d ignored",
    ]);
  });

  it("passes on what the source itself could not read", async () => {
    const failure = { subject: "/x.zip", code: "zip.truncated", message: "cut off", hint: "" };
    const problem: SourceProblem = { kind: "problem", location: { path: "/x.zip" }, failure };
    const { failures, accounts } = await scanned(sourceOf([entry("a"), problem]));
    expect(failures).toEqual([failure]);
    expect(accounts.map(({ verdict }) => verdict)).toEqual(["failed", "ignored"]);
  });

  it.each([
    ["loses a stream", 0],
    ["accounts for a stream twice", 2],
  ])("reports a source that %s as a defect", async (_what, times) => {
    const { failures } = await scanned(
      sourceOf([entry("a")], {
        async *group(examined) {
          for (const { location, sizeBytes } of examined)
            for (let n = 0; n < times; n++)
              yield { kind: "stream", location, sizeBytes, verdict: "ignored", detail: "" };
        },
      }),
    );
    expect(codes(failures)).toEqual(["bug.accounting"]);
  });

  it("reads entries that come by once one after the other", async () => {
    let reading = 0;
    let most = 0;
    const passing = ["a", "b", "c"].map((name) => ({
      ...entry(name, { streamed: true }),
      async *open() {
        most = Math.max(most, ++reading);
        await pause();
        yield new TextEncoder().encode(name);
        reading -= 1;
      },
    }));
    const { accounts } = await scanned(sourceOf(passing));
    expect([accounts.length, most]).toEqual([3, 1]);
  });

  it("does not read everything at once", async () => {
    let reading = 0;
    let most = 0;
    let listed = 0;
    let finished = 0;
    let furthest = 0;
    function* many() {
      for (let n = 0; n < 40; n++) {
        furthest = Math.max(furthest, ++listed - finished);
        yield {
          ...entry(`file ${n}`),
          async *open() {
            most = Math.max(most, ++reading);
            await pause();
            yield new TextEncoder().encode("x");
            reading -= 1;
            finished += 1;
          },
        };
      }
    }
    await scanned(sourceOf(many()));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    expect(furthest).toBeLessThanOrEqual(16);
  });

  it("leaves files out that are older than asked for, without a word about them", async () => {
    const { skipped, accounts, failures } = await scanned(
      sourceOf([
        entry("old", { modifiedAt: "2023-12-31T23:59:59Z" }),
        entry("new", { modifiedAt: "2024-01-01T00:00:00Z" }),
        entry("undated"),
      ]),
      { since: "2024-01-01T00:00:00Z" },
    );
    expect(skipped).toBe(1);
    expect(accounts.map(({ detail }) => detail)).toEqual(["new", "undated"]);
    expect(failures).toEqual([]);
  });

  it("asks a source that knows when photos arrived, and not their files", async () => {
    const arrivals: Record<string, string> = { a: "2023-01-01T00:00:00Z", b: "2024-06-01T00:00:00Z" };
    const { skipped, findings } = await scanned(
      sourceOf([entry("x", { modifiedAt: "2020-01-01T00:00:00Z" })], {
        arrivedAt: ({ original }) => arrivals[original.filename],
        async *group(examined) {
          for (const { location, sizeBytes } of examined)
            yield { kind: "stream", location, sizeBytes, verdict: "photo", detail: "" };
          yield* ["a", "b", "c"].map((name) => findingOf(name));
        },
      }),
      { since: "2024-01-01T00:00:00Z" },
    );
    expect(findings.map(({ original }) => original.filename)).toEqual(["b", "c"]);
    expect(skipped).toBe(1);
  });

  it("counts pictures and tells their hashes", async () => {
    const bytes = jpegFile();
    const picture = {
      ...entry("a.jpg"),
      sizeBytes: bytes.length,
      async *open() {
        yield bytes;
      },
    };
    const { filesSeen, media } = await scanned(
      sourceOf([picture, { ...picture, name: "b.jpg" }, entry("notes")]),
    );
    expect(filesSeen).toBe(2);
    expect(new Set(media).size).toBe(1);
  });

  it.each([
    [
      "the source fails",
      async function* () {
        yield entry("slow", { turns: 30 });
        throw new PhotosyncError({ kind: "transient", code: "source.gone", message: "unplugged" });
      },
      "source.gone",
    ],
    [
      "memory fails",
      async function* () {
        yield entry("slow", { turns: 30 });
        yield entry("forgotten");
      },
      "memory.full",
    ],
  ])("has no read under way any more when it ends because %s", async (_what, entries, code) => {
    const remembered: string[] = [];
    const memory: ScanMemory = {
      ...forgetful,
      recall({ name }) {
        if (name === "forgotten")
          throw new PhotosyncError({ kind: "transient", code: "memory.full", message: "no room" });
        return null;
      },
      remember: ({ name }) => void remembered.push(name),
    };
    await expect(scanned(sourceOf(entries()), { memory })).rejects.toMatchObject({ code });
    expect(remembered).toEqual(["slow"]);
  });

  it("stops when the run is aborted, and waits for what it had begun", async () => {
    const controller = new AbortController();
    let open = 0;
    async function* entries() {
      for (let n = 0; n < 10; n++) {
        if (n === 5) controller.abort();
        yield {
          ...entry(`file ${n}`),
          async *open() {
            open += 1;
            for (let turn = 0; turn < 20; turn++) await pause();
            open -= 1;
            yield new Uint8Array(1);
          },
        };
      }
    }
    await expect(scanned(sourceOf(entries()), { signal: controller.signal })).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(open).toBe(0);
  });
});
