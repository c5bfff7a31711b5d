import type { OpenQuestion } from "../domain/settling/decision.js";
import { questionsOf } from "../domain/settling/open-questions.js";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { Run } from "../ports/phase.js";
import { contextFor, photosAt } from "./photo-reader.js";
import type { Session } from "./session.js";

/** Every question that the library puts to a person, by photo id; documents are read one at a time. */
export async function* openQuestions(
  { catalog, documents }: Pick<Session, "catalog" | "documents">,
  run: Run,
): AsyncIterable<OpenQuestion> {
  const photos = photosAt(catalog, documents);
  run.progress.stage("Reading what is open", {});
  for (const row of catalog.rows((fields) => fields.conflicts + (fields.optional_questions ?? 0) > 0)) {
    throwIfAborted(run);
    const read = await documents.read(row.path);
    run.progress.advance({ count: 1 });
    if (read.kind === "ok") yield* questionsOf(read.document, await contextFor(read.document, photos));
  }
}
