import { expect, it } from "vitest";
import { identityField } from "../../../../src/domain/identity/identity-field.js";
import type { PhotoDocument } from "../../../../src/domain/photo.js";
import { Questions } from "../../../../src/phases/resolve/questions.js";
import { fakeLibrary, photoDocument } from "../../../fakes/fake-catalog.js";

const better = photoDocument({ content: "better" });
const asked: PhotoDocument = {
  ...photoDocument({ content: "asked" }),
  conflicts: [
    {
      type: "edit_variant",
      field: identityField(better.content_hash),
      description: "",
      services: [],
      values: {},
      resolution_required: true,
    },
  ],
};
const failure = { subject: "photos/x.json", code: "document.not-json", message: "markers", hint: "mend it" };

it.each([
  ["stands while a document cannot be read, which may hold that picture", [failure], asked.conflicts],
  ["is withdrawn once no document holds that picture", [], []],
])("a question about another picture %s", (_, invalid, left) => {
  const questions = new Questions(fakeLibrary([asked], { invalid }).catalog(), []);
  expect(questions.of(asked, new Set())).toEqual(left);
});
