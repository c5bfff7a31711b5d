import type { EstimatedPlace, EstimateResult } from "../../operations/estimate.js";
import { shown, wrap } from "../../text/lines.js";
import { money } from "../../text/money.js";
import { counted, size } from "../../text/units.js";
import { asText } from "./closing.js";
import { table } from "./table.js";
import { heading, paint, type View } from "./view.js";

const COLUMNS = [
  { title: "", shrinks: true },
  { title: "class", shrinks: true },
  { title: "a month", align: "right" },
  { title: "a year", align: "right" },
  { title: "to send", align: "right" },
  { title: "to bring back", align: "right" },
] as const;

const rowOf = ({ store, preset, costs, note }: EstimatedPlace): readonly string[] => {
  const name = store ?? preset ?? "";
  if (costs === null) return [name, note ?? "", "–", "–", "–", "–"];
  const { basis, month, year, upload, restore } = costs;
  return [
    name,
    basis.storage_class,
    ...[month, year, upload, restore].map((micros) => money(micros, basis.currency)),
  ];
};

function part(title: string, places: readonly EstimatedPlace[], view: View): readonly string[] {
  if (places.length === 0) return [];
  return ["", heading(view, title), ...table(COLUMNS, places.map(rowOf), view)];
}

/** What has to be added, where that is not everything or nothing. */
const growing = (places: readonly EstimatedPlace[], view: View): readonly string[] =>
  places.flatMap(({ store, there, adds, costs }) =>
    costs === null || adds.objects === 0 || there.objects === 0
      ? []
      : wrap(
          `${shown(store ?? "")} has ${size(there.bytes)} (${money(costs.month_now, costs.basis.currency)} a month) and would get ${size(adds.bytes)} more.`,
          view.width,
          "  ",
        ),
  );

/** By which prices: one line for each provider. */
function basisLines(places: readonly EstimatedPlace[], view: View): readonly string[] {
  const lines = new Map<string, { line: string; outdated: boolean }>();
  for (const { costs } of places) {
    if (costs === null) continue;
    const { preset, as_of, region, source, outdated } = costs.basis;
    const where = region === null ? "" : ` for ${region}`;
    lines.set(preset, { line: `${preset}: as of ${as_of}${where}, ${source}`, outdated });
  }
  return [...lines.values()].flatMap(({ line, outdated }) => [
    ...wrap(line, view.width, "  "),
    ...(outdated
      ? [paint(view, "yellow", "    more than a year old: look there, and edit config/prices.json")]
      : []),
  ]);
}

const keptFor = (places: readonly EstimatedPlace[], view: View): readonly string[] => {
  const rules = new Set(
    places.flatMap(({ costs }) =>
      costs === null || costs.basis.minimum_days === null
        ? []
        : [`${costs.basis.preset} ${costs.basis.storage_class}: ${costs.basis.minimum_days} days`],
    ),
  );
  return rules.size === 0
    ? []
    : wrap(`What is removed earlier is billed for: ${[...rules].join(", ")}.`, view.width, "  ");
};

/** What a library costs on each store and preset, and by which prices. */
export function renderEstimate(result: EstimateResult, view: View): string {
  const { counts, places } = result;
  const own = places.filter(({ store }) => store !== null);
  const presets = places.filter(({ store }) => store === null);
  const isPriced = places.some(({ costs }) => costs !== null);
  return asText([
    `${counted(counts.objects, "original")}, ${size(counts.bytes)}, once every store has all of them:`,
    ...part("Your stores", own, view),
    ...growing(own, view),
    ...part("Elsewhere", presets, view),
    "",
    ...(isPriced
      ? [
          "Prices, from config/prices.json:",
          ...basisLines(places, view),
          ...keptFor(places, view),
          "These are list prices without tax; nobody was asked.",
        ]
      : ["No prices are known of these stores; --all-presets shows those of providers."]),
  ]);
}
