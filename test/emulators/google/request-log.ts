import type { IncomingHttpHeaders } from "node:http";
import { rfc3339 } from "./clock.js";

/** One request as the emulator saw it, without anything secret. */
export interface LoggedRequest {
  readonly number: number;
  readonly atMs: number;
  readonly method: string;
  /** Path and query; tokens, codes and addresses that give out bytes are blotted out. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What a JSON request asked for, up to 4,096 characters. */
  body?: string;
  bodyBytes: number;
  /** Undefined while it runs, and where no reply was sent. */
  status?: number;
  replyBytes?: number;
  /** What was made to go wrong. */
  fault?: string;
}

const TOLD_HEADERS = /^(?:content-(?:type|length|range)|range|retry-after|x-goog-upload-[a-z-]+)$/;
const SECRET_PARAMETERS = ["code", "token", "access_token", "code_challenge", "state", "refresh_token"];
const MOST_BODY = 4096;

export function blotted(url: URL): string {
  const query = new URLSearchParams(url.search);
  for (const name of SECRET_PARAMETERS) if (query.has(name)) query.set(name, "***");
  const path = url.pathname
    .replace(/^(\/lr\/|\/ppa\/)[\w-]+/, "$1***")
    .replace(/(\/uploads\/)[\w-]+/, "$1***")
    .replace(/(\/picker\/)[\w-]+/, "$1***");
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

function told(headers: IncomingHttpHeaders): Record<string, string> {
  const safe: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name === "authorization") safe[name] = `${String(value).split(" ")[0]} ***`;
    else if (TOLD_HEADERS.test(name)) safe[name] = String(value);
  }
  return safe;
}

/** Every request in the order in which they came. */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];

  begin(method: string, url: URL, headers: IncomingHttpHeaders, atMs: number): LoggedRequest {
    const number = this.entries.length + 1;
    const entry: LoggedRequest = {
      number,
      atMs,
      method,
      path: blotted(url),
      headers: told(headers),
      bodyBytes: 0,
    };
    this.entries.push(entry);
    return entry;
  }

  /** Requests whose `METHOD path` matches. */
  matching(pattern: RegExp): readonly LoggedRequest[] {
    return this.entries.filter((entry) => pattern.test(`${entry.method} ${entry.path}`));
  }

  clear(): void {
    this.entries.length = 0;
  }

  /** For a person: one line for each request, and one for what it asked for; of all unless some are given. */
  text(entries: readonly LoggedRequest[] = this.entries): string {
    const lines = entries.map((entry) => {
      const outcome = entry.status === undefined ? "---" : String(entry.status);
      const fault = entry.fault === undefined ? "" : `  [${entry.fault}]`;
      const range = entry.headers["range"] === undefined ? "" : `  range ${entry.headers["range"]}`;
      const command = entry.headers["x-goog-upload-command"];
      const step =
        command === undefined ? "" : `  ${command} @${entry.headers["x-goog-upload-offset"] ?? "0"}`;
      const sizes = `  in ${entry.bodyBytes} out ${entry.replyBytes ?? 0}`;
      const head = `${String(entry.number).padStart(5)} ${rfc3339(entry.atMs)} ${outcome} ${entry.method} ${entry.path}`;
      const asked = entry.body === undefined ? "" : `\n        ${entry.body}`;
      return `${head}${step}${range}${sizes}${fault}${asked}`;
    });
    return `${lines.join("\n")}\n`;
  }
}

/** Notes what a JSON request asked for; upload tokens in it are blotted out. */
export function noteBody(entry: LoggedRequest, bytes: Uint8Array): void {
  const words = Buffer.from(bytes).toString("utf8");
  entry.body = words.replace(/("uploadToken"\s*:\s*")[^"]*/g, "$1***").slice(0, MOST_BODY);
}
