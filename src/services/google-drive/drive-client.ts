import type { drive_v3 } from "@googleapis/drive";
import { PhotosyncError } from "../../domain/errors.js";
import { isJsonRecord, type JsonRecord, textAt } from "../../infra/json-value.js";
import type { Call } from "../../ports/call.js";
import type { Attempted } from "../../ports/policy.js";
import { googleFailure } from "../google-api/google-failure.js";
import { type GoogleAccess, jsonReply, oddReply, signed } from "../google-api/google-request.js";
import { type DriveFile, FILE_FIELDS, readDriveFile } from "./drive-file.js";

/** Where `@googleapis/drive` sends to; another endpoint takes this one's place. */
const PUBLIC = "https://www.googleapis.com/drive/v3";
const PAGE = 1000;

type Options = {
  readonly fetchImplementation: typeof fetch;
  readonly responseType: "stream";
  readonly retry: false;
  readonly validateStatus: () => true;
  readonly headers: Readonly<Record<string, string>>;
};

interface Question extends Attempted {
  readonly headers?: Readonly<Record<string, string>>;
  /** Lets the package form the request. */
  ask(drive: drive_v3.Drive, options: Options): Promise<{ readonly data: unknown }>;
}

export interface FilePage {
  readonly files: readonly DriveFile[];
  readonly nextPageToken: string | undefined;
  /** False where Drive says that it did not search everywhere. */
  readonly isComplete: boolean;
}

export interface Change {
  readonly fileId: string;
  /** Null where the file is gone for good, or no longer for this account. */
  readonly file: DriveFile | null;
}

export interface ChangePage {
  readonly changes: readonly Change[];
  readonly nextPageToken: string | undefined;
  /** On the last page alone: where the next look begins. */
  readonly newStartPageToken: string | undefined;
}

const records = (record: JsonRecord, key: string): readonly JsonRecord[] => {
  const value = record[key];
  return Array.isArray(value) ? value.filter(isJsonRecord) : [];
};

/**
 * Drive v3 through `@googleapis/drive`, which is loaded with the first request. The package forms requests; they go out through
 * the account's own fetch and policy, and replies are read and validated here.
 */
export class DriveClient {
  readonly #access: GoogleAccess;
  readonly #endpoint: string;
  #drive: Promise<drive_v3.Drive> | null = null;

  /** `endpoint` with its path: `https://www.googleapis.com/drive/v3`. */
  constructor(access: GoogleAccess, endpoint: string) {
    this.#access = access;
    this.#endpoint = endpoint.replace(/\/+$/, "");
  }

  #loaded(): Promise<drive_v3.Drive> {
    this.#drive ??= import("@googleapis/drive").then(({ drive_v3: { Drive } }) => new Drive({}));
    return this.#drive;
  }

  /** The request as the package forms it. It is given an empty reply, so that neither tokens nor failures pass through it. */
  async #formed({
    label,
    headers = {},
    ask,
  }: Question): Promise<{ readonly url: string; readonly headers: Headers }> {
    const drive = await this.#loaded();
    const formed: { url: string; headers: Headers }[] = [];
    const fetchImplementation: typeof fetch = async (input, init = {}) => {
      const url = String(input instanceof Request ? input.url : input);
      if (url.startsWith(PUBLIC)) {
        formed.push({
          url: `${this.#endpoint}${url.slice(PUBLIC.length)}`,
          headers: new Headers(init.headers),
        });
      }
      return new Response(null, { status: 200 });
    };
    const validateStatus = () => true as const;
    await ask(drive, { fetchImplementation, responseType: "stream", retry: false, validateStatus, headers });
    const [request] = formed;
    if (request === undefined) throw oddReply(this.#access.account, label, "a request to Drive");
    return request;
  }

  async #reply(question: Question, call: Call): Promise<Response> {
    const { account, policy, time } = this.#access;
    const { label } = question;
    const formed = await this.#formed(question);
    return policy.run(
      question,
      async (attempt) => {
        const response = await signed(
          this.#access,
          (token) => {
            const headers = new Headers(formed.headers);
            headers.set("Authorization", `Bearer ${token}`);
            return this.#access.fetch(formed.url, { headers, signal: attempt.signal });
          },
          attempt,
        );
        if (response.ok) return response;
        const { status, headers } = response;
        const body = new Uint8Array(await response.arrayBuffer());
        throw googleFailure({ account, label, status, headers, body, nowMs: time.nowMs() });
      },
      call,
    );
  }

  async #json(label: string, ask: Question["ask"], call: Call): Promise<JsonRecord> {
    const { account } = this.#access;
    return jsonReply(
      account,
      label,
      await this.#reply({ label, lane: "read", isRepeatable: true, ask }, call),
    );
  }

  /** The name or address of whose Drive it is. */
  async owner(call: Call): Promise<string> {
    const ask: Question["ask"] = (drive, options) =>
      drive.about.get({ fields: "user(displayName,emailAddress)" }, options);
    const { user } = await this.#json("about.get", ask, call);
    const known = isJsonRecord(user) ? user : {};
    return (
      textAt(known, "emailAddress") ?? textAt(known, "displayName") ?? "the Google account that you chose"
    );
  }

  /** Null where this account may not see it. */
  async file(fileId: string, call: Call): Promise<DriveFile | null> {
    const ask: Question["ask"] = (drive, options) =>
      drive.files.get({ fileId, fields: FILE_FIELDS, supportsAllDrives: true }, options);
    try {
      return readDriveFile(await this.#json("files.get", ask, call));
    } catch (error) {
      const isGone = error instanceof PhotosyncError && error.code === `${this.#access.account}.not-found`;
      if (isGone) return null;
      throw error;
    }
  }

  async files(q: string, fields: string, pageToken: string | undefined, call: Call): Promise<FilePage> {
    const ask: Question["ask"] = (drive, options) =>
      drive.files.list(
        {
          q,
          fields: `nextPageToken,incompleteSearch,files(${fields})`,
          pageSize: PAGE,
          spaces: "drive",
          ...(pageToken && { pageToken }),
        },
        options,
      );
    const reply = await this.#json("files.list", ask, call);
    return {
      files: records(reply, "files").flatMap((file) => readDriveFile(file) ?? []),
      nextPageToken: textAt(reply, "nextPageToken"),
      isComplete: reply["incompleteSearch"] !== true,
    };
  }

  async startPageToken(call: Call): Promise<string> {
    const ask: Question["ask"] = (drive, options) => drive.changes.getStartPageToken({}, options);
    const token = textAt(await this.#json("changes.getStartPageToken", ask, call), "startPageToken");
    if (token === undefined) throw oddReply(this.#access.account, "changes.getStartPageToken", "a token");
    return token;
  }

  async changes(pageToken: string, call: Call): Promise<ChangePage> {
    const ask: Question["ask"] = (drive, options) =>
      drive.changes.list(
        {
          pageToken,
          pageSize: PAGE,
          includeRemoved: true,
          spaces: "drive",
          fields: `nextPageToken,newStartPageToken,changes(fileId,removed,changeType,file(${FILE_FIELDS}))`,
        },
        options,
      );
    const reply = await this.#json("changes.list", ask, call);
    const changes = records(reply, "changes").flatMap((change): readonly Change[] => {
      const fileId = textAt(change, "fileId");
      const file = change["removed"] === true ? null : readDriveFile(change["file"]);
      return fileId === undefined ? [] : [{ fileId, file }];
    });
    return {
      changes,
      nextPageToken: textAt(reply, "nextPageToken"),
      newStartPageToken: textAt(reply, "newStartPageToken"),
    };
  }

  /** The bytes from an offset on. */
  async bytes(fileId: string, from: number, call: Call): Promise<Response> {
    const ask: Question["ask"] = (drive, options) =>
      drive.files.get({ fileId, alt: "media", supportsAllDrives: true }, options);
    const headers = { ...(from > 0 && { Range: `bytes=${from}-` }), "Accept-Encoding": "identity" };
    return this.#reply(
      { label: "the bytes of a file", lane: "bytes", isRepeatable: true, headers, ask },
      call,
    );
  }
}
