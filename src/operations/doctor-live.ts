import { PhotosyncError } from "../domain/errors.js";
import type { Run } from "../ports/phase.js";
import type { PhotoService, ServiceTraits } from "../ports/photo-service.js";
import type { Assumption, LiveSamples } from "../services/assumption.js";
import { liveChecksOf } from "../services/live-checks.js";
import { grouped } from "../text/units.js";
import { type Check, ok, problem, unconfirmed, warning } from "./doctor-check.js";
import { type Sampled, takeSamples } from "./live-samples.js";
import type { ServiceAccount } from "./service-account.js";

/**
 * What an account answers when it is asked: the sign-in and its permissions, who it is, a page of photos, one photo's and one film's
 * bytes, what may be done there, and what of photosync's assumptions that settles. Only reads. What goes wrong is a finding; throws
 * `cancelled` alone.
 */
export async function liveChecks(account: ServiceAccount, run: Run): Promise<readonly Check[]> {
  const { name, provider, kit, settings } = account;
  const checks: Check[] = [];
  const live = await liveChecksOf(provider);
  run.progress.stage(`Asking ${name}`, {});
  try {
    const context = account.open();
    const service = kit.open(context, settings);
    checks.push(...standIns(name, context.endpoints));
    for (const { allows, isGranted } of (await live?.permissions(context, run)) ?? [])
      checks.push(permissionCheck(name, allows, isGranted));
    const { owner, facts } = await service.account(run);
    checks.push(ok(`${name}: account`, [owner, ...facts].join("; ")));
    const samples = await takeSamples(service, run);
    checks.push(...readingChecks(service, samples), ...byteChecks(service, samples));
    checks.push(ok(`${name}: may do`, mayDo(service)));
    checks.push(...(live?.assumptions ?? []).map((assumption) => assumptionCheck(name, assumption, samples)));
  } catch (error) {
    if (!(error instanceof PhotosyncError) || error.kind === "cancelled" || error.kind === "bug") throw error;
    checks.push(problem(`${name}: live`, error.message, error.next.join(" ")));
    checks.push(...(live?.assumptions ?? []).map((assumption) => assumptionCheck(name, assumption, null)));
  }
  return checks;
}

/** What an emulator or a proxy answers proves nothing of the service itself. */
function standIns(name: string, endpoints: Readonly<Record<string, string>> = {}): Check[] {
  const hosts = [...new Set(Object.values(endpoints).map((address) => new URL(address).host))];
  if (hosts.length === 0) return [];
  const found = `${hosts.join(", ")} answers in place of the service, as config/services.json says`;
  return [warning(`${name}: addresses`, found, "Nothing below is proven of the service itself.")];
}

function permissionCheck(name: string, allows: string, isGranted: boolean | null): Check {
  const label = `${name}: permission`;
  if (isGranted === true) return ok(label, `to ${allows}`);
  const again = `Run: photosync connect ${name}, and leave every box ticked.`;
  return isGranted === null
    ? unconfirmed(label, `the service does not tell whether it may be used to ${allows}`, again)
    : problem(label, `missing: to ${allows}`, again);
}

function readingChecks({ name, traits }: PhotoService, { listed, problems, notes }: Sampled): Check[] {
  const videos = listed.filter(({ mediaKind }) => mediaKind === "video").length;
  const most = listed.length >= 100 ? "the first " : "";
  const found = `${most}${listed.length} listed, ${videos} of them videos`;
  return [
    problems.length === 0
      ? ok(`${name}: reading`, [found, ...notes].join("; "))
      : warning(`${name}: reading`, `${found}; ${problems.join("; ")}`, "Run the same again later."),
    ok(
      `${name}: who can see`,
      traits.readsVisibility ? levelsOf(listed) : "cannot be read at this service; audit counts it as public",
    ),
  ];
}

function levelsOf(listed: LiveSamples["listed"]): string {
  const counts = new Map<string, number>();
  for (const { visibility } of listed) counts.set(visibility, (counts.get(visibility) ?? 0) + 1);
  const parts = [...counts].sort().map(([level, count]) => `${count} ${level}`);
  return parts.length === 0 ? "can be read; nothing was listed" : `can be read: ${parts.join(", ")}`;
}

const byteChecks = ({ name }: PhotoService, { opened }: Sampled): Check[] =>
  opened.map(({ instance, quality, failure, mimeType, bytes, checksums }) => {
    const label = `${name}: bytes of a ${instance.mediaKind === "video" ? "video" : "photo"}`;
    if (quality === null)
      return warning(label, failure ?? "", "Originals may have to come from the service's own export.");
    const amount = `${grouped(bytes)} bytes${checksums === null ? ", the rest was left" : ""}`;
    return ok(label, `${instance.filename}: ${quality}, ${mimeType ?? "of unknown type"}, ${amount}`);
  });

function mayDo({ traits }: PhotoService): string {
  const { uploadLimits, editableFields, settableVisibilities }: ServiceTraits = traits;
  const levels = settableVisibilities.join(", ");
  const back = traits.keepsOriginals
    ? "gives uploads back as they were"
    : "gives back other bytes than were uploaded, so it is no replica";
  return [
    traits.seesWholeAccount ? "sees the whole account" : "sees a part of the account",
    ...(uploadLimits === undefined ? ["uploads nothing"] : ["uploads, always as private as can be", back]),
    editableFields.size === 0 ? "changes no words" : `changes ${[...editableFields].join(", ")}`,
    levels === "" ? "cannot set who sees a photo" : `sets who sees a photo (${levels})`,
  ].join("; ");
}

/** What was seen of an assumption, or how its owner can find out. */
function assumptionCheck(name: string, assumption: Assumption, samples: LiveSamples | null): Check {
  const { claim, otherwise, byHand } = assumption;
  const label = `${name}: assumed: ${assumption.name}`;
  const judged = samples === null ? null : (assumption.judge?.(samples) ?? null);
  if (judged === null)
    return unconfirmed(label, claim, `To find out: ${byHand} Were it otherwise: ${otherwise}`);
  return judged.isSo
    ? ok(label, `${claim} Seen: ${judged.seen}.`)
    : warning(label, `Not so here: ${claim} Seen: ${judged.seen}.`, `What that means: ${otherwise}`);
}
