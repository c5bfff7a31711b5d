import { describe, expect, it } from "vitest";
import type { Reason } from "../../../../src/domain/identity/evidence.js";
import { type JudgedPair, joinsOf } from "../../../../src/domain/identity/joins.js";
import type { Judgement } from "../../../../src/domain/identity/judge.js";
import { candidateKeys, candidatePairs } from "../../../../src/domain/identity/keys.js";
import { appearance } from "./seen-pictures.js";

const AGAINST: Reason = { kind: "time", speaks: "against", text: "taken at different times" };
const pair = (a: string, b: string, verdict: Judgement["verdict"]): JudgedPair => ({
  a,
  b,
  judgement: {
    verdict,
    reasons: verdict === "different" ? [AGAINST] : [],
    ...(verdict !== "different" && { role: "lower-quality" as const }),
  },
});
/** In the order of quality: the first of the letters is the best. */
const pictures = (letters: string) =>
  [...letters].map((id, nth) => appearance({ id, width: 4000 - nth, height: 3000 }));
const told = (letters: string, pairs: readonly JudgedPair[]) => {
  const { joined, asked } = joinsOf(pictures(letters), pairs);
  const text = (joins: typeof joined) => joins.map(({ host, member }) => `${host}<${member}`).join(" ");
  return `${text(joined)} ? ${text(asked)}`.trim();
};

describe("joining", () => {
  it("makes the best one the host of all that are the same as it", () => {
    expect(told("abc", [pair("c", "a", "same"), pair("b", "a", "same"), pair("b", "c", "same")])).toBe(
      "a<b a<c ?",
    );
  });

  it("never goes through a third picture", () => {
    expect(told("abc", [pair("a", "b", "same"), pair("b", "c", "same")])).toBe("a<b ?");
  });

  it("asks where one fits two that are not one, and where it differs from a copy of its host", () => {
    expect(told("abc", [pair("a", "c", "same"), pair("b", "c", "same")])).toBe("? a<c b<c");
    expect(told("abc", [pair("a", "b", "same"), pair("a", "c", "same"), pair("b", "c", "different")])).toBe(
      "a<b ? a<c",
    );
  });

  it("passes on what is a question, once it is not joined anyway", () => {
    expect(told("abc", [pair("a", "b", "ask"), pair("a", "c", "same")])).toBe("a<c ? a<b");
    expect(told("abc", [pair("a", "b", "same"), pair("a", "c", "same"), pair("b", "c", "ask")])).toBe(
      "a<b a<c ?",
    );
  });
});

describe("candidates", () => {
  it("share a key whatever the zone, up to fourteen hours", () => {
    const keys = (takenDate: string) =>
      candidateKeys(appearance({ id: "x", filename: "image.jpg", takenDate }));
    for (const hours of [0, 1, 5, 9, 13, 14]) {
      const away = `2023-05-0${hours < 10 ? 1 : 2}T${String((14 + hours) % 24).padStart(2, "0")}:20:30Z`;
      expect(keys(away).some((key) => keys("2023-05-01T14:20:30").includes(key))).toBe(true);
    }
  });

  it("are found in time that grows with the pictures", () => {
    const many = Array.from({ length: 20_000 }, (_, nth) =>
      appearance({
        id: `p${nth}`,
        filename: `IMG_${String(nth % 9999).padStart(4, "0")}.JPG`,
        takenDate: `20${10 + (nth % 13)}-05-${10 + (nth % 19)}T10:${String(nth % 60).padStart(2, "0")}:${String((nth * 7) % 60).padStart(2, "0")}`,
      }),
    );
    const { pairs } = candidatePairs([
      ...many,
      appearance({ id: "copy", filename: "IMG_0007.JPG", takenDate: many[7]?.takenDate ?? "" }),
    ]);
    expect(pairs).toContainEqual([7, 20_000]);
  });

  it("do not come from a crowd under one key", () => {
    const crowd = Array.from({ length: 70 }, (_, nth) => appearance({ id: `p${nth}` }));
    const { pairs, crowded } = candidatePairs(crowd);
    expect(pairs).toEqual([]);
    expect(crowded).toContain("name:img_1234");
  });
});
