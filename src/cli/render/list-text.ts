import type { ListResult } from "../../operations/results.js";
import { readable, size } from "../../text/units.js";
import { asText } from "./closing.js";
import { table } from "./table.js";
import type { View } from "./view.js";

/** Enough of an id for `show` to find the photo; the whole would leave its name no room on a screen, nor would more on a narrow one. */
const SHORT_ID = 13;
const SHORTEST_ID = 8;
const NARROW = 100;

/** Photos as columns, one a line; with whole ids where the text goes to a file or another program. */
export function renderList(result: ListResult, view: View): string {
  if (result.photos.length === 0) return "No photo matches.\n";
  const rows = result.photos.map((photo) => [
    Number.isFinite(view.width)
      ? photo.photo_id.slice(0, view.width < NARROW ? SHORTEST_ID : SHORT_ID)
      : photo.photo_id,
    photo.taken_date === null ? "undated" : readable(photo.taken_date).slice(0, 16),
    photo.filename,
    size(photo.bytes),
    photo.processing_state + (photo.conflicts > 0 ? "!" : ""),
    photo.visibility,
    photo.services.join(","),
  ]);
  return asText(
    table(
      [
        { title: "photo" },
        { title: "taken" },
        { title: "name", shrinks: true },
        { title: "size", align: "right" },
        { title: "state" },
        { title: "seen by" },
        { title: "services", shrinks: true },
      ],
      rows,
      view,
      "",
    ),
  );
}
