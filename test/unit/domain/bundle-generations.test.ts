import { expect, test } from "vitest";
import { spareGenerations } from "../../../src/domain/bundle-generations.js";
import { bundleName } from "../../../src/domain/bundle-name.js";

const commit = (n: number) => String(n).padStart(12, "0").padEnd(40, "a");
const made = (at: string, n: number) => bundleName(`${at}T12:00:00Z`, commit(n));

test("the newest five stay, and the newest of each of twelve months", () => {
  const days = ["01", "02", "03", "04", "05", "06", "07"].map((day, n) => made(`2026-11-${day}`, n));
  const months = Array.from({ length: 14 }, (_, back) => {
    const month = 2026 * 12 + 9 - back;
    const text = `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
    return [made(`${text}-03`, 100 + back), made(`${text}-20`, 200 + back)] as const;
  });
  const all = [...months.flat(), ...days];
  const commits = all.map((_, at) => at).flatMap((n) => [commit(n), commit(100 + n), commit(200 + n)]);
  const spare = spareGenerations(all, commits);
  const kept = all.filter((name) => !spare.includes(name)).sort();
  expect(kept).toEqual([...months.slice(0, 11).map(([, late]) => late), ...days.slice(2)].sort());
});

test("what another computer made, and is no part of this history, stays whatever its age", () => {
  const theirs = made("2020-01-01", 9000);
  const own = Array.from({ length: 8 }, (_, n) => made(`2026-11-1${n}`, n));
  const commits = own.map((_, n) => commit(n));
  expect(spareGenerations([theirs, ...own], commits)).toEqual(own.slice(0, 3));
  expect(spareGenerations([theirs], commits)).toEqual([]);
});
