import type { OperationResult } from "./results.js";

export interface ConnectResult extends OperationResult {
  /** The account's name in `config/services.json`. */
  readonly account: string;
  readonly provider: string;
  readonly title: string;
  /** Who is signed in, as far as the service tells. */
  readonly owner: string;
  readonly facts: readonly string[];
  /** What this service can and cannot do, in plain words. */
  readonly remarks: readonly string[];
  /** Where the sign-in is kept. */
  readonly kept_in: "environment" | "keychain" | "file";
}

export interface DisconnectResult extends OperationResult {
  readonly account: string;
  readonly provider: string;
  readonly title: string;
  /** True where the service itself ended the sign-in. */
  readonly revoked: boolean;
  /** True where something was kept on this computer and is no more. */
  readonly forgotten: boolean;
  readonly notes: readonly string[];
}
