import { describe, expect, it } from "vitest";
import { baseString, percent, signatureOf } from "../../../emulators/flickr/http/signature.js";

describe("OAuth signatures", () => {
  it("are those of the example in OAuth Core 1.0, appendix A.5", () => {
    const base = baseString("GET", "http://photos.example.net/photos", [
      ["oauth_consumer_key", "dpf43f3p2l4k3l03"],
      ["oauth_token", "nnch734d00sl2jdk"],
      ["oauth_signature_method", "HMAC-SHA1"],
      ["oauth_timestamp", "1191242096"],
      ["oauth_nonce", "kllo9940pd9333jh"],
      ["oauth_version", "1.0"],
      ["file", "vacation.jpg"],
      ["size", "original"],
    ]);
    expect(signatureOf(base, "kd94hf93k423kf44", "pfkkdhi9sl3r4s00")).toBe("tR3+Ty81lMeYAr/Fid0kMTYa/WM=");
  });

  it("sort by encoded name, then value, and leave only unreserved characters", () => {
    const base = baseString("post", "https://a/b", [
      ["c@", ""],
      ["a3", "2 q"],
      ["a3", "a"],
      ["oauth_signature", "x"],
      ["b5", "=%3D"],
    ]);
    expect(base).toBe("POST&https%3A%2F%2Fa%2Fb&a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D");
    expect(percent("-._~!*'()é☃")).toBe("-._~%21%2A%27%28%29%C3%A9%E2%98%83");
  });
});
