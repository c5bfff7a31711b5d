import type { PlannedStep } from "../../operations/results.js";
import { counted, grouped, size } from "../../text/units.js";
import { table } from "./table.js";
import { heading, paint, type View } from "./view.js";

/** Steps that are spelled out before the rest is only counted. */
const FIRST_STEPS = 10;
/** Sums by target that are still read at a glance. */
const MOST_GROUPS = 5;
/** Enough of a photo id to tell photos apart by eye. */
const SHORT_ID = 8;

interface Group {
  readonly action: string;
  readonly target: string;
  steps: number;
  bytes: number;
}

function sum(plan: readonly PlannedStep[], targetOf: (step: PlannedStep) => string): readonly Group[] {
  const all = new Map<string, Group>();
  for (const step of plan) {
    const target = targetOf(step);
    const key = `${step.action}\n${target}`;
    const group = all.get(key) ?? { action: step.action, target, steps: 0, bytes: 0 };
    group.steps++;
    group.bytes += step.bytes ?? 0;
    all.set(key, group);
  }
  return [...all.values()];
}

/** By action and target, or by action alone where nearly every step has a target of its own. */
function groups(plan: readonly PlannedStep[]): readonly Group[] {
  const byTarget = sum(plan, (step) => step.target);
  return byTarget.length <= MOST_GROUPS ? byTarget : sum(plan, () => "");
}

/** `and 1,234 more: --verbose shows them here, --json lists all`, or nothing when all are shown. */
export function moreLine(hidden: number, view: View): string[] {
  if (hidden <= 0) return [];
  return [paint(view, "dim", `  and ${grouped(hidden)} more: --verbose shows them here, --json lists all`)];
}

/** A plan: how many steps of each sort, then the first ones, each with its reason. Empty for an empty plan. */
export function planLines(plan: readonly PlannedStep[], title: string, view: View): string[] {
  if (plan.length === 0) return [];
  const sums = groups(plan).map((group) => [
    group.action,
    group.target === "" ? "" : `→ ${group.target}`,
    counted(group.steps, "step"),
    group.bytes === 0 ? "" : size(group.bytes),
  ]);
  const spelledOut = view.full ? plan : plan.slice(0, FIRST_STEPS);
  const steps = spelledOut.map((step) => [
    step.action,
    step.photo_id.slice(0, SHORT_ID),
    step.target === "" ? "" : `→ ${step.target}`,
    step.bytes === undefined ? "" : size(step.bytes),
    step.why,
  ]);
  return [
    heading(view, title),
    ...table([{}, { shrinks: true }, { align: "right" }, { align: "right" }], sums, view),
    "",
    ...table([{}, {}, { shrinks: true }, { align: "right" }, { shrinks: true }], steps, view),
    ...moreLine(plan.length - spelledOut.length, view),
  ];
}
