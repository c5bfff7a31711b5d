import type { Call } from "../ports/call.js";
import type { AccountReport, PhotoService } from "../ports/photo-service.js";
import type { SecretFields } from "../ports/secrets.js";
import type { ServiceContext } from "./service-context.js";
import type { Person, SignInWay } from "./sign-in/way.js";

/** Something that a person brings along from the service's page for developers. */
export interface ApplicationField {
  /** Its name among the secrets; in upper case, the environment variable's. */
  readonly field: string;
  readonly label: string;
  readonly hidden: boolean;
}

export interface SignInRequest {
  /** The application's fields, all there. */
  readonly application: SecretFields;
  readonly way: SignInWay;
  readonly person: Person;
}

export interface SignOut {
  /** True where the service itself was told, so that the tokens are worth nothing any more. */
  readonly revoked: boolean;
  /** What is left to the owner. */
  readonly note: string | null;
}

/** What an account's entry in `config/services.json` says to its adapter alone. */
export interface AdapterSettings {
  readonly folders?: readonly string[];
  readonly marks?: boolean;
  /** Whether photos may be put into albums that photosync makes there, where nobody can see who else sees an album. */
  readonly albums?: boolean;
}

/** How an account of one provider is connected, tested, used and disconnected. */
export interface ServiceKit {
  /** What people call it. */
  readonly title: string;
  readonly application: readonly ApplicationField[];
  /** The fields that a sign-in adds and without which nobody is signed in. */
  readonly tokens: readonly string[];
  /** Where the application's key comes from. */
  readonly keyAddress: string;
  /** What this service can and cannot do, one sentence each, in plain words. */
  readonly remarks: readonly string[];
  /** Signs somebody in, and gives all fields to keep. */
  signIn(context: ServiceContext, request: SignInRequest, call: Call): Promise<SecretFields>;
  /** The account as photos are read from it, and written to it where it is a `PhotoTarget`. Asks nothing yet. Throws `config.endpoint` (user). */
  open(context: ServiceContext, settings: AdapterSettings): PhotoService;
  /** Asks the service something cheap with what `context.secrets` holds. Throws what the service's refusals mean. */
  check(context: ServiceContext, settings: AdapterSettings, call: Call): Promise<AccountReport>;
  signOut(context: ServiceContext, fields: SecretFields, call: Call): Promise<SignOut>;
}
