import type { Visibility } from "../domain/visibility.js";

/** Whom each level shows a photo to. */
export const WHO: Readonly<Record<Visibility, string>> = {
  private: "you alone",
  friends: "you and your contacts",
  public: "everyone",
};
