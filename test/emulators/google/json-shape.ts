import { type Incoming, Refusal, refuse, rpcError } from "./reply.js";

/** What a request body may hold: a type of value, a record of named ones, or a list. */
export type Shape =
  | "string"
  | "number"
  | "int64"
  | "boolean"
  | { readonly [name: string]: Shape }
  | readonly [Shape];

export type JsonBody = Readonly<Record<string, unknown>>;

/** Parameters that every Google API takes. */
const STANDARD = [
  "fields",
  "alt",
  "prettyPrint",
  "key",
  "quotaUser",
  "$.xgafv",
  "upload_protocol",
  "uploadType",
];
const MOST_BODY_BYTES = 10 * 1024 * 1024;

/** True for a JSON object. */
export const isRecord = (value: unknown): value is JsonBody =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const badRequest = (field: string, description: string): object => ({
  "@type": "type.googleapis.com/google.rpc.BadRequest",
  fieldViolations: [{ ...(field === "" ? {} : { field }), description }],
});

function wrongName(name: string, at: string): Refusal {
  const where = at === "" ? "" : ` at '${at}'`;
  const message = `Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`;
  return new Refusal(rpcError("INVALID_ARGUMENT", message, [badRequest(at, message)]));
}

function wrongValue(at: string, value: unknown): Refusal {
  const message = `Invalid value at '${at}', ${JSON.stringify(value)}`;
  return new Refusal(rpcError("INVALID_ARGUMENT", message, [badRequest(at, message)]));
}

function check(value: unknown, shape: Shape, at: string): void {
  if (shape === "int64") {
    if (!/^-?\d+$/.test(String(value))) throw wrongValue(at, value);
  } else if (typeof shape === "string") {
    if (typeof value !== shape) throw wrongValue(at, value);
  } else if (Array.isArray(shape)) {
    const [inner] = shape as readonly [Shape];
    if (!Array.isArray(value)) throw wrongValue(at, value);
    value.forEach((one, index) => {
      check(one, inner, `${at}[${index}]`);
    });
  } else {
    if (!isRecord(value)) throw wrongValue(at, value);
    for (const [name, one] of Object.entries(value)) {
      const inner = (shape as { readonly [name: string]: Shape })[name];
      if (inner === undefined) throw wrongName(name, at);
      if (one !== null) check(one, inner, at === "" ? name : `${at}.${name}`);
    }
  }
}

/** All bytes of a small body. */
export async function smallBody(request: Incoming): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body) {
    size += part.length;
    if (size > MOST_BODY_BYTES) throw refuse("INVALID_ARGUMENT", "Request payload size exceeds the limit.");
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The request's JSON body, every name and type of it known; an empty body is an empty record. Throws the 400 that Google sends. */
export async function jsonBody(
  request: Incoming,
  shape: { readonly [name: string]: Shape },
): Promise<JsonBody> {
  const bytes = await smallBody(request);
  if (bytes.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw refuse(
      "INVALID_ARGUMENT",
      `Invalid JSON payload received. Unexpected token.\n${bytes.toString("utf8", 0, 40)}\n^`,
    );
  }
  check(value, shape, "");
  return isRecord(value) ? value : {};
}

/** Refuses parameters of the query that the method does not know. */
export function checkQuery(request: Incoming, known: readonly string[]): void {
  for (const name of request.query.keys()) {
    if (known.includes(name) || STANDARD.includes(name)) continue;
    const message = `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`;
    throw new Refusal(rpcError("INVALID_ARGUMENT", message, [badRequest("", message)]));
  }
}

export const stringIn = (body: JsonBody, name: string): string => {
  const value = body[name];
  return typeof value === "string" ? value : "";
};

export const recordIn = (body: JsonBody, name: string): JsonBody | undefined => {
  const value = body[name];
  return isRecord(value) ? value : undefined;
};

export const listIn = (body: JsonBody, name: string): readonly unknown[] => {
  const value = body[name];
  return Array.isArray(value) ? value : [];
};
