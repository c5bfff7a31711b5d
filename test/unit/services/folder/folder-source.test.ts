import { describe, expect, it } from "vitest";
import { PhotosyncError } from "../../../../src/domain/errors.js";
import type { Facts } from "../../../../src/domain/photo.js";
import type { Examined, Finding, StreamAccount } from "../../../../src/ports/photo-source.js";
import { folderSource } from "../../../../src/services/folder/folder-source.js";
import { examined } from "./examined-files.js";

/** Groups files whose sidecars hold a caption as plain text; `broken` is no sidecar. */
async function grouped(
  files: readonly Examined[],
  sidecars: Readonly<Record<string, string>> = {},
  signal: AbortSignal = new AbortController().signal,
) {
  const texts = new Map(files.map((file) => [file.hash, sidecars[file.name] ?? ""]));
  const source = folderSource({
    service: "folder",
    root: "/pictures",
    libraryRoot: "/pictures/library",
    walk: async function* () {},
    readSidecar: (bytes): { facts: Facts; raw: { caption: string } } => {
      const caption = new TextDecoder().decode(bytes);
      if (caption === "broken")
        throw new PhotosyncError({ kind: "user", code: "sidecar.invalid-xmp", message: "broken" });
      return { facts: { caption }, raw: { caption } };
    },
  });
  const findings: Finding[] = [];
  const accounts: StreamAccount[] = [];
  const problems: string[] = [];
  const readSmall = async (hash: Examined["hash"]) => new TextEncoder().encode(texts.get(hash));
  for await (const result of source.group(files, readSmall, { signal })) {
    if (result.kind === "photo") findings.push(result);
    else if (result.kind === "stream") accounts.push(result);
    else if (result.kind === "problem") problems.push(`${result.failure.code} ${result.failure.subject}`);
  }
  return { findings, accounts, problems };
}

const verdicts = (accounts: readonly StreamAccount[]) =>
  Object.fromEntries(
    accounts.map(({ location, verdict }) => [location.path.replace("/pictures/", ""), verdict]),
  );

describe("folderSource", () => {
  it("puts what each sidecar says to the file that it speaks of", async () => {
    const { findings } = await grouped(
      ["IMG_1.JPG", "IMG_1.CR2", "IMG_1.JPG.xmp", "IMG_1.CR2.xmp"].map((name) => examined(name)),
      { "IMG_1.JPG.xmp": "of the JPEG", "IMG_1.CR2.xmp": "of the RAW" },
    );
    const [finding] = findings;
    const says = [finding?.instances[0], finding?.variants[0]?.instances[0]].map((one) => [
      one?.id,
      one?.record?.id,
      one?.record?.facts.caption,
    ]);
    expect(says).toEqual([
      ["/pictures/IMG_1.JPG", "/pictures/IMG_1.JPG", "of the JPEG"],
      ["/pictures/IMG_1.CR2", "/pictures/IMG_1.CR2", "of the RAW"],
    ]);
  });

  it("believes a file's own sidecar before its stem's, and keeps the words of both", async () => {
    const files = ["IMG_1.jpg", "IMG_1.jpg.xmp", "IMG_1.xmp"].map((name) => examined(name));
    const { findings } = await grouped(files, { "IMG_1.jpg.xmp": "own", "IMG_1.xmp": "stem" });
    const record = findings[0]?.instances[0]?.record;
    expect(record?.facts.caption).toBe("own");
    expect(record?.raw).toEqual({ "IMG_1.jpg.xmp": { caption: "own" }, "IMG_1.xmp": { caption: "stem" } });
  });

  it("finds the photo although its sidecar is broken, and says so once", async () => {
    const files = ["IMG_1.jpg", "IMG_1.png", "IMG_1.xmp"].map((name) => examined(name));
    const { findings, problems, accounts } = await grouped(files, { "IMG_1.xmp": "broken" });
    expect(findings.map(({ original }) => original.filename)).toEqual(["IMG_1.jpg", "IMG_1.png"]);
    expect(findings[0]?.instances[0]?.record).toBeNull();
    expect(problems).toEqual(["sidecar.invalid-xmp IMG_1.xmp"]);
    expect(verdicts(accounts)["IMG_1.xmp"]).toBe("sidecar");
  });

  it("accounts for every stream exactly once", async () => {
    const files = [
      "IMG_1.JPG",
      "IMG_1.CR2",
      "IMG_1.xmp",
      "IMG_2.jpg",
      "IMG_2.png",
      "IMG_2.xmp",
      "alone.xmp",
      "notes.txt",
      "list.json",
    ].map((name) => examined(name));
    const damaged: Examined = { ...examined("torn.txt"), name: "torn.jpg" };
    const { accounts, problems } = await grouped([...files, damaged], {});
    expect(accounts).toHaveLength(files.length + 1);
    expect(verdicts(accounts)).toEqual({
      "IMG_1.JPG": "photo",
      "IMG_1.CR2": "variant",
      "IMG_1.xmp": "sidecar",
      "IMG_2.jpg": "photo",
      "IMG_2.png": "photo",
      "IMG_2.xmp": "sidecar",
      "alone.xmp": "ignored",
      "notes.txt": "ignored",
      "list.json": "ignored",
      "torn.txt": "failed",
    });
    expect(problems).toEqual(["media.unreadable /pictures/torn.txt"]);
  });

  it("writes places inside the library down relative to it", async () => {
    const { findings } = await grouped([examined("library/samples/a.jpg"), examined("b.jpg")]);
    expect(findings.map(({ original }) => original.locations)).toEqual([
      [{ path: "/pictures/b.jpg" }],
      [{ path: "samples/a.jpg" }],
    ]);
    expect(findings.map(({ instances }) => instances[0]?.id)).toEqual(["/pictures/b.jpg", "samples/a.jpg"]);
  });

  it("stops when the run is aborted", async () => {
    await expect(grouped([examined("a.jpg")], {}, AbortSignal.abort())).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});
