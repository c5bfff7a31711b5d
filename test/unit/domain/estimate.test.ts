import { describe, expect, it } from "vitest";
import {
  isOutdated,
  monthMicros,
  restoreMicros,
  storageMicros,
  tieredMicros,
  uploadMicros,
  volumeOf,
} from "../../../src/domain/estimate.js";
import type { PresetPrices } from "../../../src/domain/prices.js";

const GB = 1_000_000_000;
const SIZES = { wholeBytes: 16, partBytes: 8 };
const volume = (...sizes: readonly number[]) => volumeOf(sizes, SIZES);
const provider = (more: Partial<PresetPrices> = {}, prices: object = {}): PresetPrices => ({
  currency: "USD",
  as_of: "2026-01-01",
  source: "https://example.org/",
  gigabyte_bytes: GB,
  egress: [{ up_to_gb: 100, price: 0 }, { price: 0.09 }],
  ...more,
  classes: {
    STANDARD: { storage: [{ price: 0.02 }], writes_per_1000: 0.005, reads_per_1000: 0.0004, ...prices },
  },
});

describe("tiers", () => {
  const tiers = [{ up_to_gb: 10, price: 0 }, { up_to_gb: 20, price: 0.5 }, { price: 0.25 }];
  it.each([
    [0, 0],
    [10 * GB, 0],
    [10 * GB + 2, 0],
    [11 * GB, 500_000],
    [20 * GB, 5_000_000],
    [20 * GB + 4_000, 5_000_001],
    [24 * GB, 6_000_000],
  ])("%i bytes cost %i millionths", (bytes, micros) => {
    expect(tieredMicros(tiers, bytes, GB)).toBe(micros);
  });

  it("of a petabyte are exact to the millionth", () => {
    expect(tieredMicros([{ price: 0.023 }], 10 ** 15 + 1, GB)).toBe(23_000_000_000);
  });
});

describe("a month", () => {
  it("of nothing costs nothing, whatever the base price", () => {
    expect(monthMicros(provider({ base_per_month: 4.99, minimum_gb: 1000 }), "STANDARD", volume())).toBe(0);
  });

  it("has a base price, and a least amount that is billed", () => {
    expect(monthMicros(provider({ base_per_month: 5 }), "STANDARD", volume(GB))).toBe(5_020_000);
    expect(monthMicros(provider({ minimum_gb: 1000 }), "STANDARD", volume(1))).toBe(20_000_000);
  });

  it("bills small objects as larger ones, and what archives add to each", () => {
    const least = provider({}, { minimum_object_bytes: 500_000 });
    expect(monthMicros(least, "STANDARD", volume(1, GB - 500_000))).toBe(20_000);
    const archive = provider();
    const classes = {
      ...archive.classes,
      COLD: {
        storage: [{ price: 0.001 }],
        writes_per_1000: 0,
        reads_per_1000: 0,
        overhead_bytes: GB,
        overhead_standard_bytes: GB,
        monitoring_per_1000: 1,
      },
    };
    expect(monthMicros({ ...archive, classes }, "COLD", volume(GB))).toBe(1_000 + 1_000 + 20_000 + 1_000);
  });
});

describe("sending and bringing back", () => {
  it("counts one request for a small object, and each part of a big one with two more", () => {
    expect(volume(16, 17, 100).writes).toBe(1 + (3 + 2) + (13 + 2));
    expect(uploadMicros(provider({}, { writes_per_1000: 1 }), "STANDARD", volume(16, 17))).toBe(6_001);
  });

  it("has free requests, and free traffic by the month and by what is stored", () => {
    const many = volume(...Array.from({ length: 2000 }, () => 1));
    const free = provider({}, { free_writes_per_month: 1000, free_reads_per_month: 5000 });
    expect(uploadMicros(free, "STANDARD", many)).toBe(5_000);
    expect(restoreMicros(provider(), "STANDARD", volume(100 * GB))).toBe(0);
    expect(restoreMicros(provider(), "STANDARD", volume(200 * GB))).toBe(9_000_000);
    const threefold = provider({ free_egress_per_stored: 3, egress: [{ price: 0.01 }] });
    expect(restoreMicros(threefold, "STANDARD", volume(500 * GB))).toBe(0);
  });

  it("out of an archive costs retrieval beside traffic", () => {
    const cold = provider({ egress: [{ price: 0 }] }, { retrieval_per_gb: 0.02, retrieval_per_1000: 100 });
    expect(restoreMicros(cold, "STANDARD", volume(GB, GB))).toBe(40_000 + 200_000 + 1);
  });
});

it("a year is twelve months, and prices are outdated after one", () => {
  expect(storageMicros(provider(), "STANDARD", volume(50 * GB), 12)).toBe(12_000_000);
  expect(isOutdated("2025-11-22", "2026-11-22T01:00:00Z")).toBe(false);
  expect(isOutdated("2025-11-21", "2026-11-22T01:00:00Z")).toBe(true);
  expect(isOutdated("2024-02-29", "2025-02-28T00:00:00Z")).toBe(false);
});
