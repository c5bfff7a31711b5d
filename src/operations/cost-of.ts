import {
  isOutdated,
  type Micros,
  monthMicros,
  restoreMicros,
  storageMicros,
  together,
  uploadMicros,
  type Volume,
} from "../domain/estimate.js";
import type { StoreSettings } from "../domain/preferences.js";
import type { PriceTable } from "../domain/prices.js";

/** By which prices something is estimated. */
export interface PriceBasis {
  readonly preset: string;
  readonly storage_class: string;
  readonly currency: string;
  readonly as_of: string;
  readonly source: string;
  readonly region: string | null;
  /** The prices are more than a year old. */
  readonly outdated: boolean;
  /** What is removed earlier is billed for this long; null where there is no such rule. */
  readonly minimum_days: number | null;
}

/** What keeping a volume somewhere costs, in millionths of the currency. */
export interface Costs {
  readonly basis: PriceBasis;
  /** A month of what is there. */
  readonly month_now: Micros;
  /** A month, and a year, once all is there. */
  readonly month: Micros;
  readonly year: Micros;
  /** Sending what is not there yet. */
  readonly upload: Micros;
  /** Bringing everything back at once. */
  readonly restore: Micros;
}

/** The prices of a storage class of a preset; null where the table has none. */
export function costsAt(
  table: PriceTable,
  preset: string,
  storageClass: string,
  { there, adds }: Placed,
  now: string,
): Costs | null {
  const provider = table.presets[preset];
  const prices = provider?.classes[storageClass];
  if (provider === undefined || prices === undefined) return null;
  const all = together(there, adds);
  const { currency, as_of, source, region = null } = provider;
  return {
    basis: {
      preset,
      storage_class: storageClass,
      currency,
      as_of,
      source,
      region,
      outdated: isOutdated(as_of, now),
      minimum_days: prices.minimum_days ?? null,
    },
    month_now: monthMicros(provider, storageClass, there),
    month: monthMicros(provider, storageClass, all),
    year: storageMicros(provider, storageClass, all, 12),
    upload: uploadMicros(provider, storageClass, adds),
    restore: restoreMicros(provider, storageClass, all),
  };
}

/** The preset and class by whose prices a store is billed; null for one whose provider is not known: a disk, or a server of one's own. */
export function billingOf(
  settings: StoreSettings,
): { readonly preset: string; readonly storageClass: string } | null {
  if (settings.type !== "s3") return null;
  const { preset, endpoint, storage_class: storageClass = "STANDARD" } = settings;
  // Without a preset, an address of one's own is nobody's that we know.
  if (preset === undefined) return endpoint === undefined ? { preset: "aws", storageClass } : null;
  return { preset, storageClass };
}

/** What a library's blobs come to in one place: those that are there, and those that are not. */
export interface Placed {
  readonly there: Volume;
  readonly adds: Volume;
}
