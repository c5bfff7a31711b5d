import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { portableFinding } from "../../../../src/phases/discover/portable-finding.js";
import { findingOf } from "./findings.js";

describe("portableFinding", () => {
  it("writes every place inside the library relative to it, and nothing else differently", () => {
    const root = resolve("/pictures");
    const finding = findingOf("a", ["raw", "b"]);
    const portable = portableFinding(root, finding);
    const expected = JSON.parse(JSON.stringify(finding).replaceAll('"/pictures/', '"'));
    expect(portable).toEqual(expected);
    expect(portableFinding(resolve("/elsewhere"), finding)).toEqual(finding);
  });
});
