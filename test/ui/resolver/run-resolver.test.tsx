import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { PhotosyncError } from "../../../src/domain/errors.js";
import type { Sitting } from "../../../src/ui/resolver/contract.js";
import { runResolver } from "../../../src/ui/resolver/run-resolver.js";
import { until } from "../until.js";
import { captionQuestion } from "./questions.js";

/** A keyboard and a window, as a terminal gives them. */
function terminal(isTTY = true) {
  const raw: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY,
    setRawMode: (on: boolean) => raw.push(on),
    ref: () => {},
    unref: () => {},
  });
  let written = "";
  const window = Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 });
  window.on("data", (chunk) => {
    written += String(chunk);
  });
  return {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stderr: window as unknown as NodeJS.WriteStream,
    keys: stdin,
    raw,
    written: () => written,
  };
}

const sitting = (rest: Partial<Sitting> = {}): Sitting => ({
  questions: [captionQuestion(1)],
  decided: new Map(),
  onDecide: () => {},
  onTakeBack: () => {},
  Pictures: None,
  openInViewer: async () => null,
  now: () => "2026-01-01T00:00:00Z",
  ...rest,
});

const None = () => null;
const Broken = (): never => {
  throw new Error("a defect");
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a terminal is told
const LEFT = /\u001b\[\?1049l$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with the escape character
const MARK = /\u001b\[48;2;/u;

describe("a sitting", () => {
  it("ends as the person ends it, and gives the terminal back", async () => {
    const place = terminal();
    const ending = runResolver(
      sitting(),
      { ...place, color: false },
      { signal: new AbortController().signal },
    );
    await until(() => expect(place.written()).toContain("1 question open"));
    place.keys.write("q");
    expect(await ending).toBe("quit");
    expect(place.written()).toMatch(LEFT);
    expect(place.written()).not.toMatch(MARK);
    expect(place.raw).toEqual([true, false]);
  });

  it("is interrupted by a signal, and gives the terminal back", async () => {
    const place = terminal();
    const controller = new AbortController();
    const ending = runResolver(sitting(), { ...place, color: false }, { signal: controller.signal });
    await until(() => expect(place.written()).toContain("1 question open"));
    controller.abort();
    expect(await ending).toBe("interrupted");
    expect(place.written()).toMatch(LEFT);
    expect(place.raw.at(-1)).toBe(false);
  });

  it("throws what writing a decision down threw, and gives the terminal back", async () => {
    const place = terminal();
    const full = new PhotosyncError({ kind: "user", code: "disk.full", message: "No room.", next: [] });
    const onDecide = () => {
      throw full;
    };
    const ending = runResolver(
      sitting({ onDecide }),
      { ...place, color: false },
      { signal: new AbortController().signal },
    );
    const failed = expect(ending).rejects.toBe(full);
    await until(() => expect(place.written()).toContain("1 question open"));
    place.keys.write("\r");
    await until(() => expect(place.written()).toContain("Ocean Beach"));
    place.keys.write("1");
    await failed;
    expect(place.written()).toMatch(LEFT);
  });

  it("throws what a drawing threw, and gives the terminal back", async () => {
    const place = terminal();
    const ending = runResolver(
      sitting({ Pictures: Broken }),
      { ...place, color: false },
      { signal: new AbortController().signal },
    );
    const failed = expect(ending).rejects.toThrow("a defect");
    await until(() => expect(place.written()).toContain("1 question open"));
    place.keys.write("\r");
    await failed;
    expect(place.written()).toMatch(LEFT);
  });

  it("is refused where there is no terminal, and needs none where nothing is open", async () => {
    const place = { ...terminal(false), color: false };
    const call = { signal: new AbortController().signal };
    await expect(runResolver(sitting(), place, call)).rejects.toMatchObject({ code: "resolve.no-terminal" });
    expect(await runResolver(sitting({ questions: [] }), { ...terminal(), color: false }, call)).toBe(
      "finished",
    );
  });
});
