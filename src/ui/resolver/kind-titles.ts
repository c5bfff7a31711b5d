import type { QuestionKind } from "../../domain/settling/question.js";

/** What each kind of question is called in the list. */
export const KIND_TITLES: Readonly<Record<QuestionKind, string>> = {
  caption: "Captions",
  title: "Titles",
  date: "Dates",
  date_shift: "Dates whose clocks are whole hours apart",
  place: "Places",
  camera: "Cameras",
  tags: "Tags",
  rating: "Ratings",
  people: "People",
  albums: "Albums",
  rotation: "One picture, turned?",
  edit_variant: "One picture, edited?",
  quality_variant: "One picture, in another quality?",
  visibility: "Who may see it",
  missing_original: "No original was found",
  service_policy: "A service cannot take it",
};
