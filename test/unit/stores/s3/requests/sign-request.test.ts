import { describe, expect, it } from "vitest";
import type { S3Keys } from "../../../../../src/stores/s3/requests/s3-client.js";
import {
  queryText,
  requestSigner,
  strictlyEncoded,
  type Unsigned,
} from "../../../../../src/stores/s3/requests/sign-request.js";

/** The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html. */
const KEYS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const AT = Date.parse("2013-05-24T00:00:00Z");
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const host = "examplebucket.s3.amazonaws.com";
const sign = (request: Unsigned, keys: S3Keys = KEYS, at = AT) =>
  requestSigner("us-east-1", async () => keys)(request, at);

const signatureOf = (headers: Readonly<Record<string, string>>) =>
  /Signature=([0-9a-f]+)$/.exec(headers["authorization"] ?? "")?.[1];

describe("signatures as AWS documents them", () => {
  it("of a request for a part of an object", async () => {
    const headers = { host, range: "bytes=0-9" };
    const signed = await sign({ method: "GET", path: "/test.txt", query: {}, headers, bodyHash: EMPTY });
    expect(signed["authorization"]).toBe(
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, " +
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, " +
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
    expect(signed).toMatchObject({ ...headers, "x-amz-date": "20130524T000000Z" });
  });

  it("of a listing, whatever order its questions are in", async () => {
    const query = { prefix: "J", "max-keys": "2" };
    expect(
      signatureOf(await sign({ method: "GET", path: "/", query, headers: { host }, bodyHash: EMPTY })),
    ).toBe("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    expect(queryText(query)).toBe("prefix=J&max-keys=2");
  });
});

it("a session's token is sent and signed, and another day or secret has another key", async () => {
  const request = { method: "GET", path: "/", query: {}, headers: { host }, bodyHash: EMPTY };
  const plain = signatureOf(await sign(request));
  const session = await sign(request, { ...KEYS, sessionToken: "token" });
  expect(session["x-amz-security-token"]).toBe("token");
  expect(session["authorization"]).toContain("x-amz-date;x-amz-security-token");
  const others = [
    await sign(request, { ...KEYS, secretAccessKey: "another" }),
    await sign(request, KEYS, AT + 24 * 3_600_000),
  ].map(signatureOf);
  expect(new Set([plain, ...others, signatureOf(session)]).size).toBe(4);
  expect(signatureOf(await sign(request))).toBe(plain);
});

it("all but unreserved characters are encoded", () => {
  expect(strictlyEncoded("a-b_c.d~e f+g'(1)*!é/")).toBe("a-b_c.d~e%20f%2Bg%27%281%29%2A%21%C3%A9%2F");
});
