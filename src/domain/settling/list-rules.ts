import { coordinatesOf, relatePlaces } from "../agreement.js";
import { distinctNames } from "../fields.js";
import type { Json } from "../photo.js";
import { byCodeUnit } from "../same-json.js";
import type { RuledField, Statement, ValueRule } from "./value-rule.js";

const union = (name: string, field: RuledField, description: string): ValueRule => ({
  name,
  description,
  fields: [field],
  choose: (statements) => {
    const names = statements.flatMap(({ value }) => (Array.isArray(value) ? value : [null]));
    if (!names.every((one): one is string => typeof one === "string")) return null;
    return [...distinctNames(names)].sort(byCodeUnit);
  },
});

/** Lists of names that can all be true: their union says what each says. Letter case counts, so that no name is lost. */
export const listRules: readonly ValueRule[] = [
  union("tag_union", "tags", "Different tags are united: the photo gets those of every source."),
  union("album_union", "albums", "A photo is in every album that some source has it in."),
  union("people_union", "people", "Everybody whom some source names is in the photo."),
];

const decimals = (degrees: number): number => (String(Math.abs(degrees)).split(".")[1] ?? "").length;

function precision({ value }: Statement): number {
  const place = coordinatesOf(value);
  return place === null ? -1 : Math.max(decimals(place.lat), decimals(place.lng));
}

const hasAltitude = (value: Json): boolean =>
  typeof value === "object" && value !== null && "altitude" in value;

/** The numbers of a place, for an order that does not depend on who said it first. */
const spelled = (value: Json): string => JSON.stringify(value, ["lat", "lng", "altitude"]);

/** Places within each other's stated precision are one. */
export const placeRules: readonly ValueRule[] = [
  {
    name: "place_precision",
    description:
      "Places that agree within the precision they are stated with are one; the most precise stays.",
    fields: ["location"],
    choose: (statements) => {
      const isOne = statements.every((a) =>
        statements.every((b) => precision(a) >= 0 && relatePlaces(a.value, b.value) !== "different"),
      );
      if (!isOne) return null;
      const sorted = statements.toSorted(
        (a, b) =>
          precision(b) - precision(a) ||
          Number(hasAltitude(b.value)) - Number(hasAltitude(a.value)) ||
          byCodeUnit(spelled(a.value), spelled(b.value)),
      );
      return sorted[0]?.value ?? null;
    },
  },
];
