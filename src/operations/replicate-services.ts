import { join } from "node:path";
import { uploadJournal } from "../control/upload-journal.js";
import { canonicalJson } from "../domain/canonical-json.js";
import { PhotosyncError } from "../domain/errors.js";
import { type ReplicatePolicy, viewOf } from "../domain/replicate-policy.js";
import type { ServiceView } from "../domain/service-wishes.js";
import { digestOf } from "../infra/hash.js";
import type { ReplicateStep } from "../phases/replicate/replicate-step.js";
import type { ServiceWork } from "../phases/replicate/service-work.js";
import type { Catalog } from "../ports/catalog.js";
import type { Plan, Run, StepResult } from "../ports/phase.js";
import type { PhotoService, PhotoTarget } from "../ports/photo-service.js";
import type { Policy } from "../ports/policy.js";
import type { ReplicateOptions } from "./options.js";
import type { ForetoldService } from "./results.js";
import { serviceAccount } from "./service-account.js";
import type { Session } from "./session.js";

/** An account that this run writes to. */
interface OpenAccount {
  readonly target: PhotoTarget;
  readonly policy: Policy;
}

/** The accounts of a library that `replicate` may write to, opened. */
export interface OpenServices extends ServiceWork {
  /** True when this run writes to all of them. */
  readonly isWhole: boolean;
  /** What a plan asks of each account that it writes to. */
  foretell(plan: Plan<ReplicateStep>): readonly ForetoldService[];
  /** To be called once the results are committed: ends the uploads that `now` records, and remembers what was looked at whole. */
  settle(plan: Plan<ReplicateStep>, results: readonly StepResult[], now: Catalog): Promise<void>;
}

const isTarget = (service: PhotoService): service is PhotoTarget =>
  "target" in service && service.target === true;

const notWritable = (name: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "config.replicate",
    message: `config/services.json lets replicate write to ${name}, which photosync can only read.`,
    next: [`Remove "replicate" from ${name} in config/services.json.`],
  });

/** How the index remembers what could be written to an account when all its photos were last looked at. */
const policyKey = (account: string): string => `policy ${account}`;

const viewDigest = ({ fields, uploadTypes, ...view }: ServiceView): string =>
  digestOf(
    canonicalJson({ ...view, fields: [...fields].sort(), uploadTypes: [...(uploadTypes ?? [])].sort() }),
  );

/**
 * Opens the accounts that `replicate` may write to; nothing is asked of them yet. Throws `config.replicate`, `config.endpoint` and
 * `config.rate-limit` (user).
 */
export async function openServices(
  { config, libraryRoot, index }: Session,
  policies: ReadonlyMap<string, ReplicatePolicy>,
  { mode, to, surroundings }: ReplicateOptions,
  run: Run,
): Promise<OpenServices> {
  const accounts = new Map<string, OpenAccount>();
  const views: ServiceView[] = [];
  for (const [name, policy] of policies) {
    const account = await serviceAccount(libraryRoot, config, { name }, surroundings, run).catch((error) => {
      throw error instanceof PhotosyncError && error.code === "connect.no-sign-in"
        ? notWritable(name)
        : error;
    });
    const context = account.open({ isDry: mode === "show" });
    const target = account.kit.open(context, account.settings);
    if (!isTarget(target)) throw notWritable(name);
    views.push(viewOf(name, policy, target.traits));
    if (to.length === 0 || to.includes(name)) accounts.set(name, { target, policy: context.policy });
  }
  const anew = views.filter((view) => index.checked.get(policyKey(view.name)) !== viewDigest(view));
  const journal = uploadJournal(join(libraryRoot, ".photosync", "uploads"));
  return {
    views,
    targets: new Map([...accounts].map(([name, { target }]) => [name, target])),
    anew: new Set(anew.map(({ name }) => name)),
    journal,
    sleep: (ms, call) => surroundings.time.sleep(ms, call),
    isWhole: accounts.size === views.length,
    foretell: (plan) => [...accounts].map(([name, account]) => foretold(name, account, plan.steps)),
    async settle(plan, results, now) {
      for (const name of accounts.keys()) {
        const pending = await journal.pending(name);
        const recorded = [...pending.keys()].filter((id) => now.row(id)?.services.includes(name) === true);
        await journal.settle(name, recorded);
      }
      const went = new Set(
        results.filter(({ outcome }) => outcome === "done" || outcome === "already").map(({ step }) => step),
      );
      for (const view of anew) {
        const own = plan.steps.filter(({ target }) => target === view.name);
        if (accounts.has(view.name) && own.every(({ id }) => went.has(id))) {
          index.checked.putSync(policyKey(view.name), viewDigest(view));
        }
      }
    },
  };
}

function foretold(
  name: string,
  { target, policy }: OpenAccount,
  steps: readonly ReplicateStep[],
): ForetoldService {
  const { upload = 0, edit = 0, setVisibility = 0 } = target.traits.requestsFor ?? {};
  const costs: Readonly<Record<string, number>> = {
    upload,
    "set-metadata": edit,
    "set-visibility": setVisibility,
  };
  const own = steps.filter((step) => step.target === name);
  const quota = policy.quota();
  return {
    name,
    steps: own.length,
    requests: Math.ceil(own.reduce((sum, { action }) => sum + (costs[action] ?? 0), 0)),
    quota: quota === null ? null : { used: quota.used, per_day: quota.perDay, resets_at: quota.resetsAt },
  };
}
