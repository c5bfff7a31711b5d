import { describe, expect, it } from "vitest";
import { renderAudit } from "../../../src/cli/render/audit-text.js";
import { renderConnect } from "../../../src/cli/render/connect-text.js";
import { renderDisconnect } from "../../../src/cli/render/disconnect-text.js";
import { renderDiscover } from "../../../src/cli/render/discover-text.js";
import { renderDoctor } from "../../../src/cli/render/doctor-text.js";
import { renderError } from "../../../src/cli/render/error-text.js";
import { renderEstimate } from "../../../src/cli/render/estimate-text.js";
import { renderFailures } from "../../../src/cli/render/failure-text.js";
import { forgetLines, renderForget } from "../../../src/cli/render/forget-text.js";
import { renderInit } from "../../../src/cli/render/init-text.js";
import { renderList } from "../../../src/cli/render/list-text.js";
import { renderLog } from "../../../src/cli/render/log-text.js";
import { renderReplicate } from "../../../src/cli/render/replicate-text.js";
import { renderResolve } from "../../../src/cli/render/resolve-text.js";
import { renderShow } from "../../../src/cli/render/show-text.js";
import { renderStatus } from "../../../src/cli/render/status-text.js";
import { renderStoreList } from "../../../src/cli/render/store-list-text.js";
import { table } from "../../../src/cli/render/table.js";
import { renderUndo } from "../../../src/cli/render/undo-text.js";
import { renderVerify } from "../../../src/cli/render/verify-text.js";
import type { View } from "../../../src/cli/render/view.js";
import { renderVisibilitySet, wideningLines } from "../../../src/cli/render/visibility-text.js";
import { PhotosyncError } from "../../../src/domain/errors.js";
import { displayWidth } from "../../../src/text/lines.js";
import { money } from "../../../src/text/money.js";
import * as sample from "./sample-results.js";

const view: View = { width: 80, color: false, full: false, now: "2026-11-20T10:05:00Z" };
// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with the escape character
const COLOUR = /\u001b\[\d+m/g;

const all = (drawn: View): readonly (readonly [string, string])[] => [
  ["init", renderInit(sample.initResult, drawn)],
  ["connect", renderConnect(sample.connectResult, drawn)],
  ["connect, kept in a file", renderConnect({ ...sample.connectResult, kept_in: "file" }, drawn)],
  ["disconnect", renderDisconnect(sample.disconnectResult, drawn)],
  ["discover", renderDiscover(sample.discoverResult, drawn)],
  ["resolve", renderResolve(sample.resolveResult, drawn)],
  ["replicate", renderReplicate(sample.replicateResult, drawn)],
  ["replicate plan", renderReplicate(sample.replicatePlan, drawn)],
  ["status", renderStatus(sample.statusResult, drawn)],
  ["audit", renderAudit(sample.auditResult, drawn)],
  ["audit with history", renderAudit(sample.auditHistory, drawn)],
  ["visibility set", renderVisibilitySet(sample.visibilitySetResult, drawn)],
  ["visibility set, dry run", renderVisibilitySet({ ...sample.visibilitySetResult, dry_run: true }, drawn)],
  ["estimate", renderEstimate(sample.estimateResult, drawn)],
  ["replicate plan with its costs", renderReplicate(sample.replicatePriced, drawn)],
  ["forget", renderForget(sample.forgetResult, drawn)],
  ["forget, dry run", renderForget({ ...sample.forgetResult, dry_run: true }, drawn)],
  ["forget, before it is confirmed", `${forgetLines(sample.forgetResult).join("\n").trimEnd()}\n`],
  ["log", renderLog(sample.logResult, drawn)],
  ["undo", renderUndo(sample.undoResult, drawn)],
  ["show", renderShow(sample.showResult, drawn)],
  ["list", renderList(sample.listResult, drawn)],
  ["verify", renderVerify(sample.verifyResult, drawn)],
  ["doctor", renderDoctor(sample.doctorResult, drawn)],
];

describe("every command's text", () => {
  it("says the same with and without colour", () => {
    const plain = all(view);
    for (const [index, [name, text]] of all({ ...view, color: true }).entries()) {
      expect(text.replace(COLOUR, ""), name).toBe(plain[index]?.[1]);
    }
  });

  it("ends with one line break and has no line that ends with a space", () => {
    for (const [name, text] of all(view)) {
      expect(text, name).toMatch(/[^\n]\n$/);
      expect(text, name).not.toMatch(/ \n/);
    }
  });

  it("fits 80 columns where nothing but ids and hashes is long", () => {
    for (const [name, text] of all(view).filter(([name]) => name !== "show")) {
      for (const line of text.split("\n"))
        expect(displayWidth(line), `${name}: ${line}`).toBeLessThanOrEqual(80);
    }
  });
});

const STATUS_PAGE = `Library /home/ada/library
12,345 photos, 48.2 GB of originals

Phases
  discovered      45  < 1 %  to be resolved
  resolved     1,200    9 %  to be replicated
  replicated  11,100   89 %  in every store

Services
  google-photos  google-takeout  12,000 photos  last looked at 3 days ago
  folder                            345 photos  never looked at
  ! folder: /media/card is not mounted.

Stores
  local  blobs  12,300 replicas  45 missing  verified 1 hour ago
  local: presence and size compared of 600 of 12,300 replicas 1 hour ago, 15 %
  of this round of samples, 1 missing, 1 corrupt
  12 originals kept at hand in .photosync/staging for replicate

Needs attention
  ! 2 conflicts for a person to decide
  ! 1 visibility discrepancy
  ! 1 file edited but not committed: config/services.json

Next
  photosync resolve  45 photos wait for it
`;

describe("status", () => {
  it("is one page", () => {
    expect(renderStatus(sample.statusResult, view)).toBe(STATUS_PAGE);
  });

  it("says every reason whole, however long its command is", () => {
    const why = "the bytes in cloud, local were never proven again on this computer";
    const command = "photosync verify --deep --store cloud";
    const text = renderStatus({ ...sample.statusResult, next: [{ command, why }] }, view);
    expect(text).not.toContain("…");
    expect(text.replaceAll(/\s+/g, " ")).toContain(`${command} ${why}`);
    for (const line of text.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });
});

describe("discover", () => {
  it("accounts for every file with a sum", () => {
    const text = renderDiscover(sample.discoverResult, view);
    expect(text).toMatch(/photo +1,234 +3\.2 GB/);
    expect(text).toMatch(/total +2,434 +3\.2 GB/);
    expect(text).toContain("reports/0123456789ab.json");
  });

  it("shows the plan and that nothing was written in a dry run", () => {
    const text = renderDiscover({ ...sample.discoverResult, dry_run: true, commit: null }, view);
    expect(text).toContain("seen for the first time");
    expect(text).toContain("nothing was written");
    expect(text).not.toContain("Recorded as");
  });
});

describe("replicate", () => {
  it("groups the plan, spells out its beginning and tells how to run it", () => {
    const text = renderReplicate(sample.replicatePlan, view);
    expect(text).toMatch(/store-blob +→ local +12 steps +24\.0 MB/);
    expect(text.match(/not there yet/g)).toHaveLength(10);
    expect(text).toContain("and 2 more");
    expect(text).toContain("photosync replicate --execute");
  });

  it("sums up by action where every step has a target of its own", () => {
    const plan = sample.replicatePlan.plan.map((step, index) => ({ ...step, target: `IMG_${index}.jpg` }));
    const text = renderReplicate({ ...sample.replicatePlan, plan }, view);
    expect(text).toMatch(/^ {2}store-blob +12 steps +24\.0 MB$/m);
  });

  it("spells everything out with --verbose", () => {
    const text = renderReplicate(sample.replicatePlan, { ...view, full: true });
    expect(text.match(/not there yet/g)).toHaveLength(12);
  });

  it("foretells what a plan costs of a service's day, and what has to wait for the next", () => {
    const quota = { used: 120, per_day: 10_000, resets_at: "2026-11-22T08:00:00Z" };
    const google = { name: "google-photos", steps: 2000, requests: 2140, quota };
    const flickr = { name: "flickr", steps: 10, requests: 40, quota: null };
    const text = renderReplicate({ ...sample.replicatePlan, services: [flickr, google] }, view);
    expect(text).toMatch(/^flickr: about 40 requests$/m);
    expect(text).toContain("google-photos: about 2,140 requests of 10,000 a day (120 used today)");
    expect(text).not.toContain("left today");
    const large = { ...google, requests: 20_000 };
    expect(renderReplicate({ ...sample.replicatePlan, services: [large] }, view)).toContain(
      "More than the 9,880 left today: run it again after 2026-11-22T08:00:00Z",
    );
  });

  it("says what a service does not take, and why, without calling it a failure", () => {
    const held = [{ subject: "0d3c7a52-7f0f", why: "flickr takes no image/heic", service: "flickr" }];
    const text = renderReplicate({ ...sample.replicatePlan, held }, view);
    expect(text).toContain("Left as it is on services: 1 photo");
    expect(text).toContain("0d3c7a52  flickr takes no image/heic");
  });

  it("warns of old prices as an estimate does", () => {
    const [priced] = sample.replicatePriced.costs;
    if (priced === undefined) throw new Error("the sample has no costs");
    const at = (outdated: boolean) => ({
      ...sample.replicatePriced,
      costs: [{ ...priced, costs: { ...priced.costs, basis: { ...priced.costs.basis, outdated } } }],
    });
    expect(renderReplicate(at(true), view)).toContain("more than a year old");
    expect(renderReplicate(at(false), view)).not.toContain("year old");
  });

  it("says when there is nothing to do", () => {
    const counts = { planned: 0, done: 0, skipped: 0, failed: 0, bytes: 0 };
    const text = renderReplicate({ ...sample.replicatePlan, counts, plan: [], held: [] }, view);
    expect(text).toContain("Nothing to do");
  });
});

describe("audit, list and show", () => {
  it("calls what cannot be read by that name", () => {
    expect(renderAudit(sample.auditResult, view)).toContain("cannot be read");
  });

  it("lists whole ids where another program may read them", () => {
    const [id] = sample.listResult.photos.map((photo) => photo.photo_id);
    expect(renderList(sample.listResult, { ...view, width: Number.POSITIVE_INFINITY })).toContain(id);
    expect(renderList(sample.listResult, view)).not.toContain(id);
  });

  it("lets a file name of escapes and line breaks do no harm", () => {
    const photos = sample.listResult.photos.map((photo) => ({
      ...photo,
      filename: "x\u001b]0;\u0007\ny.jpg",
    }));
    const text = renderList({ ...sample.listResult, photos }, view);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text).not.toMatch(/[\u0007\u001b]/);
    expect(text.split("\n")).toHaveLength(3);
  });

  it("shows what is known of a photo", () => {
    const text = renderShow(sample.showResult, view);
    for (const part of ["Sunset", "Canon, EOS R5", "4000 × 3000", "beach, sunset", "favorite", "friends"]) {
      expect(text).toContain(part);
    }
  });
});

describe("visibility set", () => {
  const question = {
    photo_id: "3f2a9c1e-1111-5222-8333-444455556666",
    filename: "IMG\u202e_1.jpg",
    taken_date: "2024-01-15T10:30:00",
    from: "private",
    to: "public",
    services: [
      { service: "flickr", current: "friends" },
      { service: "google-photos", current: "unknown" },
    ],
  } as const;

  it("asks with everything that one has to know, and nothing that drives a terminal", () => {
    const text = wideningLines(question).join("\n");
    for (const part of [
      "everyone",
      "private",
      "flickr",
      "friends",
      "google-photos",
      "cannot tell",
      "later",
      question.photo_id,
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain("\u202e");
    expect(wideningLines({ ...question, services: [] }).join("\n")).toContain("no service");
  });

  it("says who decided, why, what replicate does then, and what it cannot do", () => {
    const text = renderVisibilitySet(sample.visibilitySetResult, view);
    for (const part of ["everyone", "Ada", "for the exhibition", "replicate --execute", "google-photos"]) {
      expect(text).toContain(part);
    }
  });
});

describe("audit --history", () => {
  it("tells each change with its operation, cause and approval, newest last", () => {
    const text = renderAudit(sample.auditHistory, view);
    const parts = ["library: private → public", "flickr: private → public", "on the approval of public"];
    const places = parts.map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(text).toContain("for the exhibition");
  });

  it("spells out the last ones and counts the rest, and all with --verbose", () => {
    const [, event] = sample.auditHistory.history ?? [];
    if (event === undefined) expect.unreachable();
    const history = Array.from({ length: 30 }, (_, at) => ({ ...event, filename: `${at}.jpg` }));
    const text = renderAudit({ ...sample.auditHistory, history }, view);
    expect(text).toContain("10 earlier changes");
    expect(text).not.toContain(" 9.jpg");
    expect(text).toContain(" 29.jpg");
    expect(renderAudit({ ...sample.auditHistory, history }, { ...view, full: true })).toContain(" 9.jpg");
  });
});

describe("failures", () => {
  const failure = { subject: "a.jpg", code: "photo.bad", message: "It is broken.", hint: "Get another." };

  it("tells what, where and what next, and counts the rest after twenty", () => {
    const text = renderFailures(
      Array.from({ length: 25 }, () => failure),
      view,
    );
    expect(text).toContain("a.jpg: It is broken. (photo.bad)");
    expect(text.match(/photo\.bad/g)).toHaveLength(20);
    // What to do is the same for all, and is said once.
    expect(text.match(/→ Get another\./g)).toHaveLength(1);
    expect(text).toContain("and 5 more");
  });

  it("is nothing where nothing failed", () => {
    expect(renderFailures([], view)).toBe("");
  });
});

describe("verify", () => {
  it("says how far the samples have come round", () => {
    const [proof] = sample.verifyResult.proofs;
    if (proof === undefined) throw new Error("the sample has no proof");
    const told = (round_percent: number) =>
      renderVerify(
        { ...sample.verifyResult, proofs: [{ ...proof, percent: 5, round_percent }] },
        { ...view, width: Number.POSITIVE_INFINITY },
      );
    expect(told(15)).toContain("a sample of 5 %: 15 % of all");
    expect(told(100)).toContain("all have been looked at");
    expect(renderVerify(sample.verifyResult, view)).not.toContain("sample");
  });
});

describe("undo", () => {
  it("does not say that nothing changed where settings did", () => {
    const counts = { restored: 0, removed: 0, recreated: 0, kept_narrower: 0 };
    const of = (command: string) =>
      renderUndo({ ...sample.undoResult, counts, undone: { ...sample.undoResult.undone, command } }, view);
    expect(of("store")).toContain("The settings are as they were before.");
    expect(of("resolve")).toContain("No document changes.");
  });
});

describe("a table", () => {
  it("takes from the widest columns first, so that none is lost for another's sake", () => {
    const [line = ""] = table(
      [{ shrinks: true }, { shrinks: true }, {}],
      [["a".repeat(40), "b".repeat(60), "end"]],
      view,
    );
    expect(displayWidth(line)).toBe(80);
    const counts = ["a", "b"].map((letter) => line.split(letter).length - 1);
    expect(Math.abs((counts[0] ?? 0) - (counts[1] ?? 0))).toBeLessThanOrEqual(1);
  });
});

describe("a list of stores", () => {
  it("shows whole addresses, in 80 columns", () => {
    const store = {
      name: "cloud",
      kind: "s3",
      url: "s3://my-own-photos/library?endpoint=https://s3.example.net&region=us-east-1",
      state: "enabled",
      primary: true,
      storage_class: "STANDARD_IA",
      encryption: "passphrase",
      last_verify: null,
      blobs: 12_345,
      bytes: 24_800_000_000,
      reachable: false,
      note: "There are no access keys for store cloud.",
    } as const;
    const counts = { stores: 1, blobs: 12_345, bytes: 24_800_000_000 };
    const text = renderStoreList({ ...sample.statusResult, counts, stores: [store] }, view);
    expect(text).toContain(store.url);
    expect(text).toContain("12,345 originals (24.8 GB), class STANDARD_IA, encrypted to");
    expect(text).toContain("NOT REACHABLE");
    for (const line of text.split("\n"))
      if (!line.includes(store.url)) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
  });
});

describe("errors", () => {
  const error = new PhotosyncError({
    kind: "user",
    code: "library.not-found",
    message: "There is no library here.",
    next: ["Run `photosync init`."],
    cause: new Error("ENOENT"),
  });

  it("says what happened, what to do and the code, and no stack", () => {
    expect(renderError(error, view)).toBe(
      "Error: There is no library here.\n  → Run `photosync init`.\n  (library.not-found)\n",
    );
  });

  it("adds stacks and causes with --verbose", () => {
    const text = renderError(error, { ...view, full: true });
    expect(text).toMatch(/\n\s+at /);
    expect(text).toContain("ENOENT");
  });
});

it("money is told to the cent, and what is less than one is not told as nothing", () => {
  expect(money(1_234_500_000, "USD")).toBe("$1,234.50");
  expect(money(0, "EUR")).toBe("€0.00");
  expect(money(20, "EUR")).toBe("< €0.01");
  expect(money(500_000, "CHF")).toBe("0.50 CHF");
  expect(renderEstimate(sample.estimateResult, view)).toContain("more than a year old");
});
