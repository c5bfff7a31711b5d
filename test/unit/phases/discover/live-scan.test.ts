import { describe, expect, test } from "vitest";
import { PhotosyncError } from "../../../../src/domain/errors.js";
import { sha256Of } from "../../../../src/infra/hash.js";
import type { AccountDeps } from "../../../../src/phases/discover/live/live-scan.js";
import type { ScanPage } from "../../../../src/ports/photo-service.js";
import { documentOf, instance, readAccount, SERVICE, trouble } from "./account-world.js";

const END: ScanPage = { kind: "end", isWhole: true, gone: [], cursor: "next" };
const shows = (...seen: ReturnType<typeof instance>[]): ScanPage => ({ kind: "instances", seen });
const range = (count: number) => Array.from({ length: count }, (_, at) => `p${String(at).padStart(3, "0")}`);

describe("what is new", () => {
  test("is downloaded and told in the order of the list, and the cursor moves", async () => {
    const ids = range(30);
    const { findings, opened, told } = await readAccount({
      pages: [shows(...ids.map((id) => instance(id))), END],
    });
    expect(findings.map(({ instances }) => instances[0]?.id)).toEqual(ids);
    expect(findings[0]).toMatchObject({
      service: SERVICE,
      original: { locations: [{ path: `${SERVICE}:p000` }] },
      instances: [{ quality: "original", bytesStamp: "stamp p000" }],
      variants: [],
    });
    expect(opened.length).toBe(30);
    expect(told).toMatchObject({ seen: 30, downloaded: 30, cursor: "next" });
  });

  test("is recorded as no better than what came", async () => {
    const { findings } = await readAccount({ pages: [shows(instance("a", { obtainable: "medium" })), END] });
    expect(findings[0]?.instances[0]?.quality).toBe("medium");
  });

  test("is asked for again when its bytes break off", async () => {
    const { opened, told } = await readAccount({
      pages: [shows(instance("a")), END],
      fate: (_, time) => (time < 3 ? trouble("transient", "unavailable") : null),
    });
    expect(opened).toEqual(["a", "a", "a"]);
    expect(told).toMatchObject({ downloaded: 1, cursor: "next" });
  });

  test("is passed over where no bytes are given, and the cursor moves all the same", async () => {
    const { outcome, told } = await readAccount({
      pages: [shows(instance("a", { obtainable: "nothing" }), instance("b")), END],
      fate: () => trouble("partial", "not-obtained"),
    });
    expect(outcome.failures).toEqual([]);
    expect(outcome.notes.join()).toContain("a, b");
    expect(told).toMatchObject({ left: 2, cursor: "next" });
  });

  test("is left alone with metadataOnly, and comes with the next scan", async () => {
    const { opened, told } = await readAccount({
      pages: [shows(instance("a")), END],
      deps: { metadataOnly: true },
    });
    expect(opened).toEqual([]);
    expect(told).toMatchObject({ left: 1, cursor: null });
  });
});

describe("what is known", () => {
  test("is refreshed without its bytes while their stamp is the same", async () => {
    const { findings, opened } = await readAccount({
      documents: [documentOf("a")],
      pages: [shows(instance("a", { version: "2", visibility: "public" })), END],
    });
    expect(opened).toEqual([]);
    expect(findings).toMatchObject([
      {
        original: { hash: documentOf("a").content_hash },
        instances: [{ visibility: "public", quality: "unknown" }],
      },
    ]);
  });

  test("by its checksum is not downloaded", async () => {
    const { content_hash: hash } = documentOf("a");
    const { opened, findings } = await readAccount({
      documents: [documentOf("a")],
      pages: [shows(instance("b", { checksums: { sha256: hash.slice("sha256:".length) } })), END],
    });
    expect(opened).toEqual([]);
    expect(findings[0]?.original.hash).toBe(hash);
  });

  test("and comes with other bytes keeps the old ones: the new ones are another variant", async () => {
    const before = documentOf("a", { bytes_stamp: "an older one" });
    const { findings } = await readAccount({ documents: [before], pages: [shows(instance("a")), END] });
    expect(findings).toMatchObject([
      {
        original: { hash: before.content_hash },
        instances: [{ id: "a", isGone: true }],
        variants: [{ role: "other", instances: [{ id: "a", bytesStamp: "stamp a" }] }],
      },
    ]);
  });

  test("as a rendition becomes the lower-quality variant of the original that comes", async () => {
    const before = documentOf("a", { bytes_stamp: "none", quality: "medium" });
    const { findings } = await readAccount({ documents: [before], pages: [shows(instance("a")), END] });
    expect(findings).toMatchObject([
      {
        instances: [{ id: "a", quality: "original" }],
        variants: [{ role: "lower-quality", file: { hash: before.content_hash } }],
      },
    ]);
  });

  test("as an original keeps it where only a rendition is given now", async () => {
    const before = documentOf("a", { bytes_stamp: "an older one" });
    const { findings } = await readAccount({
      documents: [before],
      pages: [shows(instance("a", { obtainable: "high" })), END],
    });
    expect(findings).toMatchObject([
      { original: { hash: before.content_hash }, variants: [{ role: "lower-quality" }] },
    ]);
  });

  test("is known in its version once that is remembered, until its document says something else", async () => {
    const { known } = await readAccount({
      documents: [documentOf("a")],
      pages: [shows(instance("a", { version: "7" })), END],
    });
    expect(known.isKnown("a", "7")).toBe(false);
    await known.remember();
    expect([known.isKnown("a", "7"), known.isKnown("a", "8")]).toEqual([true, false]);
  });
});

describe("what is gone", () => {
  const documents = ["a", "b", "c"].map((id) => documentOf(id));

  test("is what a list of everything left out, and what is not there by itself", async () => {
    const { findings, told, outcome } = await readAccount({
      documents,
      pages: [shows(instance("a")), END],
      there: ["b"],
    });
    expect(told).toMatchObject({ gone: 1, cursor: "next" });
    expect(findings.at(-1)).toMatchObject({ instances: [{ id: "c", isGone: true, record: null }] });
    expect(outcome.notes.join()).toContain("(c)");
  });

  test("is what the service says, in a list of changes", async () => {
    const pages: ScanPage[] = [{ kind: "end", isWhole: false, gone: ["b", "never known"], cursor: "next" }];
    const { told } = await readAccount({ documents, pages });
    expect(told).toMatchObject({ gone: 1, cursor: "next" });
  });

  test("is nothing where a list of everything is empty", async () => {
    const { told, outcome, findings } = await readAccount({ documents, pages: [END] });
    expect(outcome.failures.map(({ code }) => code)).toEqual([`${SERVICE}.listed-nothing`]);
    expect([told.gone, told.cursor, findings.length]).toEqual([0, null, 0]);
  });
});

describe("a scan that goes wrong", () => {
  test("by showing somebody else's photos reads none, and takes nothing for gone", async () => {
    const { told, outcome, findings } = await readAccount({
      ...{ documents: [documentOf("known")], pages: [shows(instance("a")), END] },
      ...{ owner: "bob", deps: { owner: "ada" } },
    });
    expect(outcome.failures.map(({ code }) => code)).toEqual([`${SERVICE}.other-owner`]);
    expect(findings).toEqual([]);
    expect(told).toMatchObject({ seen: 0, gone: 0, cursor: null, owner: null });
  });

  test("is not one that shows the same owner's photos again", async () => {
    const read = { pages: [shows(instance("a")), END], owner: "ada" };
    const first = await readAccount(read);
    expect([first.told.owner, first.outcome.failures]).toEqual(["ada", []]);
    const second = await readAccount({ ...read, deps: { owner: "ada" } });
    expect([second.told.owner, second.outcome.failures]).toEqual(["ada", []]);
  });

  test("by listing nothing of everything vouches for nothing, in a new account, too", async () => {
    const { told, outcome } = await readAccount({ pages: [END] });
    expect([outcome.failures, told.cursor]).toEqual([[], null]);
  });

  test("keeps what it found, moves no cursor, and takes nothing for gone", async () => {
    const error = trouble("transient", "unavailable");
    const { told, outcome, findings } = await readAccount({
      documents: [documentOf("known")],
      pages: [shows(instance("a")), error],
    });
    expect(outcome.failures.map(({ code }) => code)).toEqual([error.code]);
    expect(findings.length).toBe(1);
    expect(told).toMatchObject({ gone: 0, cursor: null, error });
  });

  test("is told from one that ended", async () => {
    const { outcome, told } = await readAccount({ pages: [shows(instance("a"))] });
    expect(outcome.failures.map(({ code }) => code)).toEqual([`${SERVICE}.list-incomplete`]);
    expect(told.cursor).toBeNull();
  });

  test("with a problem, or a photo that failed, moves no cursor while the rest is kept", async () => {
    const problem: ScanPage = {
      kind: "problem",
      subject: "/Photos",
      error: trouble("user", "folder-missing"),
    };
    const first = await readAccount({ pages: [problem, shows(instance("a")), END] });
    expect([first.told.cursor, first.findings.length]).toEqual([null, 1]);
    const second = await readAccount({
      pages: [shows(instance("a"), instance("b")), END],
      fate: (id) => (id === "a" ? trouble("transient", "unavailable") : null),
    });
    expect([second.told.cursor, second.findings.length, second.outcome.failures.length]).toEqual([
      null,
      1,
      1,
    ]);
  });

  test("stops at once when the sign-in is no longer good", async () => {
    const ids = range(60);
    const { opened, told, outcome } = await readAccount({
      pages: [shows(...ids.map((id) => instance(id))), END],
      fate: () => trouble("auth", "sign-in-needed"),
    });
    expect(opened.length).toBeLessThanOrEqual(5);
    expect(outcome.failures.map(({ code }) => code)).toEqual([`${SERVICE}.sign-in-needed`]);
    expect(told.error).toMatchObject({ kind: "auth" });
  });

  test("gives up a service that gives no bytes any more", async () => {
    const ids = range(90);
    const { outcome } = await readAccount({
      pages: [shows(...ids.map((id) => instance(id))), END],
      fate: () => trouble("transient", "unavailable"),
    });
    expect(outcome.failures.length).toBeGreaterThanOrEqual(20);
    expect(outcome.failures.length).toBeLessThan(30);
  });

  test("never takes the bytes of one for another's", async () => {
    const { findings } = await readAccount({ pages: [shows(instance("a"), instance("b")), END] });
    const hashes = findings.map(({ original }) => original.hash);
    expect(new Set(hashes).size).toBe(2);
    expect(hashes).not.toContain(sha256Of(new Uint8Array()));
  });
});

describe("a rendition from a service that keeps no originals", () => {
  const rendition = (taken: string | undefined, filename = "A.JPG") =>
    instance("picked", {
      filename,
      obtainable: "high",
      record: { id: "picked", facts: taken === undefined ? {} : { taken_date: taken }, raw: {} },
    });
  const read = (seen: ReturnType<typeof instance>, documents = [documentOf("a")]) =>
    readAccount({ documents, pages: [shows(seen), END], there: ["a", "b"], keepsOriginals: false });

  test("joins the one photo of its name and time as a lower-quality variant", async () => {
    const { findings } = await read(rendition("2024-01-15T09:30:00Z"));
    expect(findings).toMatchObject([
      {
        original: { hash: documentOf("a").content_hash },
        instances: [],
        variants: [{ role: "lower-quality", instances: [{ id: "picked", quality: "high" }] }],
      },
    ]);
  });

  test.each([
    ["of another time", rendition("2024-01-15T09:31:00Z")],
    ["of another name", rendition("2024-01-15T09:30:00Z", "b.jpg")],
    ["that tells no time", rendition(undefined)],
  ])("%s is a photo of its own", async (_, seen) => {
    const { findings } = await read(seen);
    expect(findings).toMatchObject([{ instances: [{ id: "picked" }], variants: [] }]);
  });

  test("that fits two photos joins neither", async () => {
    const twin = { ...documentOf("b"), metadata: documentOf("a").metadata };
    const { findings } = await read(rendition("2024-01-15T09:30:00Z"), [documentOf("a"), twin]);
    expect(findings).toMatchObject([{ instances: [{ id: "picked" }], variants: [] }]);
  });
});

test("progress knows its end where the service tells how many there are, and comes to it whatever fails", async () => {
  const { stages } = await readAccount({
    pages: [shows(instance("a"), instance("b"), instance("c", { obtainable: "nothing" })), END],
    fate: (id) => (id === "a" ? trouble("partial", "not-obtained") : null),
    total: 3,
  });
  expect(stages).toEqual([{ label: `Reading ${SERVICE}`, total: 3, done: 3 }]);
});

test("progress of a service that does not count goes by what was there the last time, and by the limit", async () => {
  const documents = ["a", "b", "c"].map((id) => documentOf(id));
  const pages = [shows(instance("a"), instance("b")), END];
  const totalWith = async (deps: Partial<AccountDeps>, known = documents) =>
    (await readAccount({ pages, documents: known, deps })).stages.map(({ total }) => total);
  expect(await totalWith({})).toEqual([3]);
  expect(await totalWith({ limit: 2 })).toEqual([2]);
  expect(await totalWith({ limit: 9 }, [])).toEqual([9]);
  expect(await totalWith({}, [])).toEqual([undefined]);
  expect(await totalWith({ cursor: "later" })).toEqual([undefined]);
});

test("a service that is down ends the reading at once, and is told of once", async () => {
  const down = new PhotosyncError({
    kind: "transient",
    code: `${SERVICE}.unavailable`,
    message: "It is down.",
    data: { isDown: true },
  });
  const ids = Array.from({ length: 30 }, (_, n) => instance(`p${n}`));
  const { opened, outcome } = await readAccount({ pages: [shows(...ids), END], fate: () => down });
  expect(outcome.failures).toMatchObject([{ subject: SERVICE, code: `${SERVICE}.unavailable` }]);
  expect(opened.length).toBeLessThan(20);
});
