import { describe, expect, it } from "vitest";
import {
  isWider,
  mostRestrictive,
  type SeenVisibility,
  VISIBILITIES,
  type Visibility,
  whenActing,
  whenAuditing,
} from "../../../src/domain/visibility.js";

/** Who can see a photo, as the words mean it. */
const AUDIENCE: Readonly<Record<Visibility, readonly string[]>> = {
  private: ["owner"],
  friends: ["owner", "contact"],
  public: ["owner", "contact", "stranger"],
};
const seesMore = (a: Visibility, b: Visibility) => AUDIENCE[a].some((who) => !AUDIENCE[b].includes(who));

describe("visibility", () => {
  it("is wider exactly where somebody more can see the photo", () => {
    for (const a of VISIBILITIES) for (const b of VISIBILITIES) expect(isWider(a, b)).toBe(seesMore(a, b));
  });

  it("at its most restrictive lets nobody in whom any level keeps out", () => {
    for (const a of VISIBILITIES)
      for (const b of VISIBILITIES)
        for (const c of VISIBILITIES) {
          const narrowest = mostRestrictive([a, b, c]);
          expect([a, b, c]).toContain(narrowest);
          for (const level of [a, b, c]) expect(seesMore(narrowest, level)).toBe(false);
        }
    expect(mostRestrictive([])).toBe("private");
  });

  it("that cannot be read is private to whoever acts and public to whoever audits", () => {
    const seen: readonly SeenVisibility[] = [...VISIBILITIES, "unknown"];
    expect(seen.map(whenActing)).toEqual(["private", "friends", "public", "private"]);
    expect(seen.map(whenAuditing)).toEqual(["private", "friends", "public", "public"]);
  });
});
