import { PhotosyncError } from "../domain/errors.js";

/** The same failure as `store.unavailable`, which is how the port says that a store cannot be asked; other errors as they are. */
export function asUnavailable(error: unknown, name: string): unknown {
  if (!(error instanceof PhotosyncError) || ["bug", "cancelled", "integrity"].includes(error.kind))
    return error;
  // That one object lies in an archive says nothing of the store.
  if (
    error.code === "store.unavailable" ||
    error.code === "store.archived" ||
    !error.code.startsWith("store.")
  )
    return error;
  return new PhotosyncError({
    kind: "transient",
    code: "store.unavailable",
    message: `Store ${name} cannot be used now: ${error.message}`,
    next: error.next,
    data: { ...error.data, because: error.code },
    cause: error,
  });
}
