/** A price per GB up to so many GB; the last tier of a list has no end. In the table's currency, as published. */
export interface PriceTier {
  readonly up_to_gb?: number;
  readonly price: number;
}

/** What a provider asks for one storage class. Prices are those of its list, per GB, or per 1,000 requests. */
export interface ClassPrices {
  /** A month of a GB. */
  readonly storage: readonly PriceTier[];
  readonly writes_per_1000: number;
  readonly reads_per_1000: number;
  readonly free_writes_per_month?: number;
  readonly free_reads_per_month?: number;
  /** For getting it out of the class, beside traffic. */
  readonly retrieval_per_gb?: number;
  readonly retrieval_per_1000?: number;
  /** A month of watching over 1,000 objects. */
  readonly monitoring_per_1000?: number;
  /** What is removed earlier is billed for this long. */
  readonly minimum_days?: number;
  /** Smaller objects are billed as so large. */
  readonly minimum_object_bytes?: number;
  /** What is billed on top of each object, at the class's own price and at that of `STANDARD`. */
  readonly overhead_bytes?: number;
  readonly overhead_standard_bytes?: number;
}

/** What a provider asks for. */
export interface PresetPrices {
  readonly currency: string;
  /** The day on which these were its published prices. */
  readonly as_of: string;
  readonly source: string;
  /** For which region, where prices differ by region. */
  readonly region?: string;
  readonly note?: string;
  /** What it calls a GB: 1,000,000,000 or 1,073,741,824 bytes. */
  readonly gigabyte_bytes: number;
  /** Whoever stores anything pays this a month. */
  readonly base_per_month?: number;
  /** Less than this is billed as this much. */
  readonly minimum_gb?: number;
  readonly ingress_per_gb?: number;
  readonly egress: readonly PriceTier[];
  /** So many times what is stored goes out free in a month, before `egress` counts. */
  readonly free_egress_per_stored?: number;
  /** By storage class, in S3's words. */
  readonly classes: Readonly<Record<string, ClassPrices>>;
}

/** `config/prices.json`. */
export interface PriceTable {
  readonly schema_version: 1;
  readonly presets: Readonly<Record<string, PresetPrices>>;
}
