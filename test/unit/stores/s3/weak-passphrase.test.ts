import { expect, it } from "vitest";
import { weakness } from "../../../../src/stores/s3/key-file.js";

it.each([
  ["", true],
  ["thirteen char", true],
  ["fourteen chars", false],
  ["🙂🙂🙂🙂🙂🙂🙂", true],
  ["correct horse battery staple", false],
])("%j is too short: %s", (passphrase, isWeak) => {
  expect(weakness(passphrase) !== null).toBe(isWeak);
});
