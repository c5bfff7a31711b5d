import type { QuestionPicture } from "../domain/settling/decision.js";
import { openEntry } from "../domain/settling/decision-entry.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { fileAtHand } from "./file-at-hand.js";
import { openQuestions } from "./open-questions.js";
import { photosAt } from "./photo-reader.js";
import { withSession } from "./session.js";

/** For whoever opens the file in an editor. */
const HOW_TO_ANSWER = [
  'Put an answer in place of null: the number of an option, or {"value": ...} for a value of your own; what stays null stays open.',
  'Beside an answer, "remember": true prefers that source from now on; "confirmed": true agrees that more people may see the photo.',
  "Then run: photosync resolve --decisions FILE",
];

/** Every open question as a file of decisions to be filled in, as text, and how many there are. */
export async function exportConflicts(
  libraryRoot: string,
  control: ControlPlane,
  run: Run,
): Promise<{ readonly text: string; readonly questions: number }> {
  return withSession(libraryRoot, control, "resolve", "read", run, async (session) => {
    const { catalog, documents, config } = session;
    const photos = photosAt(catalog, documents);
    const placed = async ({ hash, photo_id }: QuestionPicture): Promise<readonly [string, string | null]> => {
      const document = await photos.photo(photo_id);
      const file = document && (await fileAtHand(libraryRoot, config.preferences, document, hash));
      return [hash, file];
    };
    const decisions: ReturnType<typeof openEntry>[] = [];
    for await (const question of openQuestions(session, run)) {
      const files = new Map(await Promise.all(question.pictures.map(placed)));
      decisions.push(openEntry(question, ({ hash }) => files.get(hash) ?? null));
    }
    const file = {
      schema_version: 1,
      how_to_answer: HOW_TO_ANSWER,
      library: libraryRoot,
      revision: catalog.revision,
      decisions,
    };
    return { text: `${JSON.stringify(file, null, 2)}\n`, questions: decisions.length };
  });
}
