import type { ClassPrices, PresetPrices, PriceTier } from "./prices.js";

/** Objects by what billing wants to know of them. */
export interface Volume {
  readonly objects: number;
  readonly bytes: number;
  /** Sizes of those under `SMALL_BYTES`, which some classes bill as larger ones. */
  readonly small: readonly number[];
  /** Requests that storing them takes: one each, or one for each part and two more. */
  readonly writes: number;
}

/** No provider bills smaller objects than this as larger ones. */
const SMALL_BYTES = 1024 ** 2;

/** How big objects are sent. */
export interface PartSizes {
  /** Up to this size in one request. */
  readonly wholeBytes: number;
  readonly partBytes: number;
}

/** The objects of these sizes in bytes. */
export function volumeOf(sizes: Iterable<number>, { wholeBytes, partBytes }: PartSizes): Volume {
  let objects = 0;
  let bytes = 0;
  let writes = 0;
  const small: number[] = [];
  for (const size of sizes) {
    objects++;
    bytes += size;
    writes += size <= wholeBytes ? 1 : Math.ceil(size / partBytes) + 2;
    if (size < SMALL_BYTES) small.push(size);
  }
  return { objects, bytes, small, writes };
}

/** Both volumes as one. */
export const together = (a: Volume, b: Volume): Volume => ({
  objects: a.objects + b.objects,
  bytes: a.bytes + b.bytes,
  small: [...a.small, ...b.small],
  writes: a.writes + b.writes,
});

/** Millionths of the table's currency, whole. */
export type Micros = number;

const MICROS = 1_000_000;
const micros = (price: number): bigint => BigInt(Math.round(price * MICROS));

/** `amount / divisor`, rounded to the next whole number. */
const rounded = (amount: bigint, divisor: bigint): Micros => Number((amount + divisor / 2n) / divisor);

/**
 * What so many bytes cost by tiers. A byte beyond a border is billed by the next tier, and the one at the border by the one before;
 * with `from`, that many bytes of the first tiers are used already.
 */
export function tieredMicros(tiers: readonly PriceTier[], bytes: number, gigabyteBytes: number): Micros {
  let amount = 0n;
  let below = 0;
  for (const { up_to_gb: upTo, price } of tiers) {
    const end = upTo === undefined ? bytes : Math.min(bytes, Math.round(upTo * gigabyteBytes));
    if (end > below) amount += BigInt(end - below) * micros(price);
    below = Math.max(below, end);
  }
  return rounded(amount, BigInt(gigabyteBytes));
}

/** What is billed as stored: objects at their least size, and what comes on top of each. */
function billedBytes({ objects, bytes, small }: Volume, prices: ClassPrices): number {
  const least = prices.minimum_object_bytes ?? 0;
  const padding = small.reduce((sum, size) => sum + Math.max(0, least - size), 0);
  return bytes + padding + objects * (prices.overhead_bytes ?? 0);
}

const perThousand = (count: number, price: number): Micros => rounded(BigInt(count) * micros(price), 1000n);

/** A month of keeping this volume, once all of it is there. Nothing stored costs nothing. */
export function monthMicros(provider: PresetPrices, storageClass: string, volume: Volume): Micros {
  const prices = provider.classes[storageClass];
  if (prices === undefined || volume.objects === 0) return 0;
  const { gigabyte_bytes: gigabyte } = provider;
  const least = Math.round((provider.minimum_gb ?? 0) * gigabyte);
  const stored = Math.max(billedBytes(volume, prices), least);
  const standard = provider.classes["STANDARD"] ?? prices;
  const overhead = volume.objects * (prices.overhead_standard_bytes ?? 0);
  return (
    Number(micros(provider.base_per_month ?? 0)) +
    tieredMicros(prices.storage, stored, gigabyte) +
    tieredMicros(standard.storage, overhead, gigabyte) +
    perThousand(volume.objects, prices.monitoring_per_1000 ?? 0)
  );
}

/** Keeping this volume for so many months. */
export const storageMicros = (
  provider: PresetPrices,
  storageClass: string,
  volume: Volume,
  months: number,
): Micros => months * monthMicros(provider, storageClass, volume);

/** Sending this volume there: requests, a look at each object before, and traffic. */
export function uploadMicros(provider: PresetPrices, storageClass: string, volume: Volume): Micros {
  const prices = provider.classes[storageClass];
  if (prices === undefined) return 0;
  const writes = Math.max(0, volume.writes - (prices.free_writes_per_month ?? 0));
  const reads = Math.max(0, volume.objects - (prices.free_reads_per_month ?? 0));
  const traffic = [{ price: provider.ingress_per_gb ?? 0 }];
  return (
    perThousand(writes, prices.writes_per_1000) +
    perThousand(reads, prices.reads_per_1000) +
    tieredMicros(traffic, volume.bytes, provider.gigabyte_bytes)
  );
}

/** Bringing all of this volume back within one month: requests, retrieval out of its class, and traffic. */
export function restoreMicros(provider: PresetPrices, storageClass: string, volume: Volume): Micros {
  const prices = provider.classes[storageClass];
  if (prices === undefined) return 0;
  const { gigabyte_bytes: gigabyte, free_egress_per_stored: times = 0 } = provider;
  const free = Math.floor(volume.bytes * times);
  const reads = Math.max(0, volume.objects - (prices.free_reads_per_month ?? 0));
  return (
    perThousand(reads, prices.reads_per_1000) +
    perThousand(volume.objects, prices.retrieval_per_1000 ?? 0) +
    tieredMicros([{ price: prices.retrieval_per_gb ?? 0 }], volume.bytes, gigabyte) +
    tieredMicros(provider.egress, Math.max(0, volume.bytes - free), gigabyte)
  );
}

/** True where a table's day is more than a year before `now` (RFC 3339). */
export const isOutdated = (asOf: string, now: string): boolean => {
  const [year = "0", rest = ""] = [asOf.slice(0, 4), asOf.slice(4)];
  return `${Number(year) + 1}${rest}` < now.slice(0, 10);
};
