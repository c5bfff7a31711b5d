import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";

/** SHA-256 in hex. */
export const sha256Hex = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** What `sha256sum -c SHA256SUMS` prints of files that do not match; throws when there is one. */
export const checkSums = (store: string): string =>
  execFileSync("sha256sum", ["--check", "--quiet", "--strict", "SHA256SUMS"], {
    cwd: store,
    encoding: "utf8",
  });
