import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepDecisions, openDecisionJournal, readDecisions } from "../../../src/control/decision-journal.js";
import { hasDecisionJournal } from "../../../src/control/decision-journal-path.js";
import { type Decision, questionId } from "../../../src/domain/settling/decision.js";
import { disputedPhoto } from "../../fixtures/disputed.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "photosync-journal-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const path = () => join(root, ".photosync", "decisions.jsonl");

const decision = (number: number, holder = "flickr"): Decision => ({
  photo_id: disputedPhoto(number).photo_id,
  field: "caption",
  values: { flickr: "a", "google-photos": "b" },
  answer: { kind: "holder", holder },
  decided_at: "2024-05-01T12:00:00Z",
});

const waiting = () => [...readDecisions(root).values()];

describe("the journal of decisions", () => {
  it("holds what it was told, the last word on each question, and none that was taken back", async () => {
    expect(hasDecisionJournal(root)).toBe(false);
    const journal = await openDecisionJournal(root);
    journal.add([decision(1), decision(2), decision(3)]);
    journal.add([{ ...decision(1, "google-photos"), remember: true }]);
    journal.takeBack([questionId(decision(2))]);
    expect(waiting()).toEqual([decision(3), { ...decision(1, "google-photos"), remember: true }]);
  });

  it("drops a last line that a crash cut short, and goes on after it", async () => {
    const journal = await openDecisionJournal(root);
    journal.add([decision(1)]);
    appendFileSync(path(), `\n${JSON.stringify(decision(2)).slice(0, 60)}`);
    expect(waiting()).toEqual([decision(1)]);
    (await openDecisionJournal(root)).add([decision(3)]);
    expect(waiting()).toEqual([decision(1), decision(3)]);
  });

  it("drops lines that are no decision", async () => {
    const journal = await openDecisionJournal(root);
    journal.add([decision(1)]);
    for (const line of [
      "{}",
      "[]",
      "null",
      '{"taken_back":7}',
      '{"photo_id":"x","field":"caption","answer":1}',
    ])
      appendFileSync(path(), `\n${line}`);
    expect(waiting()).toEqual([decision(1)]);
  });

  it("keeps nothing of what did not fit on the disk", async () => {
    let room = Number.POSITIVE_INFINITY;
    const write = ((file: number, bytes: Uint8Array, at: number, length: number) => {
      if (room === 0) throw Object.assign(new Error("full"), { code: "ENOSPC", syscall: "write" });
      const written = writeSync(file, bytes, at, Math.min(length, room));
      room -= written;
      return written;
    }) as typeof writeSync;
    const journal = await openDecisionJournal(root, write);
    journal.add([decision(1)]);
    const before = readFileSync(path(), "utf8");
    room = 300;
    expect(() => journal.add([decision(2), decision(3)])).toThrow(
      expect.objectContaining({ code: "store.no-space" }),
    );
    expect(readFileSync(path(), "utf8")).toBe(before);
    room = Number.POSITIVE_INFINITY;
    journal.add([decision(4)]);
    expect(waiting()).toEqual([decision(1), decision(4)]);
  });

  it("is gone once everything is recorded, and holds what is not", async () => {
    const journal = await openDecisionJournal(root);
    journal.add([decision(1), decision(2)]);
    await keepDecisions(root, [decision(2)]);
    expect(waiting()).toEqual([decision(2)]);
    await keepDecisions(root, []);
    expect(hasDecisionJournal(root)).toBe(false);
    expect(waiting()).toEqual([]);
  });
});
