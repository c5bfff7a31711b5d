import { describe, expect, test } from "vitest";
import {
  relateCameras,
  relateDates,
  relateLists,
  relatePlaces,
  relateTexts,
} from "../../../src/domain/agreement.js";

describe("dates", () => {
  test.each([
    ["2024-01-15T10:30:00", "2024-01-15T10:30:00", "same"],
    ["2024-01-15T10:30:00", "2024-01-15T18:30:00Z", "alike"],
    ["2024-01-15T10:30:00-08:00", "2024-01-15T18:30:00Z", "alike"],
    ["2024-01-15T10:30:00.250", "2024-01-15T10:30:00", "alike"],
    ["2024-01-15T10:30:00", "2024-01-15T18:31:00Z", "different"],
    ["2024-01-15T10:30:00", "2024-01-15T11:30:00", "different"],
  ])("%s and %s are %s", (left, right, relation) => {
    expect(relateDates(left, right)).toBe(relation);
    expect(relateDates(right, left)).toBe(relation);
  });
});

describe("texts", () => {
  test.each([
    ["Café\nau lait ", "Cafe\u0301  au lait", "alike"],
    ["Tom & Jerry", "Tom &amp; Jerry", "different"],
    ["Sunset", "sunset", "different"],
  ])("%j and %j are %s", (left, right, relation) => {
    expect(relateTexts(left, right)).toBe(relation);
  });
});

describe("places", () => {
  test.each([
    [{ lat: 48.8583701, lng: 2.2944813 }, { lat: 48.8588, lng: 2.2949 }, "alike"],
    [{ lat: 37.77493, lng: -122.41942 }, { lat: 37.77, lng: -122.42 }, "alike"],
    [{ lat: 37.77493, lng: -122.41942 }, { lat: 37.76493, lng: -122.41942 }, "different"],
    [{ lat: 0.5, lng: 179.99991 }, { lat: 0.5, lng: -179.99991 }, "alike"],
    [{ lat: 48.85, lng: 2.35, altitude: 30 }, { lat: 48.85, lng: 2.35 }, "alike"],
    [{ lat: 48.85, lng: 2.35 }, { lat: 40.71, lng: -74 }, "different"],
  ])("%j and %j are %s", (left, right, relation) => {
    expect(relatePlaces(left, right)).toBe(relation);
    expect(relatePlaces(right, left)).toBe(relation);
  });
});

describe("cameras", () => {
  test.each([
    [{ make: "NIKON CORPORATION", model: "NIKON D70" }, { make: "Nikon", model: "D70" }, "alike"],
    [{ make: "Apple" }, { model: "iPhone 14" }, "alike"],
    [{ make: "Canon", model: "EOS 5D" }, { make: "Canon", model: "EOS 5D Mark II" }, "different"],
  ])("%j and %j are %s", (left, right, relation) => {
    expect(relateCameras(left, right)).toBe(relation);
  });
});

test("lists are sets of names, letter case included", () => {
  expect(relateLists(["a", "b"], ["b", "a"])).toBe("same");
  expect(relateLists(["a"], ["A"])).toBe("unitable");
});
