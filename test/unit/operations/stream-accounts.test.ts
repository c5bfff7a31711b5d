import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LocalIndex, openLocalIndex } from "../../../src/control/local-index.js";
import { StreamAccounts } from "../../../src/operations/stream-accounts.js";
import type { StreamAccount } from "../../../src/ports/photo-source.js";

let home: string;
let index: LocalIndex;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "photosync-streams-"));
  index = await openLocalIndex(home, { scratch: false });
});
afterEach(async () => {
  await index.close();
  rmSync(home, { recursive: true, force: true });
});

const account = (
  entry: string,
  verdict: StreamAccount["verdict"] = "photo",
  sizeBytes = 10,
): StreamAccount => ({
  kind: "stream",
  location: { path: "/downloads/takeout-001.zip", entry },
  sizeBytes,
  verdict,
  detail: "",
});

describe("StreamAccounts", () => {
  it("sums all accounts, and reports those of exports with sums of their own", async () => {
    const accounts = new StreamAccounts(index);
    accounts.add(account("b.jpg"), true);
    accounts.add(account("a.json", "sidecar", 5), true);
    accounts.add({ ...account("x"), location: { path: "/pictures/x.jpg" }, sizeBytes: 100 }, false);
    await accounts.settled();
    expect(accounts.sums()).toEqual([
      { verdict: "photo", streams: 2, bytes: 110 },
      { verdict: "sidecar", streams: 1, bytes: 5 },
    ]);
    const report = accounts.report("2024-01-15");
    expect(JSON.parse(Buffer.from(report?.bytes ?? []).toString("utf8"))).toEqual({
      schema_version: 1,
      sums: [
        { verdict: "photo", streams: 1, bytes: 10 },
        { verdict: "sidecar", streams: 1, bytes: 5 },
      ],
      streams: [
        { archive: "takeout-001.zip", entry: "a.json", bytes: 5, verdict: "sidecar", detail: "" },
        { archive: "takeout-001.zip", entry: "b.jpg", bytes: 10, verdict: "photo", detail: "" },
      ],
    });
  });

  it("loses no line, be two of one name or a name longer than a key can be", async () => {
    const accounts = new StreamAccounts(index);
    const names = ["same", "same", "a#1", "a", "名".repeat(3000), `${"名".repeat(3000)}x`, "\ud800", ""];
    for (const name of names) accounts.add(account(name), true);
    await accounts.settled();
    const report = JSON.parse(Buffer.from(accounts.report("2024-01-15")?.bytes ?? []).toString("utf8"));
    expect(report.streams).toHaveLength(names.length);
  });

  it("tells what nothing explains, in the order of places", async () => {
    const accounts = new StreamAccounts(index);
    for (const name of ["b", "c", "a"])
      accounts.add(account(name, name === "c" ? "photo" : "unexplained"), true);
    expect(accounts.unexplained().map(({ location }) => location.entry)).toEqual(["a", "b"]);
  });

  it("has no report where no export was read, and forgets the run before", async () => {
    new StreamAccounts(index).add(account("old"), true);
    await index.root.committed;
    const accounts = new StreamAccounts(index);
    accounts.add(account("x"), false);
    await accounts.settled();
    expect(accounts.report("2024-01-15")).toBeNull();
  });
});
