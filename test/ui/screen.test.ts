import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { openScreen } from "../../src/ui/screen.js";

class FakeTerminal extends EventEmitter {
  readonly isTTY = true;
  columns = 20;
  rows = 3;
  written = "";
  write(text: string): void {
    this.written += text;
  }
  /** What was written since it was last asked for. */
  taken(): string {
    const text = this.written;
    this.written = "";
    return text;
  }
}

const ALTERNATE_ON = "\u001b[?1049h";
const ALTERNATE_OFF = "\u001b[?1049l";

describe("the full screen", () => {
  it("writes only the lines that changed, each to its own row, and none beyond the window", () => {
    const terminal = new FakeTerminal();
    const screen = openScreen(terminal);
    expect(terminal.taken()).toContain(ALTERNATE_ON);
    screen.stream.write("one\ntwo\nthree\nfour");
    expect(terminal.taken()).not.toContain("four");
    screen.stream.write("one\nTWO\nthree");
    const second = terminal.taken();
    expect(second).toContain("\u001b[2;1H\u001b[2KTWO");
    expect(second).not.toContain("one");
    screen.stream.write("one\nTWO\nthree");
    expect(terminal.taken()).toBe("");
    screen.stream.write("one");
    expect(terminal.taken()).toContain("\u001b[3;1H\u001b[2K");
    screen.leave();
  });

  it("writes a line where its mark stands, as long as frames hold it, and only when it changed", () => {
    const terminal = new FakeTerminal();
    const screen = openScreen(terminal);
    const [first, second] = [screen.place("\u001b[1mfirst\u001b[0m"), screen.place("second")];
    terminal.taken();
    screen.stream.write(`${first}\ntext\n${second}`);
    expect(terminal.taken()).toContain("\u001b[1;1H\u001b[2K\u001b[1mfirst\u001b[0m\u001b[2;1H\u001b[2Ktext");
    screen.stream.write(`${first}\nother\n${screen.place("second")}`);
    expect(terminal.taken()).toBe("\u001b[?2026h\u001b[2;1H\u001b[2Kother\u001b[?2026l");
    screen.stream.write(`${second}\nother\n${first}`);
    expect(terminal.taken()).not.toContain("second");
    screen.leave();
  });

  it("draws all anew in a window of another size, and tells that size", () => {
    const terminal = new FakeTerminal();
    const screen = openScreen(terminal);
    screen.stream.write("one\ntwo");
    terminal.taken();
    terminal.columns = 40;
    terminal.emit("resize");
    screen.stream.write("one\ntwo");
    expect(terminal.taken()).toContain("one");
    expect(screen.size()).toEqual({ columns: 40, rows: 3 });
    expect(screen.stream.columns).toBe(40);
    screen.leave();
  });

  it("gives the terminal back once, and draws nothing after that", () => {
    const terminal = new FakeTerminal();
    const before = process.listenerCount("exit");
    const screen = openScreen(terminal);
    screen.leave();
    screen.leave();
    screen.stream.write("late");
    expect(terminal.written.split(ALTERNATE_OFF)).toHaveLength(2);
    expect(terminal.written.endsWith(ALTERNATE_OFF)).toBe(true);
    expect(terminal.listenerCount("resize")).toBe(0);
    expect(process.listenerCount("exit")).toBe(before);
  });
});
