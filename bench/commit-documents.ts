/**
 * Commits the documents of a `git fast-import` stream through the built control plane and prints the seconds and the processor time it took, from
 * opening the repository until the working tree and the index are there: `tsx bench/commit-documents.ts LIBRARY STREAM`.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { editsOfStream } from "./document-stream.js";

type CreateModule = typeof import("../src/control/create-repository.js");
type ControlModule = typeof import("../src/control/git-control-plane.js");

const built = (name: string): string => new URL(`../dist/control/${name}`, import.meta.url).href;

async function main(library: string, stream: string): Promise<void> {
  const { createRepository }: CreateModule = await import(built("create-repository.js"));
  const { openControlPlane }: ControlModule = await import(built("git-control-plane.js"));
  if (!existsSync(join(library, ".git"))) await createRepository(library);
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  const control = await openControlPlane(library);
  const call = { signal: new AbortController().signal };
  const outcome = await control.commit(await control.head(), editsOfStream(stream), "bench\n", call);
  control.close();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  if (outcome.kind !== "ok") throw new Error(`the commit ended with ${outcome.kind}`);
  console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6 }));
}

const [library, stream] = process.argv.slice(2);
if (library === undefined || stream === undefined) throw new Error("give a library and a stream");
await main(library, stream);
