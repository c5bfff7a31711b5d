import { PhotosyncError } from "../domain/errors.js";
import type { PhotoId } from "../domain/ids.js";
import type { Run } from "../ports/phase.js";
import type { ForgetOptions } from "./forget.js";
import type { ForgetResult } from "./forget-results.js";

/** Has the owner give the photo id. Throws `forget.needs-confirm` and `forget.not-confirmed` (user). */
export async function agreeToForget(
  photo_id: PhotoId,
  planned: ForgetResult,
  { confirmed, confirm }: Pick<ForgetOptions, "confirmed" | "confirm">,
  run: Run,
): Promise<void> {
  if (confirmed === null && confirm === null) {
    throw new PhotosyncError({
      kind: "user",
      code: "forget.needs-confirm",
      message: `Nothing was deleted: the photo id has to be given to confirm, and nobody could be asked.`,
      next: [
        `See what would go: photosync forget ${photo_id} --everywhere --dry-run`,
        `Then: photosync forget ${photo_id} --everywhere --confirm ${photo_id}`,
      ],
    });
  }
  const given = confirmed ?? (await confirm?.(planned, run));
  if (given === photo_id) return;
  throw new PhotosyncError({
    kind: "user",
    code: "forget.not-confirmed",
    message: `Nothing was deleted: what was given to confirm is not the photo id, ${photo_id}.`,
    next: ["Give the whole photo id, as it is shown."],
  });
}
