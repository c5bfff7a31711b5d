import { afterAll, beforeAll, describe, it } from "vitest";
import { ALL_CASES } from "../gallery/cases/all-cases.js";
import { runCase } from "../gallery/run-case.js";
import { makeTemplates, type Templates } from "../gallery/templates.js";

/** Of each case the command that meets it first; `npm run gallery` tries them all. */
const RUNS = Number(process.env["PHOTOSYNC_GALLERY_RUNS"] ?? 1);

let templates: Templates;

beforeAll(async () => {
  templates = await makeTemplates();
}, 180_000);

afterAll(() => templates.remove());

describe("bad input gets a clear answer, and nothing else is lost", () => {
  it.concurrent.for(ALL_CASES.filter(({ isHeavy }) => isHeavy !== true))(
    "$name",
    async (one, { expect, skip }) => {
      const rows = await runCase(one, templates, RUNS);
      for (const { skipped } of rows) if (skipped !== undefined) skip(skipped);
      expect(rows.flatMap(({ command, broken }) => broken.map((rule) => `${command}: ${rule}`))).toEqual([]);
    },
  );
});
