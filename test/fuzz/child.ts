import { openSync, readFileSync } from "node:fs";
import { filesBelow, keepInput, keptInputs } from "./corpus.js";
import { type Coverage, startCoverage } from "./coverage.js";
import { execute, isRepeatable, scratchFolder, watchAllocations } from "./execute.js";
import type { Order, Report } from "./messages.js";
import { minimised } from "./minimise.js";
import { MOST_INPUT_BYTES, mutateBytes } from "./mutate-bytes.js";
import { mutateJson } from "./mutate-json.js";
import { type Random, seededRandom } from "./random.js";
import type { Target } from "./target.js";
import { TARGETS } from "./targets.js";

const BATCH = 64;
const CHECK_REPEATABLE_EVERY = 16;
const MOST_KEPT_BYTES = 1500;
const MOST_KEPT = 10;

const tell = (report: Report): void => {
  process.send?.(report);
};

class Fuzzing {
  private readonly target: Target;
  private readonly order: Order;
  private readonly scratch: string;
  private readonly random: Random;
  private readonly current: number;
  private readonly coverage: Coverage | null;
  private readonly pool: Buffer[] = [];
  private readonly told = new Set<string>();
  private executions = 0;
  private found = 0;
  private newCode = 0;
  private kept = 0;
  private lastAlive = 0;

  constructor(target: Target, order: Order, scratch: string, coverage: Coverage | null) {
    this.target = target;
    this.order = order;
    this.scratch = scratch;
    this.random = seededRandom(order.seed);
    this.current = openSync(order.currentPath, "w");
    this.coverage = coverage;
  }

  async begin(): Promise<void> {
    const seeds = (await this.target.seeds()).map((seed) => Buffer.from(seed));
    const kept = keptInputs(this.target.name);
    this.kept = kept.filter(({ name }) => name.startsWith("new-")).length;
    const { extra } = this.order;
    const files = extra === null ? [] : filesBelow(extra, MOST_INPUT_BYTES * 2);
    const real = files.filter((path) => this.target.files?.test(path) === true);
    const first = [
      ...seeds,
      ...kept.map(({ bytes }) => bytes),
      ...real.map((path) => readFileSync(path).subarray(0, MOST_INPUT_BYTES)),
    ];
    for (const input of first) {
      await this.try(input);
      if (this.target.repair !== undefined) await this.try(this.target.repair(input));
      if (!(await isRepeatable(this.target, input, this.scratch)))
        await this.fail("not the same twice", input, async () => true);
      this.pool.push(input);
    }
    this.coverage?.learn(this.coverage.take());
  }

  private mutant(): Buffer {
    const { random, pool, target } = this;
    // Half of the time one of the latest finds: they stand where nobody has looked yet.
    const recent = random.oneIn(2) && pool.length > 16 ? pool.slice(-12) : pool;
    const parent = random.pick(recent);
    const mate = random.pick(pool);
    if (target.mutation === "json") return mutateJson(parent, mate, random);
    const tokens = (target.tokens ?? []).map((token) => Buffer.from(token, "latin1"));
    const changed = mutateBytes(parent, mate, tokens, random);
    return target.repair !== undefined && !random.oneIn(4) ? target.repair(changed) : changed;
  }

  private async try(input: Buffer): Promise<void> {
    this.executions++;
    await this.stayAlive();
    const { what } = await execute(this.target, input, this.scratch, this.current);
    if (what !== null) {
      await this.fail(
        what,
        input,
        async (candidate) =>
          (await execute(this.target, candidate, this.scratch, this.current)).what === what,
      );
    } else if (
      this.executions % CHECK_REPEATABLE_EVERY === 0 &&
      !(await isRepeatable(this.target, input, this.scratch))
    ) {
      await this.fail(
        "not the same twice",
        input,
        async (candidate) => !(await isRepeatable(this.target, candidate, this.scratch)),
      );
    }
  }

  private async fail(
    what: string,
    input: Buffer,
    fails: (candidate: Buffer) => Promise<boolean>,
  ): Promise<void> {
    const key = what.replace(/\d+/g, "#").replace(/"(?:[^"\\]|\\.)*"/g, '""');
    if (this.told.has(key)) return;
    this.told.add(key);
    const least = await minimised(
      input,
      async (candidate) => {
        tell({ kind: "alive" });
        return fails(candidate);
      },
      what.startsWith("took") ? 12 : 400,
    );
    tell({
      kind: "failure",
      what,
      path: keepInput(this.target.name, "defect", least),
      sizeBytes: least.length,
    });
  }

  /** Finds the inputs of a batch that brought news by halving it, for asking is dear and news are rare. */
  private async learn(batch: readonly Buffer[], reached = this.coverage?.take()): Promise<void> {
    const { coverage } = this;
    if (coverage === null || reached === undefined) return;
    const news = coverage.newIn(reached);
    if (news === 0) return;
    const [only] = batch;
    if (only !== undefined && batch.length === 1) {
      this.found++;
      this.newCode += coverage.learn(reached);
      this.pool.push(only);
      this.keep(only);
      return;
    }
    for (const half of [batch.slice(0, batch.length >> 1), batch.slice(batch.length >> 1)]) {
      for (const input of half) {
        await this.stayAlive();
        await execute(this.target, input, this.scratch, this.current);
      }
      await this.learn(half, coverage.take());
    }
    coverage.learn(reached);
  }

  private keep(input: Buffer): void {
    const isOurs = this.order.keep && this.order.extra === null;
    if (!isOurs || this.kept >= MOST_KEPT || input.length > MOST_KEPT_BYTES) return;
    this.kept++;
    keepInput(this.target.name, "new", input);
  }

  private async stayAlive(): Promise<void> {
    const now = performance.now();
    if (now - this.lastAlive < 200) return;
    this.lastAlive = now;
    tell({ kind: "alive" });
    // Reports leave the process only between turns of its loop.
    await new Promise((resolve) => setImmediate(resolve));
  }

  async run(): Promise<void> {
    const started = performance.now();
    await this.begin();
    const before = this.executions;
    const { seconds, executions } = this.order;
    const isOver = () =>
      performance.now() - started > seconds * 1000 ||
      (executions > 0 && this.executions - before >= executions);
    while (!isOver()) {
      const batch: Buffer[] = [];
      while (batch.length < BATCH && !isOver()) {
        const input = this.mutant();
        batch.push(input);
        await this.try(input);
      }
      await this.learn(batch);
    }
    tell({
      kind: "done",
      executions: this.executions,
      seconds: (performance.now() - started) / 1000,
      corpus: this.pool.length,
      found: this.found,
      newCode: this.newCode,
    });
  }
}

async function main(): Promise<void> {
  const order: Order = JSON.parse(process.argv[2] ?? "{}");
  watchAllocations();
  const coverage = order.isGuided ? startCoverage((url) => /\/src\/.*\.ts$/.test(url)) : null;
  for (const name of order.targets) {
    const target = TARGETS.find((one) => one.name === name);
    if (target === undefined) throw new RangeError(`no target ${name}`);
    tell({ kind: "begin", target: name });
    coverage?.forget();
    const scratch = scratchFolder();
    try {
      await new Fuzzing(target, order, scratch.path, coverage).run();
    } finally {
      scratch.remove();
    }
  }
}

await main();
process.disconnect?.();
