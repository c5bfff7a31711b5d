import { expect, test } from "vitest";
import { newIdentity } from "../../../../../src/infra/age/x25519-header.js";
import { ageSealing } from "../../../../../src/stores/s3/sealing/age-sealing.js";

const sealing = ageSealing(newIdentity());
const KEY = "2024/01/20240102T030405Z_0123456789abcdef.jpg";

test("a sealed name is that of one object alone", () => {
  const object = sealing.objectOf(KEY);
  expect(sealing.nameOf(object)).toBe(KEY);
  const others = [
    `${object}=`,
    `${object}~1`,
    `${object.slice(0, 9)} ${object.slice(9)}`,
    object.slice(0, -1),
  ];
  for (const other of others) expect(sealing.nameOf(other)).toBeNull();
  expect(ageSealing(newIdentity()).nameOf(object)).toBeNull();
});
