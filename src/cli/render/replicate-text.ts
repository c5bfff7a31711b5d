import type { ReplicateResult } from "../../operations/results.js";
import { shown, wrap } from "../../text/lines.js";
import { money } from "../../text/money.js";
import { counted, grouped, size } from "../../text/units.js";
import { asText, closingLines } from "./closing.js";
import { noteLines } from "./note-lines.js";
import { moreLine, planLines } from "./plan-text.js";
import { paint, type View } from "./view.js";

/** Reasons that are spelled out before the rest is only counted. */
const MOST_REASONS = 10;

/** What is held back. For what services do not take the reasons stand here, for all else among the failures. */
function heldLines(held: ReplicateResult["held"], view: View): string[] {
  const own = held.filter(({ service }) => service === undefined);
  const onServices = held.filter(({ service }) => service !== undefined);
  const listed = view.full ? onServices : onServices.slice(0, MOST_REASONS);
  return [
    ...(own.length === 0
      ? []
      : [`${counted(own.length, "photo")} held back; each is listed with the reason.`]),
    ...(onServices.length === 0 ? [] : [`Left as it is on services: ${counted(onServices.length, "photo")}`]),
    ...listed.map(({ subject, why }) => `  ${subject.slice(0, 8)}  ${why}`),
    ...moreLine(onServices.length - listed.length, view),
  ];
}

/** What the plan asks of each account: "google-photos: about 2,140 requests; 120 of 10,000 are used today". */
const foretoldLines = (services: ReplicateResult["services"]): string[] =>
  services.flatMap(({ name, steps, requests, quota }) => {
    if (steps === 0) return [];
    const need = `${name}: about ${grouped(requests)} requests`;
    if (quota === null) return [need];
    const left = Math.max(0, quota.per_day - quota.used);
    return [
      `${need} of ${grouped(quota.per_day)} a day (${grouped(quota.used)} used today)`,
      ...(requests > left
        ? [`  More than the ${grouped(left)} left today: run it again after ${quota.resets_at} for the rest.`]
        : []),
    ];
  });

/** What the plan costs: "cloud: $0.02 to send, then $1.38 a month instead of $1.20, $23.10 to bring all back". */
function costLines(costs: ReplicateResult["costs"], view: View): string[] {
  const days = new Set(costs.map(({ costs: { basis } }) => basis.as_of));
  const lines = costs.map(({ store, costs: { basis, upload, month, month_now, restore } }) => {
    const [send, now, then, back] = [upload, month_now, month, restore].map((each) =>
      money(each, basis.currency),
    );
    return `${shown(store)}: ${send} to send, then ${then} a month instead of ${now}, ${back} to bring all back`;
  });
  if (lines.length === 0) return [];
  const old = new Set(costs.flatMap(({ costs: { basis } }) => (basis.outdated ? [basis.preset] : [])));
  const warning = `The prices of ${[...old].join(", ")} are more than a year old: \`photosync estimate\` says where to look, and config/prices.json is yours to edit.`;
  const title = `What it costs, by list prices of ${[...days].sort().join(", ")} without tax (see \`photosync estimate\`):`;
  return [
    ...wrap(title, view.width),
    ...lines.flatMap((line) => wrap(line, view.width, "  ")),
    ...(old.size === 0 ? [] : wrap(warning, view.width, "  ").map((line) => paint(view, "yellow", line))),
  ];
}

/** "A bundle of the library (2.1 MB) went to cloud and usb", or that it will. */
function bundleLines(bundles: ReplicateResult["bundles"], view: View): string[] {
  const [first] = bundles;
  if (first === undefined) return [];
  const names = bundles.map(({ store }) => store).join(", ");
  if (first.outcome === "planned")
    return wrap(`A bundle of the library, with its whole history, will go to ${names}.`, view.width);
  const removed = bundles.reduce((sum, bundle) => sum + bundle.removed, 0);
  const spare = removed === 0 ? "" : ` ${counted(removed, "older one")} removed.`;
  return wrap(
    `A bundle of the library, with its whole history (${size(first.bytes ?? 0)}), is in ${names}.${spare}`,
    view.width,
  );
}

const todo = (view: View): string =>
  paint(view, "yellow", "Nothing was done yet. To do exactly this: photosync replicate --execute");

/** The plan, and with `--execute` what came of it. */
export function renderReplicate(result: ReplicateResult, view: View): string {
  const { counts } = result;
  if (counts.planned === 0) {
    return asText([
      result.held.some(({ service }) => service === undefined) || result.failures.length > 0
        ? "Nothing can be done now."
        : result.services.length > 0
          ? "Nothing to do: every store holds every original, and every service says what the library says."
          : "Nothing to do: every store holds every original.",
      ...heldLines(result.held, view),
      ...bundleLines(result.bundles, view),
      ...(result.dry_run ? (result.bundles.length > 0 ? ["", todo(view)] : []) : closingLines(result, view)),
    ]);
  }
  if (result.dry_run) {
    return asText([
      ...planLines(result.plan, `Plan: ${counted(counts.planned, "step")}, ${size(counts.bytes)}`, view),
      ...foretoldLines(result.services),
      ...heldLines(result.held, view),
      ...bundleLines(result.bundles, view),
      ...costLines(result.costs, view),
      "",
      todo(view),
    ]);
  }
  const failed = paint(view, counts.failed > 0 ? "red" : "dim", `${grouped(counts.failed)} failed`);
  return asText([
    ...wrap(
      `${grouped(counts.done)} of ${counted(counts.planned, "step")} done (${size(counts.bytes)}), ` +
        `${grouped(counts.skipped)} skipped, ${failed}.`,
      view.width,
    ),
    ...heldLines(result.held, view),
    ...bundleLines(result.bundles, view),
    ...noteLines(result.notes, view),
    ...closingLines(result, view),
    ...(result.outcome !== "done" ? ["Run the same command again to do the rest."] : []),
  ]);
}
