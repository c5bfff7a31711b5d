import { PhotosyncError } from "../../domain/errors.js";
import { safeAddress } from "./redact.js";

/** Names and numbers of this very computer: RFC 6761 (localhost), RFC 1122 (127/8), RFC 4291 (::1). */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

export const isLoopback = (address: URL): boolean => LOOPBACK.test(address.hostname);

/** Whether requests may go to an address: https, or plain http that does not leave this computer. */
export const isAllowed = (address: URL): boolean =>
  address.protocol === "https:" || (address.protocol === "http:" && isLoopback(address));

/**
 * The address `name` under `endpoints` of an account in `config/services.json`, else the public one. Throws `config.endpoint` (user) for
 * what is no address, for plain http beyond this computer, and for credentials in an address.
 */
export function endpointOf(
  account: string,
  endpoints: Readonly<Record<string, string>> | undefined,
  name: string,
  usual: string,
): string {
  const given = endpoints?.[name];
  if (given === undefined) return usual;
  const address = URL.canParse(given) ? new URL(given) : null;
  if (address !== null && isAllowed(address) && address.username === "" && address.password === "")
    return given;
  throw new PhotosyncError({
    kind: "user",
    code: "config.endpoint",
    message: `endpoints.${name} of ${account} in config/services.json cannot be used: ${safeAddress(given)}.`,
    next: ["Give an https address without a user name; plain http only for this computer (127.0.0.1)."],
  });
}
