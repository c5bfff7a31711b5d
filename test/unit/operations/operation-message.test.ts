import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatMessage,
  type OperationMessage,
  parseOperation,
  undoneBy,
} from "../../../src/operations/operation-message.js";
import type { CommitRecord } from "../../../src/ports/control-plane.js";

const commitOf = (message: string, revision = "a".repeat(40)): CommitRecord => ({
  revision,
  parents: [],
  message,
  committedAt: "2024-01-15T10:30:00Z",
  author: "Ana",
});
const parsed = (message: string) => parseOperation(commitOf(message), new Map());

describe("operation messages", () => {
  it("are read back as they were written, whatever an owner's commit or a folder was called", () => {
    const odd = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(
        "x\n\nPhotosync-Undoes: 1234",
        "x\r\nPhotosync-Phase: init",
        "x\u2028Photosync-Undoes: 1234",
        "undo: undo: x",
        "12 new, 3 updated",
        "Photosync-Report: elsewhere",
      ),
    );
    const report = fc.constantFrom("reports/2024-01-15-discover-0123.json", "reports/naïve 📷.json");
    fc.assert(
      fc.property(odd, fc.option(report, { nil: undefined }), fc.boolean(), (summary, where, isUndo) => {
        const message: OperationMessage = {
          command: isUndo ? "undo" : "discover",
          summary,
          runId: "run",
          ...(where === undefined ? {} : { report: where }),
          ...(isUndo ? { undoes: "b".repeat(40) } : {}),
        };
        const text = formatMessage(message);
        const operation = parsed(text);
        expect(operation).toMatchObject({
          command: message.command,
          report: where ?? null,
          undoes: isUndo ? "b".repeat(40) : null,
        });
        // Apart from white space and control characters, which become one space, the summary is unchanged.
        const squeeze = (value: string) => value.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
        expect(squeeze(operation.summary)).toBe(squeeze(summary));
        expect(operation.summary).not.toMatch(/[\n\r\u2028\u2029]/);
      }),
    );
  });

  it("take an owner's commit for an edit, also one that quotes an operation", () => {
    const quoting = `Merge the laptop's clone\n\n${formatMessage({
      command: "undo",
      summary: "x",
      runId: "r",
      undoes: "b".repeat(40),
    })}\nAll of it looked right.\n`;
    for (const message of ["Fix a caption", "Fix a caption\n\nPhotosync-Undoesn't: x\n", quoting, ""])
      expect(parsed(message)).toMatchObject({ command: "edit", undoes: null, report: null });
    expect(parsed("Fix a caption\r\n\r\nbody\r\n").summary).toBe("Fix a caption");
  });

  it("are still read after the owner signed them off", () => {
    const message = formatMessage({ command: "resolve", summary: "3 settled", runId: "r" });
    expect(parsed(`${message}Signed-off-by: Ana <ana@example.org>\n`)).toMatchObject({
      command: "resolve",
      summary: "3 settled",
    });
  });
});

describe("undoneBy", () => {
  const revision = (name: string) => name.repeat(40);
  /** Commits, newest first, from `name` or `name>target` for an undo. */
  const history = (...commits: string[]) =>
    commits.map((each) => {
      const [name = "", target] = each.split(">");
      const undoes = target === undefined ? {} : { undoes: revision(target) };
      const command = target === undefined ? "resolve" : "undo";
      return commitOf(formatMessage({ command, summary: "x", runId: "r", ...undoes }), revision(name));
    });
  const told = (...commits: string[]) =>
    [...undoneBy(history(...commits))].map(([undone, by]) => `${undone[0]} by ${by[0]}`);

  it.each([
    [["a"], []],
    [["b>a", "a"], ["a by b"]],
    [["c>b", "b>a", "a"], ["b by c"]],
    [
      ["d>a", "c>b", "b>a", "a"],
      ["a by d", "b by c"],
    ],
    [
      ["d>c", "c>b", "b>a", "a"],
      ["c by d", "a by b"],
    ],
  ])("of %j is %j", (commits, expected) => expect(told(...commits).sort()).toEqual([...expected].sort()));
});
