import { loadPrices } from "../control/prices.js";
import { PhotosyncError } from "../domain/errors.js";
import { type Volume, volumeOf } from "../domain/estimate.js";
import { STORE_PRESETS, storesOf } from "../domain/preferences.js";
import type { PriceTable } from "../domain/prices.js";
import type { Catalog } from "../ports/catalog.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { PART_BYTES, WHOLE_BYTES } from "../stores/s3/part-sizes.js";
import { billingOf, type Costs, costsAt, type Placed } from "./cost-of.js";
import type { OperationResult } from "./results.js";
import { withSession } from "./session.js";

export interface EstimateOptions {
  /** Presets to compare with; all that the table knows where it is `all`. */
  readonly presets: readonly string[] | "all";
}

/** Bytes and objects. */
export interface Amount {
  readonly objects: number;
  readonly bytes: number;
}

/** What a place costs: a configured store, or a preset's storage class (`store` null). */
export interface EstimatedPlace {
  readonly store: string | null;
  /** Whose prices count; null for a disk, or a server of one's own. */
  readonly preset: string | null;
  /** What is recorded to be there, and what `replicate` would add. */
  readonly there: Amount;
  readonly adds: Amount;
  /** Null where no price is known: the owner's own disk or server, or a provider or class that the table does not have. */
  readonly costs: Costs | null;
  readonly note: string | null;
}

export interface EstimateResult extends OperationResult {
  readonly counts: { readonly objects: number; readonly bytes: number; readonly places: number };
  readonly places: readonly EstimatedPlace[];
  /** The oldest day of the prices that were used; null where none was. */
  readonly as_of: string | null;
}

/**
 * What storing, sending and bringing back this library costs on each enabled store and on the presets that are asked for, by the table of
 * prices. Asks no store and nobody else. Throws `estimate.unknown-preset` and `config.invalid` (user).
 */
export function estimate(
  libraryRoot: string,
  control: ControlPlane,
  { presets }: EstimateOptions,
  run: Run,
): Promise<EstimateResult> {
  return withSession(libraryRoot, control, "estimate", "read", run, async ({ catalog, config }) => {
    const table = await loadPrices(libraryRoot);
    const wanted = presets === "all" ? Object.keys(table.presets) : presets;
    requireKnown(table, wanted);
    const now = run.clock.now();
    const stores = [...storesOf(config.preferences)].sort(([a], [b]) => (a < b ? -1 : 1));
    const own = stores.map(([name, settings]): EstimatedPlace => {
      const placed = placedIn(catalog, name);
      const billing = billingOf(settings);
      const costs =
        billing === null ? null : costsAt(table, billing.preset, billing.storageClass, placed, now);
      const note =
        costs !== null
          ? null
          : settings.type === "local"
            ? "a disk of your own"
            : billing === null || billing.preset === "minio"
              ? "a server without a known price"
              : `config/prices.json has no price for ${billing.preset} ${billing.storageClass}`;
      return { store: name, preset: billing?.preset ?? null, ...amounts(placed), costs, note };
    });
    const all = placedIn(catalog, null);
    const others = wanted.flatMap((preset) =>
      Object.keys(table.presets[preset]?.classes ?? {}).map((storageClass): EstimatedPlace => {
        const note = table.presets[preset]?.note ?? null;
        const costs = costsAt(table, preset, storageClass, all, now);
        return { store: null, preset, ...amounts(all), costs, note };
      }),
    );
    const unpriced = (presets === "all" ? STORE_PRESETS : [])
      .filter((preset) => table.presets[preset] === undefined)
      .map((preset): EstimatedPlace => {
        const note = preset === "minio" ? "a server of your own" : "no price in config/prices.json";
        return { store: null, preset, ...amounts(all), costs: null, note };
      });
    const places = [...own, ...others, ...unpriced];
    const days = places.flatMap(({ costs }) => costs?.basis.as_of ?? []).sort();
    const { objects, bytes } = all.adds;
    const failures = catalog.invalid();
    return {
      library: libraryRoot,
      dry_run: false,
      commit: null,
      counts: { objects, bytes, places: places.length },
      failures,
      outcome: failures.length > 0 ? "partial" : "done",
      places,
      as_of: days[0] ?? null,
    };
  });
}

/** What is recorded in a store, and what is not; for no store all of it is not. */
function placedIn(catalog: Catalog, store: string | null): Placed {
  const sizes = function* (recorded: boolean): Generator<number> {
    for (const { blobs } of catalog.rows()) {
      for (const { bytes, stores } of blobs)
        if ((store !== null && Object.hasOwn(stores, store)) === recorded) yield bytes;
    }
  };
  return { there: measured(sizes(true)), adds: measured(sizes(false)) };
}

/** The volume of objects of these sizes, sent as photosync sends them. */
export const measured = (sizes: Iterable<number>): Volume =>
  volumeOf(sizes, { wholeBytes: WHOLE_BYTES, partBytes: PART_BYTES });

const amount = ({ objects, bytes }: Volume): Amount => ({ objects, bytes });
const amounts = ({ there, adds }: Placed) => ({ there: amount(there), adds: amount(adds) });

function requireKnown({ presets }: PriceTable, wanted: readonly string[]): void {
  const unknown = wanted.filter((name) => presets[name] === undefined);
  if (unknown.length === 0) return;
  throw new PhotosyncError({
    kind: "user",
    code: "estimate.unknown-preset",
    message: `config/prices.json has no prices for ${unknown.join(", ")}.`,
    next: [`Use one of: ${Object.keys(presets).join(", ")}; or add its prices there.`],
  });
}
