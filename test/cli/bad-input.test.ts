import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GROUPS } from "../gallery/cases/all-cases.js";
import { CI_CASES } from "../gallery/cases/in-ci.js";
import { runCase } from "../gallery/run-case.js";
import { makeTemplates, type Templates } from "../gallery/templates.js";

let templates: Templates;

beforeAll(async () => {
  templates = await makeTemplates();
}, 180_000);

afterAll(() => templates.remove());

// `npm run gallery` tries every case on every command that meets it.
describe("bad input gets a clear answer, and nothing else is lost", () => {
  it.concurrent.for(CI_CASES)("$name", async ({ one, runs }, { expect, skip }) => {
    const rows = await runCase(one, templates, runs);
    for (const { skipped } of rows) if (skipped !== undefined) skip(skipped);
    expect(rows.flatMap(({ command, broken }) => broken.map((rule) => `${command}: ${rule}`))).toEqual([]);
  });
});

it("is tried here on some of every group", () => {
  const tried = new Set(CI_CASES.map(({ one }) => one));
  expect(GROUPS.filter((group) => !group.some((one) => tried.has(one)))).toEqual([]);
});
