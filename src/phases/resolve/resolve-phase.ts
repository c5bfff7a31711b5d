import { type Failure, failureOf } from "../../domain/errors.js";
import { documentPath, type PhotoId } from "../../domain/ids.js";
import { reasonTexts } from "../../domain/joining/ask.js";
import { mayJoin } from "../../domain/joining/join.js";
import type { Conflict, PhotoDocument } from "../../domain/photo.js";
import { isRuleOn, qualityVariants } from "../../domain/rules.js";
import { sameJson } from "../../domain/same-json.js";
import type { ServiceView } from "../../domain/service-wishes.js";
import { groupBy } from "../../infra/group-by.js";
import { digestOf } from "../../infra/hash.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Catalog, Documents } from "../../ports/catalog.js";
import type { FileEdit } from "../../ports/control-plane.js";
import type { Phase, Plan, Run } from "../../ports/phase.js";
import { withDigest } from "../plan-digest.js";
import { type FoundJoins, findJoins, type IdentityDeps, type PhotoJoin } from "./find-joins.js";
import { Questions } from "./questions.js";
import type { Member, ResolveResultStep, ResolveStep } from "./resolve-step.js";
import { settlePhoto, withMembers } from "./settle-photo.js";

/** A photo that was looked at, with those that are to join it. */
interface SeenPhoto {
  readonly photoId: PhotoId;
  readonly path: string;
  readonly filename: string;
  readonly members: readonly (Member & { readonly filename: string })[];
  /** Questions on other pictures that it is to have. */
  readonly asked: readonly Conflict[];
  readonly autoResolved: number;
  readonly open: readonly Conflict[];
  readonly becomesResolved: boolean;
  readonly changed: boolean;
}

export interface ResolveSeen {
  readonly base: string;
  readonly photos: readonly SeenPhoto[];
  readonly failures: readonly Failure[];
}

export interface ResolveDeps {
  readonly catalog: Catalog;
  readonly documents: Documents;
  readonly enabledRules: readonly string[];
  /** The accounts that photos are uploaded to. */
  readonly services: readonly ServiceView[];
  readonly identity: IdentityDeps;
  /** Told what was observed, before it is planned: counts for the report. */
  readonly onSeen: (seen: ResolveSeen) => void;
}

/**
 * Phase 2: finds out which photos are one picture, settles what rules can settle, and records the rest as conflicts for a
 * person.
 */
export class ResolvePhase implements Phase<ResolveSeen, ResolveStep, ResolveResultStep> {
  readonly #deps: ResolveDeps;

  constructor(deps: ResolveDeps) {
    this.#deps = deps;
  }

  async observe(run: Run): Promise<ResolveSeen> {
    const { catalog, enabledRules, identity } = this.#deps;
    const unresolved = new Set<PhotoId>();
    for (const row of catalog.rows()) {
      throwIfAborted(run);
      if (row.processing_state === "discovered" || row.conflicts > 0) unresolved.add(row.photo_id);
    }
    const found = await findJoins(unresolved, identity, run);
    const isJoining = isRuleOn(qualityVariants, enabledRules);
    const questions = new Questions(catalog, isJoining ? found.asked : [...found.joined, ...found.asked]);
    const photos: SeenPhoto[] = [];
    const failures: Failure[] = [...catalog.invalid()];
    const done = new Set<PhotoId>();
    const see = async (photoId: PhotoId, joins: readonly PhotoJoin[]): Promise<void> => {
      throwIfAborted(run);
      run.progress.advance({ count: 1 });
      const seen = await this.#see(photoId, joins, questions, found, run).catch((error: unknown) => {
        throwIfAborted(run);
        failures.push(failureOf(catalog.row(photoId)?.path ?? photoId, error));
        return null;
      });
      done.add(photoId);
      if (seen !== null) photos.push(seen);
      // Where the host cannot be read now they wait for it: once resolved, nobody would compare the two again.
      for (const { photo_id } of seen?.members ?? []) done.add(photo_id);
      if (seen === null) for (const { member } of joins) done.add(member);
    };
    run.progress.stage("Comparing what sources say", {});
    const byHost = groupBy(isJoining ? found.joined : [], ({ host }) => host);
    for (const [host, joins] of byHost) await see(host, joins);
    for (const photoId of [...unresolved, ...questions.asked()]) {
      if (!done.has(photoId)) await see(photoId, []);
    }
    photos.sort((a, b) => (a.photoId < b.photoId ? -1 : 1));
    const seen = { base: catalog.revision, photos, failures };
    this.#deps.onSeen(seen);
    return seen;
  }

  plan(seen: ResolveSeen): Plan<ResolveStep> {
    const steps = seen.photos
      .filter((photo) => photo.changed)
      .map(
        (photo): ResolveStep => ({
          id: photo.photoId,
          action: photo.members.length > 0 ? "join-photos" : "resolve-photo",
          photo_id: photo.photoId,
          target: photo.filename,
          why: reasonOf(photo),
          path: photo.path,
          members: photo.members.map(({ filename: _, ...member }) => member),
          asked: photo.asked,
        }),
      );
    return withDigest({ phase: "resolve", base: seen.base, steps, held: [] }, digestOf);
  }

  async *execute(plan: Plan<ResolveStep>, run: Run): AsyncIterable<ResolveResultStep> {
    const { documents } = this.#deps;
    run.progress.stage("Writing documents", { count: plan.steps.length });
    for (const step of plan.steps) {
      throwIfAborted(run);
      const host = await this.#read(step.path);
      const members: { readonly document: PhotoDocument; readonly member: Member }[] = [];
      for (const member of step.members) {
        const document = await this.#read(member.path);
        if (document !== null) members.push({ document, member });
      }
      const isWhole = host !== null && members.length === step.members.length;
      const joined = isWhole ? withMembers(host, members, run.clock.now()) : null;
      if (joined === null) {
        yield { step: step.id, outcome: "blocked", edits: [] };
        continue;
      }
      const { document } = this.#settle(joined, step.asked, run);
      const path = documentPath(document.metadata.taken_date, document.photo_id);
      const gone = [step.path, ...step.members.map((member) => member.path)].filter((one) => one !== path);
      const edits: readonly FileEdit[] = gone.map((one) => ({ path: one, bytes: null }));
      yield { step: step.id, outcome: "done", edits: [...edits, documents.write(path, document)] };
      run.progress.advance({ count: 1 });
    }
  }

  async #read(path: string): Promise<PhotoDocument | null> {
    const read = await this.#deps.documents.read(path);
    return read.kind === "ok" ? read.document : null;
  }

  #settle(document: PhotoDocument, asked: readonly Conflict[], run: Run) {
    const { enabledRules, services, identity } = this.#deps;
    const now = run.clock.now();
    return settlePhoto(document, asked, { enabledRules, services, index: identity.index, now });
  }

  async #see(
    photoId: PhotoId,
    joins: readonly PhotoJoin[],
    questions: Questions,
    found: FoundJoins,
    run: Run,
  ): Promise<SeenPhoto | null> {
    const row = this.#deps.catalog.row(photoId);
    const document = row === null ? null : await this.#read(row.path);
    if (row === null || document === null) return null;
    const together = await this.#joined(document, joins, questions, run);
    if (together === null) return null;
    const { joined, members } = together;
    const asked = questions.of(document, found.unseen);
    const settled = this.#settle(joined, asked, run);
    return {
      photoId,
      path: row.path,
      filename: row.filename,
      members,
      asked,
      autoResolved: settled.autoResolved,
      open: settled.open,
      becomesResolved: settled.document.processing_state !== "discovered",
      changed: !sameJson(document, settled.document),
    };
  }

  /** Joins what may join by rule; the rest is asked about. Null where one of them cannot be read now. */
  async #joined(host: PhotoDocument, joins: readonly PhotoJoin[], questions: Questions, run: Run) {
    const members: SeenPhoto["members"][number][] = [];
    let joined = host;
    for (const photoJoin of joins) {
      const row = this.#deps.catalog.row(photoJoin.member);
      const document = row === null ? null : await this.#read(row.path);
      if (row === null || document === null) return null;
      const { role } = photoJoin.join;
      const { photo_id, path, filename } = row;
      const member = { photo_id, path, filename, role, reasons: reasonTexts(photoJoin.join) };
      const next = withMembers(joined, [{ document, member }], run.clock.now());
      if (next === null && mayJoin(joined, document) === "ask") questions.ask(photoJoin);
      if (next === null) continue;
      joined = next;
      members.push(member);
    }
    return { joined, members };
  }
}

function reasonOf({ members, open, autoResolved }: SeenPhoto): string {
  const why = members.map(
    ({ filename, reasons }) => `the same picture as ${filename}: ${reasons.join("; ")}`,
  );
  const fields = [
    ...new Set(open.map(({ field, description }) => (field.includes(":") ? description : field))),
  ];
  if (fields.length > 0) why.push(`a person must decide: ${fields.join(", ")}`);
  else if (autoResolved > 0) why.push(`settled by rule: ${autoResolved}`);
  return why.length > 0 ? why.join(". ") : "nothing in conflict";
}
