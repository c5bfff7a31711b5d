import { describe, expect, it } from "vitest";
import { compareTakenDates, monthFolder, parseTakenDate } from "../../../src/domain/taken-date.js";

describe("parseTakenDate", () => {
  it.each([
    ["2024-01-15T10:30:00", null, false],
    ["2024-01-15T10:30:00Z", 0, true],
    ["2024-01-15T10:30:00+00:00", 0, false],
    ["2024-01-15T10:30:00-00:00", 0, false],
    ["2024-01-15T10:30:00-08:00", -480, false],
    ["2024-01-15T10:30:00+05:45", 345, false],
    ["2024-01-15T10:30:00-03:30", -210, false],
    ["2024-01-15T10:30:00+14:00", 840, false],
  ])("reads the zone of %s", (text, offsetMinutes, instantOnly) => {
    expect(parseTakenDate(text)).toMatchObject({ offsetMinutes, instantOnly });
  });

  it.each([
    "2024-02-29T12:00:00",
    "2000-02-29T12:00:00",
    "0001-01-01T00:00:00",
    "1582-10-10T12:00:00",
    "9999-12-31T23:59:59",
  ])("takes the day %s", (text) => expect(parseTakenDate(text)).not.toBeNull());

  it.each([
    ["the form", "2024:01:15 10:30:00"],
    ["the form", "2024-01-15T10:30"],
    ["the form", "2024-01-15T10:30:00+0800"],
    ["the form", " 2024-01-15T10:30:00"],
    ["the form", "2024-01-15T10:30:00Z\n"],
    ["the form", "2024-01-15T10:30:00."],
    ["the form", "２024-01-15T10:30:00"],
    ["the year", "0000-00-00T00:00:00"],
    ["the year", "0000-06-15T00:00:00"],
    ["the month", "2024-13-01T00:00:00"],
    ["the month", "2024-00-01T00:00:00"],
    ["the day", "2024-01-00T00:00:00"],
    ["the day", "2023-02-29T00:00:00"],
    ["the day", "1900-02-29T00:00:00"],
    ["the day", "2024-04-31T00:00:00"],
    ["the hour", "2024-01-15T24:00:00"],
    ["the minute", "2024-01-15T10:60:00"],
    ["the second", "2024-01-15T10:30:61"],
    ["the zone", "2024-01-15T10:30:00+15:01"],
    ["the zone", "2024-01-15T10:30:00-99:00"],
    ["the zone", "2024-01-15T10:30:00+05:75"],
  ])("refuses %s of %s", (_what, text) => expect(parseTakenDate(text)).toBeNull());

  it.each([
    ["1970-01-01T00:00:00", 0],
    ["1969-12-31T23:59:59.5", -500],
    ["2024-02-29T00:00:00", Date.UTC(2024, 1, 29)],
    ["2024-03-01T00:00:00", Date.UTC(2024, 2, 1)],
    ["1900-03-01T00:00:00", Date.UTC(1900, 2, 1)],
    ["2024-01-15T10:30:00.57", Date.UTC(2024, 0, 15, 10, 30, 0, 570)],
    ["2024-01-15T10:30:00.1239999", Date.UTC(2024, 0, 15, 10, 30, 0, 123)],
    ["2024-01-15T10:30:00-08:00", Date.UTC(2024, 0, 15, 10, 30)],
    ["2016-12-31T23:59:60Z", Date.UTC(2017, 0, 1)],
  ])("tells the wall clock of %s", (text, ms) => expect(parseTakenDate(text)?.wallClockMs).toBe(ms));
});

describe("compareTakenDates", () => {
  it.each([
    ["one clock", "2024-01-15T10:30:00", "2024-01-15T10:30:00.9", "same"],
    ["two clocks", "2024-01-15T10:30:00", "2024-01-15T11:30:00", "different"],
    ["one instant in two zones", "2024-01-15T10:30:00-08:00", "2024-01-15T19:30:00+01:00", "same"],
    ["one instant over the new year", "2023-12-31T23:45:00-08:00", "2024-01-01T07:45:00Z", "same"],
    ["two instants of one clock", "2024-01-15T10:30:00-08:00", "2024-01-15T10:30:00+01:00", "different"],
    ["a clock and its zoned self", "2024-01-15T10:30:00", "2024-01-15T10:30:00+05:45", "same"],
    ["a clock and another zoned one", "2024-01-15T10:30:00", "2024-01-15T11:30:00+01:00", "different"],
    ["a clock in Nepal and UTC", "2024-01-15T10:30:00", "2024-01-15T04:45:00Z", "zone-doubt"],
    ["a clock in Kiribati and UTC", "2024-01-15T10:30:00", "2024-01-14T20:30:00Z", "zone-doubt"],
    ["more than any zone", "2024-01-15T10:30:00", "2024-01-14T20:15:00Z", "different"],
    ["no whole quarter hour", "2024-01-15T10:30:00", "2024-01-15T04:44:59Z", "different"],
    ["the last second of February", "2024-02-29T23:59:59Z", "2024-03-01T00:59:59+01:00", "same"],
    ["what is no date, alike", "long ago", "long ago", "same"],
    ["what is no date", "long ago", "2024-01-15T10:30:00", "different"],
  ])("on %s", (_what, left, right, agreement) => {
    expect(compareTakenDates(left, right)).toBe(agreement);
    expect(compareTakenDates(right, left)).toBe(agreement);
  });
});

describe("monthFolder", () => {
  it.each([
    ["2024-01-31T23:59:59-08:00", "2024/01"],
    ["2024-01-01T00:30:00+14:00", "2024/01"],
    ["0476-09-04T00:00:00", "0476/09"],
    ["2024-13-01T00:00:00", "undated"],
    ["../../etc", "undated"],
    [null, "undated"],
  ])("of %s is %s", (date, folder) => expect(monthFolder(date)).toBe(folder));
});
