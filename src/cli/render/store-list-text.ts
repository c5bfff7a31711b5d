import type { ListedStore, StoreListResult } from "../../operations/stores/store-results.js";
import { shown, wrap } from "../../text/lines.js";
import { ago, counted, size } from "../../text/units.js";
import { asText } from "./closing.js";
import { heading, paint, type View } from "./view.js";

/** Stores that are configured, and below those that only documents speak of. */
export function renderStoreList({ stores }: StoreListResult, view: View): string {
  const known = stores.filter(({ state }) => state !== "forgotten");
  const forgotten = stores.filter(({ state }) => state === "forgotten");
  if (stores.length === 0) return asText(["There is no store yet: photosync store add"]);
  return asText([
    heading(view, "Stores"),
    ...known.flatMap((store) => linesOf(store, view)),
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

/** Its name and address, and below them what is known of it: an address has no room in a column. */
function linesOf(store: ListedStore, view: View): readonly string[] {
  const { name, url, storage_class, encryption, blobs, bytes, last_verify, reachable, note } = store;
  const facts = [
    ...(store.primary ? ["the primary one"] : []),
    ...(store.state === "disabled" ? ["switched off"] : []),
    `${counted(blobs, "original")} (${size(bytes)})`,
    ...(storage_class === null ? [] : [`class ${storage_class}`]),
    ...(encryption === null ? [] : [encryptionWords(encryption)]),
    last_verify === null ? "bytes never proven again" : `bytes proven ${ago(last_verify, view.now)}`,
    ...(reachable === null ? [] : [reachable ? "reachable" : "NOT REACHABLE"]),
  ];
  return [
    ...wrap(`${paint(view, "bold", shown(name))}: ${shown(url ?? "")}`, view.width, "  "),
    ...wrap(facts.join(", "), view.width, "    "),
    ...(note === null ? [] : wrap(`! ${shown(note)}`, view.width, "    ")),
  ];
}

function encryptionWords(encryption: string): string {
  if (encryption === "passphrase") return "encrypted to a passphrase";
  if (encryption === "recipients") return "encrypted to age recipients";
  return `encrypted by the server (${encryption})`;
}
