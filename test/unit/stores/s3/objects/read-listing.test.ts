import { describe, expect, it } from "vitest";
import { readListing } from "../../../../../src/stores/s3/objects/read-listing.js";

const page = (inside: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>photos</Name>${inside}</ListBucketResult>`;
const object = (key: string, size: string) =>
  `<Contents><Key>${key}</Key><LastModified>2026-11-22T04:00:00.000Z</LastModified><ETag>&quot;d4&quot;</ETag><Size>${size}</Size><Owner><ID>1</ID></Owner></Contents>`;

describe("a page of a listing", () => {
  it("tells objects with their sizes, folders, and what asks for the next page", () => {
    const text = page(
      `<KeyCount>3</KeyCount><IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b=</NextContinuationToken>${object("2024/01/a", "12")}${object("b%20c%2B&amp;", "0")}<CommonPrefixes><Prefix>undated/</Prefix></CommonPrefixes><ContinuationToken>x</ContinuationToken>`,
    );
    expect(readListing(text)).toEqual({
      objects: [
        { key: "2024/01/a", sizeBytes: 12 },
        { key: "b c+&", sizeBytes: 0 },
      ],
      folders: ["undated/"],
      isTruncated: true,
      token: "a&b=",
    });
  });

  it("may have line breaks between its elements, and nothing in it", () => {
    expect(readListing(page("\n  <IsTruncated>false</IsTruncated>\n"))).toEqual({
      objects: [],
      folders: [],
      isTruncated: false,
      token: undefined,
    });
  });

  it.each([
    ["cut off", page(object("a", "1")).slice(0, -5)],
    ["of an error", "<Error><Code>InternalError</Code></Error>"],
    ["without a word on whether it goes on", page(object("a", "1"))],
    [
      "with an object without a size",
      page(`<IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents>`),
    ],
    ["with a size that is none", page(`<IsTruncated>false</IsTruncated>${object("a", "-1")}`)],
    ["with two keys in one object", page(`<IsTruncated>false</IsTruncated>${object("a</Key><Key>b", "1")}`)],
    [
      "with an object in an object",
      page(`<IsTruncated>false</IsTruncated><Contents>${object("a", "1")}</Contents>`),
    ],
    ["with a comment", page(`<IsTruncated>false</IsTruncated><!-- ${object("a", "1")} -->`)],
    ["with its names in a namespace", page("").replace("xmlns=", "xmlns:s3=")],
    ["with a document type", `<!DOCTYPE x>${page("<IsTruncated>false</IsTruncated>")}`],
  ])("is left to a whole parser where it is %s", (_, text) => {
    expect(readListing(text)).toBeNull();
  });
});
