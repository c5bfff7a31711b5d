import { allowsMore } from "../approvals.js";
import type { PhotoDocument } from "../photo.js";
import { sameJson } from "../same-json.js";
import { VISIBILITIES, type Visibility } from "../visibility.js";
import { combined } from "./combine.js";
import type { AnswerOption, QuestionPicture } from "./decision.js";
import { holderNames, holdersOwn } from "./holder-names.js";
import { clockShift, type Held, type QuestionKind } from "./question.js";
import type { RuledField } from "./value-rule.js";
import type { Settlement } from "./value-rules.js";

/** A span between two clocks as people say it: `2 hours`, `5 hours 30 minutes`. */
function spanOf(ms: number): string {
  const minutes = Math.abs(ms) / 60_000;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = [
    hours > 0 ? `${hours} hour${hours === 1 ? "" : "s"}` : "",
    rest > 0 ? `${rest} minutes` : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}

/** By how many milliseconds each later date of a shift differs from the first; empty where it is none. */
export const shiftsOf = (kind: QuestionKind, held: readonly Held[]): readonly number[] =>
  kind !== "date_shift"
    ? []
    : held.slice(1).map(({ value }) => clockShift(String(held[0]?.value), String(value)) ?? 0);

function sides(kind: QuestionKind, held: readonly Held[]): readonly AnswerOption[] {
  const shifts = shiftsOf(kind, held);
  return held.map(({ value, holders }, at) => {
    const shift = shifts[at - 1] ?? 0;
    const later = shift === 0 ? "" : ` (${spanOf(shift)} ${shift > 0 ? "later" : "earlier"})`;
    return {
      answer: { kind: "holder", holder: holders[0] ?? "" },
      label: `${holdersOwn(holders)}${later}`,
      value,
    };
  });
}

const COMBINED_LABELS: Readonly<Partial<Record<RuledField, string>>> = {
  caption: "one after the other",
  title: "one after the other",
};

/** What may be answered where values differ: each side, all together, and what a rule would make of it where that is yet another value. */
export function valueOptions(
  kind: QuestionKind,
  field: RuledField,
  held: readonly Held[],
  proposal: Settlement | null,
): readonly AnswerOption[] {
  const options = [...sides(kind, held)];
  const all = combined(
    field,
    held.map(({ value }) => value),
  );
  if (all !== null)
    options.push({
      answer: { kind: "combine" },
      label: COMBINED_LABELS[field] ?? "all together",
      value: all,
    });
  if (proposal !== null && !options.some(({ value }) => sameJson(value, proposal.value))) {
    const { rule, value } = proposal;
    options.push({ answer: { kind: "rule", rule }, label: `as the rule ${rule} makes it`, value });
  }
  return options;
}

const ROLES: Readonly<Partial<Record<QuestionKind, string>>> = {
  edit_variant: "an edited version",
  quality_variant: "a copy of lower quality",
  rotation: "a turned copy",
};

/** What may be answered where two pictures may be one. */
export const identityOptions = (
  kind: QuestionKind,
  better: string,
  other: string,
): readonly AnswerOption[] => [
  {
    answer: { kind: "same" },
    label: `one picture: ${other} is ${ROLES[kind] ?? "another version"} of ${better} and is kept with it`,
  },
  { answer: { kind: "different" }, label: "two pictures: keep them apart and never ask again" },
];

/** Where other pictures were joined to the photo, that they are other ones after all; nothing where none was. */
export const splitOptions = (joined: readonly QuestionPicture[]): readonly AnswerOption[] =>
  joined.length === 0
    ? []
    : [
        {
          answer: { kind: "split" },
          label: `not one picture: split off ${joined.map(({ filename, holders }) => `${filename} (${holderNames(holders)})`).join(", ")}`,
        },
      ];

const AUDIENCES: Readonly<Record<Visibility, string>> = {
  private: "only you",
  friends: "your contacts",
  public: "everyone",
};

/** What may be answered where services show a photo to more people than others: the level in force first, then the others. */
export function levelOptions(
  document: Pick<PhotoDocument, "approvals" | "visibility">,
  held: readonly Held[],
): readonly AnswerOption[] {
  const { canonical } = document.visibility;
  const others = VISIBILITIES.filter(
    (level) => level !== canonical && held.some(({ value }) => value === level),
  );
  return [canonical, ...others].map((level) => {
    const widens = level !== canonical && allowsMore(document, level);
    const remark = level === canonical ? ", as it is now" : widens ? ", to be confirmed" : "";
    return {
      answer: { kind: "level", level },
      label: `${level}: ${AUDIENCES[level]}${remark}`,
      value: level,
      ...(widens && { widens }),
    };
  });
}

/** What may be answered where nothing can be chosen, only known. */
export const acceptOption = (label: string): readonly AnswerOption[] => [
  { answer: { kind: "accept" }, label },
];
