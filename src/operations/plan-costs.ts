import { loadPrices } from "../control/prices.js";
import { storesOf } from "../domain/preferences.js";
import type { Run } from "../ports/phase.js";
import { billingOf, type Costs, costsAt } from "./cost-of.js";
import { type Amount, measured } from "./estimate.js";
import type { PlannedStep } from "./results.js";
import type { Session } from "./session.js";

/** What a plan costs in one store. */
export interface PlannedCosts {
  readonly store: string;
  readonly adds: Amount;
  readonly costs: Costs;
}

/** What these steps cost, store by store; nothing for stores whose prices are not known. Throws `config.invalid` (user). */
export async function planCosts(
  { libraryRoot, config, catalog }: Session,
  steps: readonly PlannedStep[],
  run: Run,
): Promise<readonly PlannedCosts[]> {
  const sizes = new Map<string, number[]>();
  for (const { action, target, bytes } of steps) {
    if (action !== "store-blob" || bytes === undefined) continue;
    const known = sizes.get(target);
    if (known === undefined) sizes.set(target, [bytes]);
    else known.push(bytes);
  }
  const priced = [...storesOf(config.preferences)].flatMap(([name, settings]) => {
    const billing = sizes.has(name) ? billingOf(settings) : null;
    return billing === null ? [] : [{ name, ...billing }];
  });
  if (priced.length === 0) return [];
  const table = await loadPrices(libraryRoot);
  const there = new Map(priced.map(({ name }) => [name, [] as number[]]));
  for (const { blobs } of catalog.rows()) {
    for (const { bytes, stores } of blobs)
      for (const name of Object.keys(stores)) there.get(name)?.push(bytes);
  }
  return priced
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, preset, storageClass }) => {
      const adds = measured(sizes.get(name) ?? []);
      const placed = { there: measured(there.get(name) ?? []), adds };
      const costs = costsAt(table, preset, storageClass, placed, run.clock.now());
      const { objects, bytes } = adds;
      return costs === null ? [] : [{ store: name, adds: { objects, bytes }, costs }];
    });
}
