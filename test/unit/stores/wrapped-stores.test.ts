import { describe, expect, test } from "vitest";
import { bundleName } from "../../../src/domain/bundle-name.js";
import { memoryStore } from "../../../src/stores/memory-store.js";
import { readonlyStore } from "../../../src/stores/readonly-store.js";
import { collect } from "../../contract/blob-store-samples.js";
import { faultyStore } from "../../fakes/faulty-store.js";
import { call, listed, sample } from "./store-folder.js";

async function* none() {}

describe("readonlyStore", () => {
  test("throws a bug on every write, and changes nothing", async () => {
    const inner = memoryStore("usb");
    await inner.put(sample(1), call);
    const store = readonlyStore(inner);
    const bug = { kind: "bug", code: "bug.write-in-dry-run" };
    await expect(store.put(sample(2), call)).rejects.toMatchObject(bug);
    await expect(store.writeChecksumList(none(), call)).rejects.toMatchObject(bug);
    await expect(store.sweep(call)).rejects.toMatchObject(bug);
    const name = bundleName("2026-11-22T01:02:03Z", "a".repeat(40));
    const bundle = { ...sample(1), name };
    await inner.bundles.put(bundle, call);
    await expect(store.bundles.put(bundle, call)).rejects.toMatchObject(bug);
    await expect(store.bundles.remove(name, call)).rejects.toMatchObject(bug);
    expect(await store.bundles.list(call)).toEqual([{ name, sizeBytes: 2000 }]);
    expect(await collect(store.bundles.get(name, call))).toHaveLength(2000);
    expect(await listed(inner)).toEqual([sample(1).key]);
    expect(inner.checksumList()).toBeNull();
  });

  test("reads as the store does", async () => {
    const inner = memoryStore("usb");
    const store = readonlyStore(inner);
    expect(await store.availability(call)).toBe("new");
    await inner.put(sample(1), call);
    expect(store.name).toBe("usb");
    expect(await store.availability(call)).toBe("ready");
    expect(await listed(store)).toEqual([sample(1).key]);
    expect(await store.stat([sample(1).key], call)).toEqual(new Map([[sample(1).key, 2000]]));
    expect(await collect(store.get(sample(1).key, call))).toHaveLength(2000);
  });
});

describe("faultyStore", () => {
  test("changes, cuts and fails what it is told to, and nothing else", async () => {
    const inner = memoryStore("usb");
    await inner.put(sample(1), call);
    await inner.put(sample(2), call);
    const right = await collect(inner.get(sample(1).key, call));
    const flipped = faultyStore(inner, (method) => (method === "get" ? { kind: "flip-bit" } : undefined));
    const bytes = await collect(flipped.get(sample(1).key, call));
    expect(bytes.filter((byte, at) => byte !== right[at])).toHaveLength(1);
    const short = faultyStore(inner, (method) => (method === "list" ? { kind: "cut-short" } : undefined));
    expect(await listed(short)).toHaveLength(1);
    const damaging = faultyStore(inner, () => ({ kind: "flip-bit" }));
    await expect(damaging.put(sample(3), call)).rejects.toMatchObject({ code: "blob.wrong-bytes" });
    const failing = faultyStore(inner, (_method, _key, before) =>
      before === 1 ? { kind: "throw", error: new Error("cable") } : undefined,
    );
    expect(await failing.availability(call)).toBe("ready");
    await expect(failing.stat([], call)).rejects.toThrow("cable");
    expect(await failing.sweep(call)).toBe(0);
  });
});
