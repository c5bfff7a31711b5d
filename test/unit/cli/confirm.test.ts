import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { confirmAt } from "../../../src/cli/confirm.js";
import { personAt } from "../../../src/cli/person.js";
import { quietRun } from "../../fakes/replicate-world.js";

const QUESTION = {
  photo_id: "3f2a9c1e-1111-5222-8333-444455556666",
  filename: "IMG_1.jpg",
  taken_date: null,
  from: "private",
  to: "friends",
  services: [{ service: "flickr", current: "private" }],
} as const;

/** A terminal at which somebody types. */
function terminal(isTTY = true) {
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode: () => {} });
  const stderr = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY });
  const onInterrupt = () => {};
  const person = personAt({ stdin, stderr, env: {}, platform: "linux", noInput: false, onInterrupt });
  return { confirm: confirmAt(person), stdin, shown: () => String(stderr.read()) };
}

it.each([
  ["friends", true],
  [" Friends ", true],
  ["public", false],
  ["yes", false],
  ["", false],
])("takes %j at the terminal for an agreement to friends: %s", async (typed, agreed) => {
  const { confirm, stdin, shown } = terminal();
  const answer = confirm?.(QUESTION, quietRun());
  stdin.write(`${typed}\r`);
  expect(await answer).toBe(agreed);
  const text = shown();
  for (const part of ["IMG_1.jpg", "flickr", "Type friends"]) expect(text).toContain(part);
});

it("takes the end of the input for a no", async () => {
  const { confirm, stdin } = terminal();
  const answer = confirm?.(QUESTION, quietRun());
  stdin.end();
  expect(await answer).toBe(false);
});

it("asks nobody where there is no terminal", () => {
  expect(terminal(false).confirm).toBeNull();
});
