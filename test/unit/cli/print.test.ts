import { PassThrough, Writable } from "node:stream";
import { expect, it } from "vitest";
import { print } from "../../../src/cli/print.js";

function failingWith(code: string): Writable {
  const stream = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`write ${code}`), { code })),
  });
  stream.on("error", () => {});
  return stream;
}

it("writes everything in order, however much it is", async () => {
  const stream = new PassThrough();
  let read = "";
  stream.on("data", (chunk: Buffer) => {
    read += chunk.toString();
  });
  const pieces = Array.from({ length: 20_000 }, (_, index) => `${index},`);
  await print(stream, pieces);
  expect(read).toBe(pieces.join(""));
});

it("stops quietly when the reader has left", async () => {
  let taken = 0;
  function* endless() {
    for (;;) {
      taken++;
      yield "x".repeat(100_000);
    }
  }
  await print(failingWith("EPIPE"), endless());
  expect(taken).toBe(1);
});

it("tells of a disk that is full", async () => {
  await expect(print(failingWith("ENOSPC"), ["x"])).rejects.toMatchObject({
    kind: "user",
    code: "output.not-written",
  });
});
