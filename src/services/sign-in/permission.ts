import { PhotosyncError } from "../../domain/errors.js";
import type { Time } from "../../infra/http/time.js";
import type { Call } from "../../ports/call.js";
import { openLoopback } from "./loopback.js";
import type { Person, SignInWay } from "./way.js";

export interface PermissionRequest {
  readonly account: string;
  readonly way: SignInWay;
  readonly person: Person;
  readonly time: Time;
  /** What is asked of the owner, in plain words; shown before the address. */
  readonly explanation: readonly string[];
  /** What stands for "no browser comes back" towards the service, where the way is to paste. */
  readonly pasteRedirect: string;
  /** What the person is to paste. */
  readonly pasteLabel: string;
  /** Makes the address to open, for where the browser is to come back to. */
  begin(redirect: string): Promise<string>;
  /** Whether what came back answers this very request. */
  isOurs(parameters: URLSearchParams): boolean;
  /** What a pasted text says, in the parameters that a browser would have brought; null where it says nothing. */
  fromPasted(text: string): URLSearchParams | null;
}

export interface Permission {
  readonly redirect: string;
  readonly parameters: URLSearchParams;
}

const AGAIN = 3;

/**
 * Takes the owner to the service's page and back. Throws `<account>.sign-in-timed-out`, `<account>.sign-in-not-pasted` (auth), `cancelled`, and
 * what `begin` throws.
 */
export function askPermission(request: PermissionRequest, call: Call): Promise<Permission> {
  return request.way === "paste" ? pasted(request, call) : throughBrowser(request, call);
}

async function throughBrowser(request: PermissionRequest, call: Call): Promise<Permission> {
  const { account, way, person, time, explanation } = request;
  const loopback = await openLoopback(account, time);
  try {
    const address = await request.begin(loopback.address);
    const opened = way === "browser" && (await person.open(address));
    person.tell([
      ...explanation,
      "",
      opened
        ? "Your browser opens this page; agree there. If it does not open, open this address yourself:"
        : "Open this address in a browser on this computer, and agree there:",
      "",
      address,
      "",
      `Waiting for you to agree. (A browser on another computer? Ctrl-C, then: photosync connect ${account} --paste)`,
    ]);
    const parameters = await loopback.arrived(request.isOurs, call);
    return { redirect: loopback.address, parameters };
  } finally {
    await loopback.close();
  }
}

async function pasted(request: PermissionRequest, call: Call): Promise<Permission> {
  const { account, person, explanation, pasteLabel, pasteRedirect } = request;
  const address = await request.begin(pasteRedirect);
  person.tell([...explanation, "", "Open this address in any browser, and agree there:", "", address, ""]);
  for (let attempt = 0; attempt < AGAIN; attempt++) {
    const text = await person.paste({ label: pasteLabel, hidden: false }, call);
    if (text === null) break;
    const parameters = request.fromPasted(text.trim());
    if (parameters !== null && request.isOurs(parameters)) return { redirect: pasteRedirect, parameters };
    person.tell(["That does not answer this request. Copy all of it, from the page that was just opened."]);
  }
  throw new PhotosyncError({
    kind: "auth",
    code: `${account}.sign-in-not-pasted`,
    message: "Nothing usable was pasted, so nobody was signed in.",
    next: [`Try again: photosync connect ${account} --paste`],
  });
}
