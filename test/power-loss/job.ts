/** Tries states of recorded scenarios in a process of its own and prints one line of JSON before and after each. */
import { join } from "node:path";
import { loadScenario, type Scenario } from "./scenario.js";
import { tryState } from "./try-states.js";

/** What the sweep hands to a job, as JSON in its only argument. */
export interface JobOrder {
  readonly recording: string;
  readonly seed: number;
  /** Where states are built. */
  readonly folder: string;
  /** No state is begun after this instant, in milliseconds since 1970; null for no end. */
  readonly endsAtMs: number | null;
  readonly states: readonly { readonly scenario: string; readonly number: number }[];
}

const order: JobOrder = JSON.parse(process.argv[2] ?? "");
const loaded = new Map<string, Scenario>();

for (const { scenario: name, number } of order.states) {
  if (order.endsAtMs !== null && Date.now() > order.endsAtMs) break;
  const scenario = loaded.get(name) ?? loadScenario(join(order.recording, name));
  loaded.set(name, scenario);
  process.stdout.write(`${JSON.stringify({ scenario: name, number, begun: true })}\n`);
  const tried = await tryState(scenario, order.seed, number, { folder: order.folder, keepBroken: false });
  process.stdout.write(`${JSON.stringify({ scenario: name, ...tried })}\n`);
}
