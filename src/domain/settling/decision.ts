import type { ContentHash, PhotoId } from "../ids.js";
import type { Json } from "../photo.js";
import type { Visibility } from "../visibility.js";
import type { Held, QuestionKind } from "./question.js";
import type { Settlement } from "./value-rules.js";

/** What a person may answer to an open question. Which of them fit is told by the question's `options`. */
export type Answer =
  /** The value of one holder: a service, `service:id`, `original`, or `canonical` for what the library holds. */
  | { readonly kind: "holder"; readonly holder: string }
  /** All values as one: texts one after the other, lists united. */
  | { readonly kind: "combine" }
  /** What a rule makes of the values, by the rule's name. */
  | { readonly kind: "rule"; readonly rule: string }
  /** A value of the person's own; null takes the value away. */
  | { readonly kind: "value"; readonly value: Json }
  /** Both are one picture: the other becomes a variant of the better one. */
  | { readonly kind: "same" }
  /** They are two pictures: never asked again, and split where they were joined. */
  | { readonly kind: "different" }
  /** What was joined to the photo shows another picture: each such variant becomes a photo of its own again. */
  | { readonly kind: "split" }
  /** Who may see it. A level wider than at present has to be confirmed by itself. */
  | { readonly kind: "level"; readonly level: Visibility }
  /** It stays as it is, knowingly. */
  | { readonly kind: "accept" };

/** One way to answer, as it is offered: numbered in the order given. */
export interface AnswerOption {
  readonly answer: Answer;
  /** For people: `Flickr's` or `both, one after the other`. */
  readonly label: string;
  /** What the field would hold afterwards; absent where the answer is about no value. */
  readonly value?: Json;
  /** True where more people may see the photo afterwards: it counts only with `confirmed`, to be asked for by itself. */
  readonly widens?: boolean;
}

/** One picture of a question: bytes that may be looked at. */
export interface QuestionPicture {
  readonly hash: ContentHash;
  readonly photo_id: PhotoId;
  readonly filename: string;
  readonly mime_type: string;
  readonly bytes: number;
  readonly width?: number;
  readonly height?: number;
  /** Services and folders that hold it, sorted. */
  readonly holders: readonly string[];
}

/** A question that waits for a person, with all that is needed to put it and to answer it elsewhere. */
export interface OpenQuestion {
  /** `<photo_id> <field>`: the same for as long as the question stands. */
  readonly id: string;
  readonly photo_id: PhotoId;
  /** As in the document's conflict. */
  readonly field: string;
  readonly kind: QuestionKind;
  /** False for what may be left as it is: it holds nothing up and no command fails for it. */
  readonly required: boolean;
  readonly filename: string;
  readonly taken_date: string | null;
  readonly description: string;
  /** The conflict's values as they were put: an answer counts only while they are still the same. */
  readonly values: Readonly<Record<string, Json>>;
  /** Each value once, and whose it is; none where pictures are in question. */
  readonly held: readonly Held[];
  /** What a rule would make of it, were every rule on. */
  readonly proposal: Settlement | null;
  /** The evidence in words where pictures are in question. */
  readonly reasons: readonly string[];
  /** The photo itself first; where pictures are in question the better one is first. */
  readonly pictures: readonly QuestionPicture[];
  readonly options: readonly AnswerOption[];
  /** Questions of equal text here can be settled by one answer: same kind, same holders, same options. */
  readonly alike: string;
}

/** What a person decided on a question. */
export interface Decision {
  readonly photo_id: PhotoId;
  readonly field: string;
  /** The question's `values` when it was put. */
  readonly values: Readonly<Record<string, Json>>;
  readonly answer: Answer;
  /** True to answer so by rule from now on; only for a holder's value of a field. */
  readonly remember?: boolean;
  /** True where the person agreed, asked for this alone, that more people may see the photo; only for a level. */
  readonly confirmed?: boolean;
  /** RFC 3339 in UTC. */
  readonly decided_at: string;
}

/** The id of the question that a decision answers. */
export const questionId = (of: { readonly photo_id: PhotoId; readonly field: string }): string =>
  `${of.photo_id} ${of.field}`;
