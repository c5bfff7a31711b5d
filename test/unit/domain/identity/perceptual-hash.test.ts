import { describe, expect, it } from "vitest";
import {
  GRID_SIZE,
  HASH_BITS,
  hashDistance,
  perceptualHash,
} from "../../../../src/domain/identity/perceptual-hash.js";
import { sketched } from "./seen-pictures.js";

/** The wave of one frequency on each axis. */
const wave = (across: number, down: number): number[] =>
  Array.from({ length: GRID_SIZE ** 2 }, (_, at) => {
    const [x, y] = [at % GRID_SIZE, Math.floor(at / GRID_SIZE)];
    const cosine = (place: number, times: number) =>
      Math.cos((Math.PI * (2 * place + 1) * times) / (2 * GRID_SIZE));
    return 100 * cosine(x, across) * cosine(y, down);
  });

describe("the perceptual hash", () => {
  it("has one bit for each frequency, the lowest ones first", () => {
    expect(Number.parseInt(perceptualHash(wave(1, 1)).charAt(0), 16) & 8).toBe(8);
    expect(Number.parseInt(perceptualHash(wave(4, 16)).slice(-4, -3), 16) & 1).toBe(1);
  });

  it("does not see brightness and hardly sees contrast", () => {
    const { luminance, hash } = sketched(7);
    const brighter = [...luminance].map((level) => level + 40);
    const softer = [...luminance].map((level) => level * 0.8);
    expect(hashDistance(perceptualHash(brighter), hash)).toBeLessThanOrEqual(2);
    expect(hashDistance(perceptualHash(softer), hash)).toBeLessThanOrEqual(2);
  });

  it("differs in about half its bits between unrelated pictures", () => {
    const distances = [1, 2, 3, 4, 5, 6].map((seed) =>
      hashDistance(sketched(seed).hash, sketched(seed + 50).hash),
    );
    expect(Math.min(...distances)).toBeGreaterThan(70);
  });

  it("is far from anything that is no such hash", () => {
    const { hash } = sketched(1);
    expect(hashDistance(hash, hash)).toBe(0);
    expect(hashDistance(hash, "")).toBe(HASH_BITS);
    expect(hashDistance(hash, "x".repeat(64))).toBe(HASH_BITS);
  });
});
