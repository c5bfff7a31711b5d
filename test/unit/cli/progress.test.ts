import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { barLine, ProgressBar } from "../../../src/cli/progress-bar.js";
import { progressFor } from "../../../src/cli/progress-for.js";
import { ProgressLines } from "../../../src/cli/progress-lines.js";
import { rateText } from "../../../src/cli/progress-rate.js";
import { ProgressStage } from "../../../src/cli/progress-stage.js";
import { displayWidth } from "../../../src/text/lines.js";

/** A terminal that keeps what is on it: enough of one for a line that is redrawn in place. */
class FakeTerminal {
  columns = 80;
  writes: string[] = [];
  write(text: string): void {
    this.writes.push(text);
  }
}

function running(columns = 80) {
  const terminal = new FakeTerminal();
  terminal.columns = columns;
  const clock = { ms: 0 };
  return { terminal, clock, bar: new ProgressBar(terminal, () => clock.ms) };
}

describe("the live bar", () => {
  it("shows label, share, counts, rate and time left on one line of 80 columns", () => {
    const stage = new ProgressStage("Reading photos", { count: 2000, bytes: 400_000_000 }, 0);
    for (let ms = 1000; ms <= 5000; ms += 1000) stage.advance({ count: 100, bytes: 20_000_000 }, ms);
    const line = barLine(stage, 79, 5000);
    expect(line).toBe("Reading photos  [=====                ]   25 %  500/2,000  20.0 MB/s  15 s left");
    expect(displayWidth(line)).toBeLessThanOrEqual(79);
  });

  it("shows counts and rate where no total is known", () => {
    const stage = new ProgressStage("Looking", {}, 0);
    stage.advance({ count: 500, bytes: 3_000_000 }, 2000);
    expect(barLine(stage, 79, 2000)).toBe("Looking  500  3.0 MB  1.5 MB/s");
  });

  test.prop([
    fc.string({ unit: "grapheme" }),
    fc.integer({ min: 1, max: 300 }),
    fc.nat(),
    fc.nat(),
    fc.integer({ min: 1, max: 1e9 }),
  ])("never gets wider than the terminal", (label, columns, count, bytes, ms) => {
    const stage = new ProgressStage(label, { count: 1000, bytes: 1e9 }, 0);
    stage.advance({ count, bytes }, ms);
    expect(displayWidth(barLine(stage, columns, ms))).toBeLessThanOrEqual(columns);
  });

  it("redraws at most five times a second", () => {
    const { terminal, clock, bar } = running();
    bar.stage("Reading", { count: 10_000 });
    for (; clock.ms < 1000; clock.ms++) bar.advance({ count: 1 });
    expect(terminal.writes.length).toBeLessThanOrEqual(6);
    expect(terminal.writes.length).toBeGreaterThan(3);
  });

  it("takes itself away at the end, and only once", () => {
    const { terminal, bar } = running();
    bar.stage("Reading", { count: 10 });
    bar.end();
    expect(terminal.writes.at(-1)).toBe("\r\u001b[J");
    const before = terminal.writes.length;
    bar.end();
    expect(terminal.writes).toHaveLength(before);
  });

  it("clears the rows that a narrower terminal made of its line", () => {
    const { terminal, bar } = running(80);
    bar.stage("A stage with a label", { count: 10 });
    terminal.columns = 20;
    bar.end();
    expect(terminal.writes.at(-1)).toBe("\r\u001b[3A\u001b[J");
  });

  it("puts a note above the bar, and lets it drive no terminal", () => {
    const { terminal, bar } = running();
    bar.stage("Reading", { count: 10 });
    bar.note("part 2 \u001b[2Jis missing");
    expect(terminal.writes[1]).toBe("\r\u001b[Jpart 2 \\x1b[2Jis missing\n");
    expect(terminal.writes[2]).toContain("Reading");
  });

  it("draws a line for each account that goes on at the same time, and takes all of them away", () => {
    const { terminal, clock, bar } = running();
    bar.stage("Storing originals", { count: 5 });
    bar.stage("Updating flickr", { count: 100 }, "flickr");
    bar.stage("Updating google-photos", { count: 10 }, "google-photos");
    for (; clock.ms < 3000; clock.ms += 500) bar.advance({ count: 5 }, "flickr");
    for (; clock.ms <= 4000; clock.ms += 500) bar.advance({ count: 1 }, "google-photos");
    const [first, second] = (terminal.writes.at(-1) ?? "").split("\n");
    expect(first?.startsWith("\r\u001b[1A\u001b[J")).toBe(true);
    expect(first).toMatch(/Updating flickr {9}\[=+ +\] {3}30 % {2}30\/100 {2}8\/s {2}9 s left$/);
    expect(second).toMatch(/^Updating google-photos {2}\[=+ +\] {3}30 % {2}3\/10 {2}45\/min {2}9 s left$/);
    // Bars begin below each other, and what is done tells no rate.
    expect(first?.indexOf("[=")).toBe((second?.indexOf("[=") ?? 0) + "\r\u001b[1A\u001b[J".length);
    bar.advance({ count: 7 }, "google-photos");
    clock.ms += 500;
    bar.advance({}, "flickr");
    expect(terminal.writes.at(-1)?.split("\n")[1]).toMatch(/100 % {2}10\/10$/);
    bar.end();
    expect(terminal.writes.at(-1)).toBe("\r\u001b[1A\u001b[J");
    bar.stage("Updating flickr", { count: 100 }, "flickr");
    bar.stage("Recording", {});
    expect(terminal.writes.at(-1)).toBe("\r\u001b[JRecording");
  });

  it("tells slow rates by the minute and by the hour", () => {
    const stage = new ProgressStage("Updating flickr", { count: 100 }, 0);
    stage.advance({ count: 1 }, 5_000);
    expect(rateText(stage, 5_000)).toBe("12/min");
    expect(rateText(stage, 100_000)).toBe("36/h");
  });

  it("foresees no end by a total that proves too low", () => {
    const stage = new ProgressStage("Reading google-drive", { count: 10 }, 0);
    stage.advance({ count: 8 }, 2_000);
    expect([stage.share(), stage.secondsLeft(2_000)]).toEqual([0.8, 0.5]);
    stage.advance({ count: 8 }, 4_000);
    expect([stage.share(), stage.secondsLeft(4_000)]).toEqual([null, null]);
  });

  it("follows a change of speed within seconds", () => {
    const stage = new ProgressStage("Reading", { bytes: 1e9 }, 0);
    let ms = 0;
    for (; ms <= 60_000; ms += 100) stage.advance({ bytes: 100 }, ms);
    for (; ms <= 75_000; ms += 100) stage.advance({ bytes: 10_000 }, ms);
    expect(stage.rate("bytes", ms)).toBeGreaterThan(90_000);
  });
});

describe("progress without a terminal", () => {
  function lines() {
    const written: string[] = [];
    const clock = { ms: 0 };
    const progress = new ProgressLines(
      (line) => written.push(line),
      () => clock.ms,
    );
    return { written, clock, progress };
  }

  it("writes at most one line in ten seconds, and one for each stage that ends", () => {
    const { written, clock, progress } = lines();
    progress.stage("Reading", { count: 1000 });
    for (; clock.ms < 100_000; clock.ms += 100) progress.advance({ count: 1 });
    progress.stage("Recording", {});
    expect(written.length).toBeGreaterThan(5);
    expect(written.length).toBeLessThanOrEqual(10);
    expect(written[0]).toBe("Reading: 10 %, 101 of 1,000, 10/s, 1 min left");
    expect(written.at(-1)).toBe("Reading: done, 1,000, in 2 min");
  });

  it("speaks of each account by its name, and of what was left over", () => {
    const { written, clock, progress } = lines();
    progress.stage("Updating flickr", { count: 100 }, "flickr");
    progress.stage("Updating google-photos", { count: 10 }, "google-photos");
    for (; clock.ms < 20_000; clock.ms += 1000) {
      progress.advance({ count: 1 }, "flickr");
      if (clock.ms % 4000 === 0) progress.advance({ count: 1 }, "google-photos");
    }
    progress.stage("Recording", {});
    expect(written).toEqual([
      "Updating flickr: 11 %, 11 of 100, 1/s, 1 min left",
      "Updating google-photos: 40 %, 4 of 10, 15/min, 24 s left",
      "Updating flickr: done, 20 of 100, in 20 s",
      "Updating google-photos: done, 5 of 10, in 20 s",
    ]);
  });

  it("writes a line a minute where a tenth takes long", () => {
    const { written, clock, progress } = lines();
    progress.stage("Reading", { count: 1_000_000 });
    for (; clock.ms <= 180_000; clock.ms += 1000) progress.advance({ count: 1 });
    expect(written).toHaveLength(3);
  });

  it("does not call a stage done that was broken off", () => {
    const { written, progress } = lines();
    progress.stage("Reading", { count: 10 });
    progress.advance({ count: 3 });
    progress.end(false);
    progress.end(true);
    expect(written).toEqual([]);
  });
});

describe("choosing how to report", () => {
  const written = (settings: { live: boolean; quiet: boolean; json: boolean }): boolean => {
    const terminal = new FakeTerminal();
    const progress = progressFor({ stream: terminal, nowMs: () => 0, events: false, ...settings });
    progress.stage("Reading", {});
    progress.end(true);
    return terminal.writes.length > 0;
  };

  it("is silent with --quiet, and with --json where nobody watches", () => {
    expect(written({ live: true, quiet: true, json: false })).toBe(false);
    expect(written({ live: false, quiet: false, json: true })).toBe(false);
    expect(written({ live: true, quiet: false, json: true })).toBe(true);
    expect(written({ live: false, quiet: false, json: false })).toBe(true);
  });
});

describe("events for programs", () => {
  it("tell each stage's beginning, way and end on lines of their own, at most one a second, beside a result in JSON", () => {
    const terminal = new FakeTerminal();
    let ms = 0;
    const settings = { live: true, quiet: false, json: true, events: true };
    const progress = progressFor({ stream: terminal, nowMs: () => ms, ...settings });
    progress.stage("Storing originals", { count: 4, bytes: 4000 }, "*");
    progress.stage("cloud", { count: 4, bytes: 4000 }, "cloud");
    for (; ms < 2000; ms += 100) progress.advance({ bytes: 100 }, "cloud");
    progress.advance({ count: 1, failed: 1 }, "cloud");
    progress.note("wrong bytes were set aside");
    progress.end(false);
    const lines = terminal.writes.join("").split("\n");
    expect(lines.pop()).toBe("");
    const events = lines.map((line) => JSON.parse(line));
    const kinds = events.map(({ event, lane }) => [event, lane]);
    expect(kinds).toEqual([
      ["stage", "*"],
      ["stage", "cloud"],
      ["progress", "cloud"],
      ["progress", "cloud"],
      ["note", undefined],
      ["done", "*"],
      ["done", "cloud"],
    ]);
    expect(events.at(-1)).toEqual({
      event: "done",
      stage: "cloud",
      lane: "cloud",
      count: 1,
      count_total: 4,
      bytes: 2000,
      bytes_total: 4000,
      failed: 1,
      bytes_per_second: 1000,
      seconds_left: 2,
    });
  });
});
