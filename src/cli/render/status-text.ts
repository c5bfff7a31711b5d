import type { StatusResult } from "../../operations/results.js";
import { shown, wrap } from "../../text/lines.js";
import { ago, counted, grouped, size } from "../../text/units.js";
import { asText } from "./closing.js";
import { table } from "./table.js";
import { heading, paint, type View } from "./view.js";

const FIRST_UNCOMMITTED = 5;

function phaseLines({ counts }: StatusResult, view: View): string[] {
  const share = (photos: number) => {
    if (counts.photos === 0) return "";
    const percent = Math.floor((100 * photos) / counts.photos);
    return percent === 0 && photos > 0 ? "< 1 %" : `${percent} %`;
  };
  const rows = [
    ["discovered", grouped(counts.discovered), share(counts.discovered), "to be resolved"],
    ["resolved", grouped(counts.resolved), share(counts.resolved), "to be replicated"],
    ["replicated", grouped(counts.replicated), share(counts.replicated), "in every store"],
  ];
  return [
    "",
    heading(view, "Phases"),
    ...table([{}, { align: "right" }, { align: "right" }, { shrinks: true }], rows, view),
  ];
}

function serviceLines({ services }: StatusResult, view: View): string[] {
  const title = ["", heading(view, "Services")];
  if (services.length === 0) return [...title, "  none yet: photosync discover PATH"];
  const rows = services.map((service) => [
    service.name,
    service.provider === service.name ? "" : service.provider,
    counted(service.photos, "photo"),
    service.last_discover === null
      ? "never looked at"
      : `last looked at ${ago(service.last_discover, view.now)}`,
  ]);
  return [
    ...title,
    ...table([{ shrinks: true }, { shrinks: true }, { align: "right" }, {}], rows, view),
    ...noteLines(services, view),
  ];
}

function storeLines(result: StatusResult, view: View): string[] {
  const { stores } = result;
  const title = ["", heading(view, "Stores")];
  if (stores.length === 0) return [...title, "  none: originals are kept nowhere; see `photosync doctor`"];
  const rows = stores.map((store) => [
    store.name,
    store.where,
    counted(store.replicas, "replica"),
    `${grouped(store.missing)} missing`,
    store.last_verify === null ? "never verified" : `verified ${ago(store.last_verify, view.now)}`,
  ]);
  const columns = [{}, { shrinks: true }, { align: "right" }, { align: "right" }, {}] as const;
  return [
    ...title,
    ...table(columns, rows, view),
    ...noteLines(stores, view),
    ...proofLines(stores, view),
    ...stagedLines(result, view),
  ];
}

const HOW = {
  listing: "presence and size compared",
  checksums: "the store's checksums compared",
  deep: "bytes read and hashed",
} as const;

function proofLines(stores: StatusResult["stores"], view: View): string[] {
  return stores.flatMap(({ name, proofs, replicas }) => {
    const [last] = proofs;
    if (last === undefined) return [];
    const amount = `${grouped(last.checked)} of ${counted(replicas, "replica")}`;
    const round =
      last.percent >= 100
        ? []
        : [
            ...(last.round_percent < 100 ? [`${last.round_percent} % of this round of samples`] : []),
            ...(last.whole_since === null ? [] : [`all since ${ago(last.whole_since, view.now)}`]),
          ];
    const bad = [
      ...(last.missing > 0 ? [`${grouped(last.missing)} missing`] : []),
      ...(last.corrupt > 0 ? [`${grouped(last.corrupt)} corrupt`] : []),
    ];
    const parts = [`${HOW[last.way]} of ${amount} ${ago(last.at, view.now)}`, ...round, ...bad];
    return wrap(`${shown(name)}: ${parts.join(", ")}`, view.width, "  ");
  });
}

const stagedLines = ({ staged }: StatusResult, view: View): string[] =>
  staged === 0
    ? []
    : wrap(
        `${counted(staged, "original")} kept at hand in .photosync/staging for replicate`,
        view.width,
        "  ",
      );

const noteLines = (
  rows: readonly { readonly name: string; readonly note: string | null }[],
  view: View,
): string[] =>
  rows.flatMap(({ name, note }) =>
    note === null ? [] : wrap(`! ${shown(name)}: ${shown(note)}`, view.width, "  "),
  );

function attentionLines({ counts, uncommitted }: StatusResult, view: View): string[] {
  const lines: string[] = [];
  if (counts.conflicts > 0) {
    lines.push(`${counted(counts.conflicts, "conflict")} for a person to decide`);
  }
  if (counts.discrepancies > 0) {
    const many = counted(counts.discrepancies, "visibility discrepancy", "visibility discrepancies");
    lines.push(many);
  }
  if (uncommitted.length > 0) {
    const files = counted(uncommitted.length, "file");
    const named = uncommitted.slice(0, FIRST_UNCOMMITTED).map(shown).join(", ");
    const rest = uncommitted.length > FIRST_UNCOMMITTED ? ", …" : "";
    lines.push(`${files} edited but not committed: ${named}${rest}`);
  }
  if (lines.length === 0) return [];
  const wrapped = lines.flatMap((line) => wrap(`! ${line}`, view.width, "  "));
  return ["", paint(view, "yellow", "Needs attention"), ...wrapped];
}

/** Each command with its reason beside it, in as many lines as that takes. */
function nextLines(next: StatusResult["next"], view: View): string[] {
  if (next.length === 0) return ["  nothing to do"];
  const room = Math.max(...next.map(({ command }) => command.length)) + 4;
  return next.flatMap(({ command, why }) =>
    wrap(shown(why), view.width - room).map((line, index) =>
      index > 0
        ? `${" ".repeat(room)}${line}`
        : `  ${paint(view, "cyan", command)}${" ".repeat(room - 2 - command.length)}${line}`,
    ),
  );
}

/** One page of where the library stands: phases, services, stores, what needs attention, what to do next. */
export function renderStatus(result: StatusResult, view: View): string {
  const { counts, next } = result;
  const sum = `${counted(counts.photos, "photo")}, ${size(counts.bytes)} of originals`;
  return asText([
    `${heading(view, "Library")} ${shown(result.library)}`,
    `${sum}`,
    ...phaseLines(result, view),
    ...serviceLines(result, view),
    ...storeLines(result, view),
    ...attentionLines(result, view),
    "",
    heading(view, "Next"),
    ...nextLines(next, view),
  ]);
}
