import { describe, expect, it } from "vitest";
import { missingPartNotes, parsePartName } from "../../../src/services/google-takeout/part-names.js";

const NAME = "takeout-20260601T101112Z";

describe("part names", () => {
  it.each([
    [`${NAME}-001.zip`, NAME, 1],
    [`${NAME}-1-012.tgz`, NAME, 12],
    [`${NAME}-003 (1).zip`, NAME, 3],
    [`${NAME}-002`, NAME, 2],
    [`${NAME}-1000.tar.gz`, NAME, 1000],
  ])("%s belongs to %s as number %i", (name, exportId, number) => {
    expect(parsePartName(name)).toMatchObject({ exportId: exportId.toLowerCase(), number });
  });

  it.each(["photos.zip", `${NAME}.zip`, `my-${NAME}-001.zip`, `${NAME}-001.pdf`])("%s is none", (name) => {
    expect(parsePartName(name)).toBeNull();
  });
});

describe("missingPartNotes", () => {
  it("names the gaps of each series, and only those", () => {
    const notes = missingPartNotes([
      ...[`${NAME}-001.zip`, `${NAME}-003.zip`, "other.zip"],
      ...["takeout-20260801T101112Z-1-001.zip", "takeout-20260801T101112Z-1-002.zip"],
    ]);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain("002");
  });

  it("counts parts of different exports apart", () => {
    expect(missingPartNotes([`${NAME}-001.zip`, "takeout-20260801T101112Z-002.zip"])).toHaveLength(1);
  });

  it("stays short whatever the numbers are", () => {
    const [note] = missingPartNotes([`${NAME}-99999999.zip`]);
    expect(note?.length).toBeLessThan(400);
  });
});
