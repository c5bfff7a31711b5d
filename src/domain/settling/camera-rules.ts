import { relateCameras } from "../agreement.js";
import type { Json } from "../photo.js";
import { byCodeUnit } from "../same-json.js";
import type { ValueRule } from "./value-rule.js";

/** The parts of a camera, for an order that does not depend on who said it first. */
const spelled = (value: Json): string => JSON.stringify(value, ["make", "model", "lens"]);

const parts = (value: Json): number =>
  typeof value === "object" && value !== null ? Object.keys(value).length : 0;

/** Rules for cameras. */
export const cameraRules: readonly ValueRule[] = [
  {
    name: "camera_form",
    description: "Names of one camera, with or without its make, are one; the fullest stays.",
    fields: ["camera_info"],
    choose: (statements) => {
      const cameras = statements.map(({ value }) => value);
      const isOne = cameras.every((a) => cameras.every((b) => relateCameras(a, b) !== "different"));
      if (!isOne) return null;
      const sorted = cameras.toSorted(
        (a, b) =>
          parts(b) - parts(a) || spelled(b).length - spelled(a).length || byCodeUnit(spelled(a), spelled(b)),
      );
      return sorted[0] ?? null;
    },
  },
];
