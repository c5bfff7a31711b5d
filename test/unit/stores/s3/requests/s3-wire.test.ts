import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { expect, it } from "vitest";
import { s3Error } from "../../../../../src/stores/s3/requests/s3-errors.js";
import { openWire, type Wire } from "../../../../../src/stores/s3/requests/s3-wire.js";

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };

/** Asks a server that answers so. */
async function withServer(answer: RequestListener, task: (wire: Wire) => Promise<void>): Promise<void> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const endpoint = `http://127.0.0.1:${address.port}`;
  const place = { endpoint, region: "us-east-1", bucket: "photos", prefix: "", pathStyle: true };
  const patience = { connections: 2, connectMs: 1000, idleMs: 100 };
  try {
    await task(openWire({ place, keys: async () => KEYS, ...patience }));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const toldOf = (error: unknown): unknown =>
  s3Error(error, { store: "cloud", host: "127.0.0.1", bucket: "photos", label: "read objects", nowMs: 0 });

it.each(["GET", "PUT"] as const)(
  "a server that falls silent within its refusal of a %s is not waited for",
  async (method) => {
    await withServer(
      (_, response) => {
        response.writeHead(503, { "content-length": "100" }).flushHeaders();
      },
      async (wire) => {
        const asked = wire.ask({ method, key: "one" }, { abortSignal: new AbortController().signal });
        expect(await asked.catch(toldOf)).toMatchObject({ code: "store.unavailable" });
      },
    );
  },
);

it("an object whose reader takes its time is not cut off", async () => {
  await withServer(
    (_, response) => {
      response.writeHead(200).write("be");
      setTimeout(() => response.end("gun"), 250);
    },
    async (wire) => {
      const options = { abortSignal: new AbortController().signal };
      const { body } = await wire.ask({ method: "GET", key: "one" }, options);
      const chunks: Uint8Array[] = [];
      for await (const chunk of body ?? []) if (chunk instanceof Uint8Array) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString()).toBe("begun");
    },
  );
});
