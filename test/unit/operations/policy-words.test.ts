import { expect, it } from "vitest";
import type { ReplicatePolicy } from "../../../src/domain/replicate-policy.js";
import { policyWords } from "../../../src/operations/policy-words.js";
import type { ServiceTraits } from "../../../src/ports/photo-service.js";
import { FLICKR_TRAITS } from "../../../src/services/flickr/traits.js";
import { libraryTraits } from "../../../src/services/google-photos/capabilities.js";

const onFlickr = (policy?: ReplicatePolicy, traits: ServiceTraits = FLICKR_TRAITS) =>
  policyWords(policy, traits);

it("says which photos go out, what is written, and who decides who may see them", () => {
  expect(onFlickr({ photos: "all" })).toBe(
    "uploads every photo that is not there, as private; writes titles, captions, tags and dates; narrows what is too visible there, and shows to others only what you approved",
  );
  expect(onFlickr({ photos: { albums: ["Rome", "Home"], tags: ["best"] }, fields: ["title"] })).toContain(
    "uploads photos in the albums “Rome” or “Home” and those with the tags “best” that are not there, as private; writes titles;",
  );
  expect(onFlickr({ fields: [], visibility: false })).toBe(
    "uploads nothing; writes nothing; leaves to you who may see a photo there",
  );
});

it("names no more than the service can do, and nothing without a policy", () => {
  expect(onFlickr({ photos: "all" }, libraryTraits(false))).toMatch(/writes captions; cannot change who/);
  expect(onFlickr()).toBe("nothing: the account is only read");
});
