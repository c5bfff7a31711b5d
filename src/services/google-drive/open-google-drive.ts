import { endpointOf } from "../../infra/http/service-address.js";
import type { PhotoService } from "../../ports/photo-service.js";
import { googleAccess } from "../google-api/context-access.js";
import type { ServiceContext } from "../service-context.js";
import { openGoogleDrive } from "./adapter.js";

/** The Google Drive account of a context, as far as the chosen folders go. Throws `config.endpoint` (user). */
export function openGoogleDriveAccount(
  context: ServiceContext,
  { folders = [] }: { readonly folders?: readonly string[] },
): PhotoService {
  const drive = endpointOf(
    context.account,
    context.endpoints,
    "drive",
    "https://www.googleapis.com/drive/v3",
  );
  return openGoogleDrive({ access: googleAccess(context), drive, folders });
}
