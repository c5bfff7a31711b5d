import type { ListedStore, StoreListResult } from "../../operations/stores/store-results.js";
import { shown, wrap } from "../../text/lines.js";
import { ago, counted, size } from "../../text/units.js";
import { asText } from "./closing.js";
import { type Column, table } from "./table.js";
import { heading, type View } from "./view.js";

const COLUMNS: readonly Column[] = [
  { title: "name" },
  { title: "kind" },
  { title: "place", shrinks: true },
  { title: "class" },
  { title: "encrypted" },
  { title: "holds", align: "right" },
  { title: "", align: "right" },
  { title: "bytes proven" },
  { title: "" },
];

/** Stores that are configured, and below those that only documents speak of. */
export function renderStoreList({ stores }: StoreListResult, view: View): string {
  const known = stores.filter(({ state }) => state !== "forgotten");
  const forgotten = stores.filter(({ state }) => state === "forgotten");
  if (stores.length === 0) return asText(["There is no store yet: photosync store add"]);
  return asText([
    heading(view, "Stores"),
    ...table(
      COLUMNS,
      known.map((store) => rowOf(store, view)),
      view,
    ),
    ...known.flatMap(({ name, note }) =>
      note === null ? [] : wrap(`! ${shown(name)}: ${shown(note)}`, view.width, "  "),
    ),
    ...(forgotten.length === 0
      ? []
      : [
          "",
          heading(view, "No longer configured"),
          ...forgotten.flatMap(({ name, blobs }) =>
            wrap(
              `${shown(name)}: documents record ${counted(blobs, "replica")} there, which count for nothing until it is added again`,
              view.width,
              "  ",
            ),
          ),
        ]),
  ]);
}

function rowOf(store: ListedStore, view: View): readonly string[] {
  const { name, kind, url, storage_class, encryption, blobs, bytes, last_verify, state, reachable } = store;
  const standing =
    state === "disabled"
      ? "switched off"
      : reachable === null
        ? ""
        : reachable
          ? "reachable"
          : "NOT REACHABLE";
  return [
    store.primary ? `${name} *` : name,
    kind ?? "",
    url ?? "",
    storage_class ?? "",
    encryption ?? "no",
    counted(blobs, "original"),
    size(bytes),
    last_verify === null ? "never" : ago(last_verify, view.now),
    standing,
  ];
}
