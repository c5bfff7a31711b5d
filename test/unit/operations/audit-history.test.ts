import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import type { SeenVisibility } from "../../../src/domain/visibility.js";
import { audit } from "../../../src/operations/audit.js";
import { formatMessage, type OperationMessage } from "../../../src/operations/operation-message.js";
import { setVisibility } from "../../../src/operations/set-visibility.js";
import { undo } from "../../../src/operations/undo.js";
import { photoDocument } from "../../fakes/fake-catalog.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { drop, put } from "../control/native-git.js";
import { makeLibrary, pathOf, type TestLibrary } from "./library.js";

let library: TestLibrary;
beforeEach(async () => {
  library = await makeLibrary();
});
afterEach(() => library.end());

const photo = photoDocument({ content: "a" });
const other = photoDocument({ content: "b", filename: "IMG_2.jpg" });
const seenOn = (document: PhotoDocument, service: string, seen: SeenVisibility): PhotoDocument => ({
  ...document,
  visibility: { ...document.visibility, per_service: { [service]: seen } },
});

/** One operation of a command that writes these documents. */
const operate = (command: OperationMessage["command"], ...documents: readonly PhotoDocument[]) =>
  library.commit(
    documents.map((document) => put(pathOf(document), `${JSON.stringify(document)}\n`)),
    formatMessage({ command, summary: "as told", runId: "test" }),
  );
const set = (level: "private" | "friends" | "public", id: string = photo.photo_id) =>
  setVisibility(
    library.root,
    library.control,
    { photo: id, level, reason: "", yes: true, dryRun: false, confirm: null },
    quietRun(),
  );
const historyOf = async (wanted?: string) => {
  const history = wanted === undefined ? {} : { photo: wanted };
  return (await audit(library.root, library.control, { history }, quietRun())).history ?? [];
};
const present = async (): Promise<PhotoDocument> =>
  (await library.documents()).get(pathOf(photo)) ?? expect.unreachable();

describe("audit --history", () => {
  it("is told only when it is asked for, and changes neither counts nor outcome", async () => {
    await operate("discover", seenOn(photo, "google-photos", "unknown"));
    const plain = await audit(library.root, library.control, { history: null }, quietRun());
    expect(plain).not.toHaveProperty("history");
    const { history, ...rest } = await audit(library.root, library.control, { history: {} }, quietRun());
    expect(rest).toEqual(plain);
    expect(rest.outcome).toBe("conflict");
    expect(history).toMatchObject([{ cause: "found", wider: true }]);
  });

  it("tells who did what when, oldest first, and on which approval", async () => {
    await operate("discover", seenOn(photo, "flickr", "private"));
    const { commit } = await set("public");
    await operate("replicate", seenOn(await present(), "flickr", "public"));
    await set("private");
    const history = await historyOf();
    expect(history.map(({ command, cause, wider }) => [command, cause, wider])).toEqual([
      ["visibility", "approval", true],
      ["replicate", "carried-out", true],
      ["visibility", "approval", false],
    ]);
    const { name } = await library.control.author();
    const approval = { service: "*", visibility: "public", approved_by: name };
    expect(history[0]).toMatchObject({
      operation: commit?.slice(0, 12),
      author: expect.stringContaining(name),
      canonical: { from: "private", to: "public" },
      approved: [approval],
    });
    expect(history[1]).toMatchObject({
      canonical: null,
      services: [{ service: "flickr", from: "private", to: "public" }],
      rests_on: approval,
    });
  });

  it("leaves out what was private all along, save where one photo's whole story is asked for", async () => {
    await operate("discover", photo, other);
    await set("friends", other.photo_id);
    expect((await historyOf()).map(({ photo_id }) => photo_id)).toEqual([other.photo_id]);
    expect(await historyOf("IMG_1.jpg")).toMatchObject([
      { photo_id: photo.photo_id, cause: "found", canonical: { from: null, to: "private" } },
    ]);
  });

  it("looks at the named photo alone", async () => {
    await operate("discover", seenOn(photo, "flickr", "public"), seenOn(other, "flickr", "public"));
    const named = { history: { photo: other.photo_id } };
    const { counts, discrepancies } = await audit(library.root, library.control, named, quietRun());
    expect(counts).toMatchObject({ photos: 1, discrepancies: 1 });
    expect(discrepancies).toMatchObject([{ photo_id: other.photo_id }]);
  });

  it("follows a photo that moved, was taken out and came back", async () => {
    await operate("discover", photo);
    const moved = { ...photo, metadata: { ...photo.metadata, taken_date: "2020-06-01T12:00:00" } };
    await library.change([photo], [moved]);
    await library.commit([drop(pathOf(moved))]);
    await library.change([], [moved]);
    expect((await historyOf(photo.photo_id)).map(({ cause }) => cause)).toEqual([
      "found",
      "removed",
      "found",
    ]);
  });

  it("still tells the story of a photo that is gone, by its whole id", async () => {
    await operate("discover", photo);
    await library.commit([drop(pathOf(photo))]);
    expect(await historyOf(photo.photo_id)).toHaveLength(2);
    await expect(historyOf(other.photo_id)).rejects.toMatchObject({ code: "photo.unknown" });
    await expect(historyOf("IMG_1.jpg")).rejects.toMatchObject({ code: "photo.unknown" });
  });

  it("names the rule that narrowed, the undo that took back, and the hand that edited", async () => {
    const shown = { ...photo, visibility: { ...photo.visibility, canonical: "public" as const } };
    await operate("discover", shown);
    const rule = {
      field: "visibility",
      by: "rule" as const,
      rule: "most_restrictive_visibility",
      value: "private",
      resolved_at: photo.updated_at,
    };
    await operate("resolve", { ...photo, resolutions: [rule] });
    await set("friends");
    await undo(library.root, library.control, undefined, { dryRun: false }, quietRun());
    const edited = await present();
    await library.commit(
      [
        put(
          pathOf(photo),
          `${JSON.stringify({ ...edited, visibility: { ...edited.visibility, canonical: "public" } })}\n`,
        ),
      ],
      "my own words\n",
    );
    const history = await historyOf();
    expect(history.map(({ cause }) => cause)).toEqual(["found", "rule", "approval", "undo", "edit"]);
    expect(history[1]?.rule).toBe("most_restrictive_visibility");
    expect(history[3]).toMatchObject({ undoes: expect.stringMatching(/^[0-9a-f]{40}$/), withdrawn: [{}] });
  });

  it("hides nothing behind a document that cannot be read", async () => {
    await operate("discover", photo);
    await library.commit([put(pathOf(photo), "{ broken")], "by hand\n");
    const shown = { ...photo, visibility: { ...photo.visibility, canonical: "public" as const } };
    await library.commit([put(pathOf(photo), JSON.stringify(shown))], "mended by hand\n");
    expect(await historyOf()).toMatchObject([
      { cause: "edit", canonical: { from: null, to: "public" }, wider: true },
    ]);
  });

  it("opens no document that an operation left as it was", async () => {
    const many = Array.from({ length: 20 }, (_, at) => photoDocument({ content: `photo ${at}` }));
    await operate("discover", ...many);
    await set("public", many[3]?.photo_id);
    await library.commit([put("notes.md", "mine\n")], "by hand\n");
    let opened = 0;
    const counting = new Proxy(library.control, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== "function") return value;
        return (...given: unknown[]) => {
          if (key === "readObject") opened += 1;
          return Reflect.apply(value, target, given);
        };
      },
    });
    await audit(library.root, counting, { history: null }, quietRun());
    opened = 0;
    const { history } = await audit(library.root, counting, { history: {} }, quietRun());
    expect(history).toHaveLength(1);
    // Twenty that were found, and what became of the one; what it was is known by then.
    expect(opened).toBe(21);
  });
});
