import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { onInterrupt } from "../../../src/cli/interrupt.js";

function interrupted() {
  const source = new EventEmitter();
  const said: string[] = [];
  const exits: number[] = [];
  const interruption = onInterrupt(
    source,
    (line) => said.push(line),
    (code) => exits.push(code),
  );
  return { source, said, exits, interruption };
}

it("aborts on the first signal and leaves at once on the second", () => {
  const { source, said, exits, interruption } = interrupted();
  expect(interruption.signal.aborted).toBe(false);
  source.emit("SIGINT");
  expect(interruption.signal.aborted).toBe(true);
  expect(said).toHaveLength(1);
  expect(exits).toEqual([]);
  source.emit("SIGTERM");
  expect(exits).toEqual([130]);
});

it("takes a closed terminal for a wish to end", () => {
  const { source, interruption } = interrupted();
  source.emit("SIGHUP");
  expect(interruption.signal.aborted).toBe(true);
});

it("gives the signals back", () => {
  const { source, interruption } = interrupted();
  interruption.release();
  source.emit("SIGINT");
  expect(interruption.signal.aborted).toBe(false);
  expect(source.eventNames()).toEqual([]);
});
