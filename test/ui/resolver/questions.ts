import { identityField } from "../../../src/domain/identity/identity-field.js";
import type { ContentHash, PhotoId } from "../../../src/domain/ids.js";
import type { Json } from "../../../src/domain/photo.js";
import type { AnswerOption, OpenQuestion, QuestionPicture } from "../../../src/domain/settling/decision.js";
import { questionId } from "../../../src/domain/settling/decision.js";

const photoId = (n: number) => `00000000-0000-5000-8000-${String(n).padStart(12, "0")}` as PhotoId;
const hashOf = (n: number) => `sha256:${String(n).padStart(64, "0")}` as ContentHash;

const picture = (n: number, filename: string): QuestionPicture => ({
  hash: hashOf(n),
  photo_id: photoId(n),
  filename,
  mime_type: "image/jpeg",
  bytes: 2_400_000,
  width: 4000,
  height: 3000,
  holders: ["flickr"],
});

interface Put {
  readonly filename?: string;
  readonly alike?: string;
}

function question(
  n: number,
  field: string,
  rest: Omit<
    OpenQuestion,
    "id" | "photo_id" | "field" | "filename" | "taken_date" | "required" | "pictures" | "values"
  >,
  filename: string,
): OpenQuestion {
  const photo_id = photoId(n);
  return {
    id: questionId({ photo_id, field }),
    photo_id,
    field,
    filename,
    taken_date: "2024-01-15T10:30:00+01:00",
    required: true,
    values: Object.fromEntries(
      rest.held.flatMap(({ holders, value }) => holders.map((holder) => [holder, value])),
    ),
    pictures:
      rest.kind === "edit_variant"
        ? [picture(n, filename), picture(n + 500_000, `copy of ${filename}`)]
        : [picture(n, filename)],
    ...rest,
  };
}

/** Two sources with a value each, as the questions of a field are put. */
export function valueQuestion(
  n: number,
  field: string,
  kind: OpenQuestion["kind"],
  values: readonly [Json, Json],
  { filename = `IMG_${n}.jpg`, alike = `${kind}: flickr against google-photos` }: Put = {},
): OpenQuestion {
  const [flickr, google] = values;
  const options: readonly AnswerOption[] = [
    { answer: { kind: "holder", holder: "flickr" }, label: "Flickr's", value: flickr },
    { answer: { kind: "holder", holder: "google-photos" }, label: "Google Photos'", value: google },
    ...(typeof flickr === "string" && field !== "taken_date"
      ? [
          {
            answer: { kind: "combine" } as const,
            label: "one after the other",
            value: `${flickr}\n\n${google}`,
          },
        ]
      : []),
  ];
  const held = [
    { value: flickr, holders: ["flickr"], since: "2024-03-02T10:00:00Z" },
    { value: google, holders: ["google-photos"], since: null },
  ];
  return question(
    n,
    field,
    {
      kind,
      description: "Flickr and Google Photos differ.",
      held,
      proposal: null,
      reasons: [],
      options,
      alike,
    },
    filename,
  );
}

export const captionQuestion = (n: number, put: Put = {}): OpenQuestion =>
  valueQuestion(n, "caption", "caption", ["Ocean Beach sunset with friends", "Sunset at the beach"], put);

/** Two pictures of which nobody is sure that they are one. */
export const identityQuestion = (
  n: number,
  { filename = `IMG_${n}.jpg`, alike = "edit_variant" }: Put = {},
): OpenQuestion =>
  question(
    n,
    identityField(hashOf(n + 500_000)),
    {
      kind: "edit_variant",
      description: "These may be one picture.",
      held: [],
      proposal: null,
      reasons: ["taken in the same second", "against: another aspect"],
      options: [
        { answer: { kind: "same" }, label: "one picture: the second is kept with the first" },
        { answer: { kind: "different" }, label: "two pictures: keep them apart and never ask again" },
      ],
      alike,
    },
    filename,
  );

/** Services that show a photo to different people; at present to the owner alone. */
export const visibilityQuestion = (
  n: number,
  { filename = `IMG_${n}.jpg`, alike = "visibility" }: Put = {},
): OpenQuestion =>
  question(
    n,
    "visibility",
    {
      kind: "visibility",
      description: "Flickr shows it to everyone, Google Photos to you alone.",
      held: [
        { value: "public", holders: ["flickr"], since: null },
        { value: "private", holders: ["google-photos"], since: null },
      ],
      proposal: { rule: "most_restrictive_visibility", value: "private" },
      reasons: [],
      options: [
        {
          answer: { kind: "level", level: "private" },
          label: "private: only you, as it is now",
          value: "private",
        },
        { answer: { kind: "level", level: "public" }, label: "public: everyone", value: "public" },
      ],
      alike,
    },
    filename,
  );
