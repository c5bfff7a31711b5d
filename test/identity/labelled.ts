import type { Appearance } from "../../src/domain/identity/appearance.js";

/** A picture of which it is known what it shows. */
export interface Labelled {
  readonly appearance: Appearance;
  /** Where its bytes are. */
  readonly path: string;
  /** Which press of the shutter (or scan, or screenshot) it is of. */
  readonly capture: string;
  /** How the picture itself was changed (cropped, turned, recoloured), or null where it was not. */
  readonly edit: string | null;
  /** The id of the picture that it was made of here, where each copy is held against that one alone. */
  readonly from?: string;
  /** What the scenario tries, for the table. */
  readonly scenario: string;
}

/** What two labelled pictures truly are to each other. */
export const truthOf = (a: Labelled, b: Labelled): "same" | "edit" | "different" => {
  if (a.capture !== b.capture) return "different";
  return a.edit === b.edit ? "same" : "edit";
};
