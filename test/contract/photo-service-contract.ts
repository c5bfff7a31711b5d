import { describe, expect, test } from "vitest";
import { VISIBILITIES } from "../../src/domain/visibility.js";
import {
  call,
  collected,
  comparable,
  type PhotoServiceContractOptions,
  type ServiceFault,
  scanned,
  withService,
} from "./photo-service-opened.js";
import { writingContract } from "./photo-service-writes.js";

/** Texts that are easily broken on the way. */
const EMOJI = "👩‍👩‍👧‍👦 Ölbaum 𝒳 \u202eabc";
const LONG = "lang ".repeat(150).trim();

const FAULTS: readonly (readonly [name: string, fault: ServiceFault, kinds: readonly string[]])[] = [
  ["401", { kind: "status", status: 401 }, ["auth"]],
  ["403", { kind: "status", status: 403 }, ["auth", "user"]],
  ["404", { kind: "status", status: 404 }, ["user", "transient"]],
  ["500", { kind: "status", status: 500 }, ["transient"]],
  ["429", { kind: "too-many", retryAfterSeconds: 7 }, ["transient"]],
  ["a cut connection", { kind: "cut" }, ["transient"]],
];

/**
 * What the `PhotoTarget` port promises, as independent tests. Each adapter's own test file only calls this, with a way to open
 * an empty account behind which it can look. Time and failures are the opener's, so that nothing waits.
 */
export function photoServiceContract(name: string, options: PhotoServiceContractOptions): void {
  describe(`${name} lists`, () => {
    test(
      "nothing of an empty account, and says that this is all where it can see all",
      withService(options, async ({ service }) => {
        const { seen, problems, end } = await scanned(service);
        expect([seen, problems]).toEqual([[], []]);
        expect(end?.isWhole).toBe(service.traits.seesWholeAccount);
      }),
    );

    test(
      "the same twice, each id once, also where titles are equal",
      withService(options, async (opened) => {
        const ids: string[] = [];
        for (let count = 0; count < 3; count += 1) ids.push(await opened.seed({ title: "Twin" }));
        const first = await scanned(opened.service);
        const second = await scanned(opened.service);
        expect(first.seen.map(({ id }) => id).sort()).toEqual([...ids].sort());
        expect(comparable(second.seen)).toEqual(comparable(first.seen));
        expect(new Set(first.seen.map(({ record }) => record.id)).size).toBe(3);
      }),
    );

    test(
      "texts as they are: emoji, long ones, none",
      withService(options, async (opened) => {
        const texts = [EMOJI, LONG, ""];
        const ids: string[] = [];
        for (const caption of texts) ids.push(await opened.seed({ caption }));
        const { seen } = await scanned(opened.service);
        const captions = ids.map((id) => seen.find((one) => one.id === id)?.record.facts.caption ?? "");
        expect(captions).toEqual(texts);
      }),
    );

    test.runIf(options.hasCursor)(
      "from a cursor on only what changed",
      withService(options, async (opened) => {
        const ids: string[] = [];
        for (let count = 0; count < 3; count += 1) ids.push(await opened.seed({ title: `Old ${count}` }));
        await opened.settle();
        const { end } = await scanned(opened.service);
        const cursor = end?.cursor ?? expect.unreachable();
        const [changed = ""] = ids;
        await opened.settle();
        await opened.change(changed, { title: "New" });
        const later = await scanned(opened.service, { cursor });
        expect(later.seen.map(({ id, record }) => [id, record.facts.title])).toEqual([[changed, "New"]]);
        expect(later.end).toMatchObject({ isWhole: false, cursor: expect.any(String) });
        await opened.settle();
        const idle = await scanned(opened.service, { cursor: later.end?.cursor ?? "" });
        expect(idle.seen).toEqual([]);
      }),
    );

    test(
      "no more than asked for, which is never all and moves no cursor",
      withService(options, async (opened) => {
        for (let count = 0; count < 3; count += 1) await opened.seed({});
        const { seen, end } = await scanned(opened.service, { limit: 2 });
        expect(seen).toHaveLength(2);
        expect(end?.isWhole).toBe(false);
        expect(end?.cursor).toBeUndefined();
      }),
    );

    test(
      "versions that change with the photo, and stamps of bytes that do not",
      withService(options, async (opened) => {
        const id = await opened.seed({ title: "Before" });
        const before = (await opened.service.read(id, call)) ?? expect.unreachable();
        await opened.settle();
        await opened.change(id, { title: "After" });
        const after = (await opened.service.read(id, call)) ?? expect.unreachable();
        expect(after.version).not.toBe(before.version);
        expect(after.bytesStamp).toBe(before.bytesStamp);
        expect(after.record.facts.title ?? after.record.facts.caption).toBe("After");
      }),
    );
  });

  describe(`${name} reads`, () => {
    test(
      "one photo as the list shows it, and null where there is none",
      withService(options, async ({ service, seed }) => {
        const id = await seed({ title: "One", tags: ["Two Words"] });
        const { seen } = await scanned(service);
        const read = await service.read(id, call);
        expect(read?.version).toBe(seen[0]?.version);
        expect(read?.visibility).toBe(seen[0]?.visibility);
        expect(await service.read("1", call)).toBeNull();
      }),
    );

    test(
      "every level that it claims to read, and else none",
      withService(options, async ({ service, seed }) => {
        const levels = service.traits.readsVisibility
          ? service.traits.settableVisibilities
          : ["private" as const];
        for (const visibility of levels) {
          const id = await seed({ visibility });
          const told = (await service.read(id, call))?.visibility;
          expect(told).toBe(service.traits.readsVisibility ? visibility : "unknown");
        }
      }),
    );

    test(
      "bytes, and never says more of them than is true",
      withService(options, async ({ service, seed }) => {
        const bytes = await options.picture(1);
        const id = await seed({ bytes });
        const instance = (await service.read(id, call)) ?? expect.unreachable();
        const download = await service.open(instance, call);
        const got = await collected(download.bytes);
        expect(download.quality).toBe(instance.obtainable);
        if (download.quality === "original") expect(got.equals(bytes)).toBe(true);
        if (!service.traits.keepsOriginals) expect(download.quality).not.toBe("original");
        if (download.sizeBytes !== undefined) expect(got.length).toBe(download.sizeBytes);
      }),
    );

    test(
      "nothing that gives out the bytes, or the account, into records",
      withService(options, async ({ service, seed }) => {
        await seed({ title: "Kept" });
        const told = JSON.stringify((await scanned(service)).seen);
        expect(told).not.toMatch(/secret|_token|googleusercontent|staticflickr|baseUrl|url_o/i);
      }),
    );

    test(
      "who is signed in",
      withService(options, async ({ service }) => {
        const { owner, facts } = await service.account(call);
        expect(owner).not.toBe("");
        expect(facts.length).toBeGreaterThan(0);
        expect(service.traits.remarks.length).toBeGreaterThan(0);
      }),
    );

    test(
      "stops when aborted",
      withService(options, async ({ service, seed }) => {
        const id = await seed({});
        const aborted = { signal: AbortSignal.abort() };
        await expect(service.read(id, aborted)).rejects.toMatchObject({ code: "cancelled" });
      }),
    );
  });

  describe(`${name} explains`, () => {
    test.each(FAULTS)("%s", async (_name, fault, kinds) => {
      await withService(options, async (opened) => {
        const id = await opened.seed({});
        opened.fail(fault);
        const error: unknown = await opened.service.read(id, call).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({
          name: "PhotosyncError",
          code: expect.stringMatching(/^[a-z-]+\.[a-z-]+$/),
        });
        expect(error).toHaveProperty("kind");
        expect(kinds).toContain(error instanceof Error && "kind" in error ? error.kind : null);
        if (fault.kind === "too-many") expect(error).toMatchObject({ data: { retryAfterMs: 7_000 } });
        if (kinds.includes("auth")) {
          expect(error).toMatchObject({ next: expect.arrayContaining([expect.any(String)]) });
        }
      })();
    });

    test(
      "a scan that breaks in the middle has no end",
      withService(options, async (opened) => {
        await opened.seed({});
        opened.fail({ kind: "status", status: 500 });
        await expect(scanned(opened.service)).rejects.toMatchObject({ kind: "transient" });
      }),
    );
  });

  describe(`${name} claims`, () => {
    test(
      "only levels that there are",
      withService(options, async ({ service }) => {
        for (const level of service.traits.settableVisibilities) expect(VISIBILITIES).toContain(level);
      }),
    );
  });

  writingContract(name, options);
}
