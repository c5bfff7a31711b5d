import { type ReplicatePolicy, viewOf } from "../domain/replicate-policy.js";
import type { WritableField } from "../domain/service-fields.js";
import type { ServiceTraits } from "../ports/photo-service.js";

const FIELD_WORDS: Readonly<Record<WritableField, string>> = {
  title: "titles",
  caption: "captions",
  tags: "tags",
  taken_date: "dates",
  location: "places",
  albums: "albums",
};

/** `a`, `a and b`, `a, b and c`. */
const listed = (words: readonly string[], last: "and" | "or"): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;

const quoted = (names: readonly string[]): string =>
  listed(
    names.map((name) => `“${name}”`),
    "or",
  );

function uploadWords({ photos = "none" }: ReplicatePolicy): string {
  if (photos === "all") return "uploads every photo that is not there, as private";
  const { albums = [], tags = [] } = photos === "none" ? {} : photos;
  const chosen = [
    ...(albums.length === 0 ? [] : [`in the albums ${quoted(albums)}`]),
    ...(tags.length === 0 ? [] : [`with the tags ${quoted(tags)}`]),
  ];
  return chosen.length === 0
    ? "uploads nothing"
    : `uploads photos ${chosen.join(" and those ")} that are not there, as private`;
}

/** What `replicate` may do on an account, in a sentence for its owner; without a policy it only reads. */
export function policyWords(policy: ReplicatePolicy | undefined, traits: ServiceTraits): string {
  if (policy === undefined) return "nothing: the account is only read";
  const { fields, settableVisibilities } = viewOf("", policy, traits);
  const written = listed(
    [...fields].map((field) => FIELD_WORDS[field]),
    "and",
  );
  const shownTo =
    settableVisibilities.length === 0
      ? "cannot change who may see a photo there"
      : policy.visibility === false
        ? "leaves to you who may see a photo there"
        : "narrows what is too visible there, and shows to others only what you approved";
  return `${uploadWords(policy)}; ${written === "" ? "writes nothing" : `writes ${written}`}; ${shownTo}`;
}
