import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { retryAfterMs } from "../../../src/infra/http/backoff.js";
import { DayCount } from "../../../src/infra/http/day-count.js";
import { mannersFor } from "../../../src/infra/http/manners.js";
import { safeAddress, withoutSecrets } from "../../../src/infra/http/redact.js";
import { endpointOf } from "../../../src/infra/http/service-address.js";
import { nextMidnightMs, zonedDay } from "../../../src/infra/http/zoned-day.js";

describe("Retry-After", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");

  it.each([
    ["120", 120_000],
    [" 0 ", 0],
    ["Sat, 21 Nov 2026 12:01:00 GMT", 60_000],
    ["Saturday, 21-Nov-26 12:01:00 GMT", 60_000],
    ["Sat, 21 Nov 2026 11:00:00 GMT", 0],
    ["soon", null],
    ["-5", null],
    ["1.5", null],
    ["", null],
    [null, null],
  ])("%s", (header, expected) => expect(retryAfterMs(header, now)).toBe(expected));
});

describe("the quota's day", () => {
  it.each([
    ["2026-11-21T12:00:00Z", "2026-11-22T08:00:00Z"],
    ["2026-11-22T07:59:59.5Z", "2026-11-22T08:00:00Z"],
    // Days of 23 and of 25 hours.
    ["2026-03-08T09:00:00Z", "2026-03-09T07:00:00Z"],
    ["2026-11-01T07:30:00Z", "2026-11-02T08:00:00Z"],
  ])("of Pacific time that %s is in ends at %s", (now, end) => {
    expect(new Date(nextMidnightMs(Date.parse(now), "America/Los_Angeles")).toISOString()).toBe(
      end.replace("Z", ".000Z"),
    );
    expect(zonedDay(Date.parse(end) - 1, "America/Los_Angeles")).not.toBe(
      zonedDay(Date.parse(end), "America/Los_Angeles"),
    );
  });

  it("is counted over processes, and old days are cleared away", () => {
    const folder = join(mkdtempSync(join(tmpdir(), "photosync-quota-")), "quota");
    let nowMs = Date.parse("2026-11-21T23:00:00Z");
    const open = () => new DayCount({ folder, account: "google-photos", zone: "UTC", nowMs: () => nowMs });
    const [one, other] = [open(), open()];
    one.spend(3);
    other.spend(2);
    expect([one.used(), other.used(), open().used()]).toEqual([5, 5, 5]);
    nowMs += 3_600_000;
    expect(one.used()).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is read and not written by a dry run", () => {
    const folder = mkdtempSync(join(tmpdir(), "photosync-quota-"));
    const nowMs = () => Date.parse("2026-11-21T23:00:00Z");
    const settings = { folder, account: "flickr", zone: "UTC", nowMs };
    new DayCount(settings).spend(3);
    const dry = new DayCount({ ...settings, onlyReads: true });
    dry.spend(2);
    expect([dry.used(), new DayCount(settings).used()]).toEqual([5, 3]);
  });

  it("is counted in memory where no file can be kept", () => {
    const file = join(mkdtempSync(join(tmpdir(), "photosync-quota-")), "a-file");
    writeFileSync(file, "");
    const count = new DayCount({ folder: file, account: "flickr", zone: "UTC", nowMs: () => 0 });
    count.spend(2);
    expect(count.used()).toBe(2);
  });
});

describe("rate_limit", () => {
  it("takes the first design's names, and fills in what is not said", () => {
    const google = mannersFor("google-photos", "google-photos", { requests_per_minute: 1000 });
    expect(google.allowances).toContainEqual({ requests: 1000, windowMs: 60_000 });
    expect(google.perDay).toBe(10_000);
    expect(google.writeAllowances).toEqual([{ requests: 30, windowMs: 60_000 }]);
    expect(mannersFor("f", "flickr", { requests_per_hour: 3600 }).allowances).toEqual([
      { requests: 1, windowMs: 1_000 },
      { requests: 3600, windowMs: 3_600_000 },
    ]);
  });

  it.each([{ requests_per_week: 1 }, { requests_per_hour: 0 }, { requests_per_day: Number.NaN }])(
    "refuses %o",
    (configured) => {
      const limits = configured as unknown as Record<string, number>;
      expect(() => mannersFor("flickr", "flickr", limits)).toThrow(
        expect.objectContaining({ code: "config.rate-limit" }),
      );
    },
  );
});

describe("endpoints", () => {
  it.each([
    "https://gateway.example/photos",
    "http://127.0.0.1:8080",
    "http://[::1]:1/x",
    "http://localhost:1",
  ])("may be %s", (address) => expect(endpointOf("a", { rest: address }, "rest", "https://x")).toBe(address));
  it.each([
    "http://gateway.example",
    "http://127.0.0.1.example",
    "ftp://127.0.0.1",
    "nonsense",
    "https://u:p@x.example",
  ])("may not be %s", (address) =>
    expect(() => endpointOf("a", { rest: address }, "rest", "https://x")).toThrow(
      expect.objectContaining({ code: "config.endpoint" }),
    ),
  );
});

describe("what is shown of a service's words", () => {
  const secret = "hush0123456789abcdef";
  it.each([
    `https://api.flickr.com/services/rest?oauth_token=${secret}&x=1`,
    `https://live.staticflickr.com/1/2_${secret}_o.jpg`,
    `oauth_problem=signature_invalid&debug_sbs=GET&oauth_token%3D${secret}`,
    `Authorization: Bearer ${secret}`,
    `{"access_token": "${secret}", "expires_in": 3599}`,
    `{"refresh_token":"${secret}"}`,
    `client_secret=${secret}`,
    `code=${secret} was used`,
    `token ya29.${secret}`,
    `FLICKR_API_KEY=${secret}`,
  ])("hides the secret in %s", (text) => expect(withoutSecrets(text)).not.toContain(secret));

  it.each([
    ["72157720000000000-0123456789abcdef", "Invalid token"],
    ["0123456789abcdef0123456789abcdef", "Invalid API Key"],
    ["eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "Not valid any more"],
  ])("hides %s, which nothing names", (token, words) =>
    expect(withoutSecrets(`${words} (${token})`)).toBe(`${words} (…)`),
  );

  it("leaves ordinary words alone", () => {
    const words = "Quota exceeded for quota metric 'All requests' (status code: 429).";
    expect(withoutSecrets(words)).toBe(words);
    expect(safeAddress("https://a.example/x?y=1")).toBe("https://a.example");
  });
});
