import { type Content, Taker } from "./content.js";
import { smallBody } from "./json-shape.js";
import { type Incoming, Refusal, type Reply, type Signed, text, type World } from "./reply.js";
import { type AccessToken, freshId } from "./state.js";

/** Lengths of all chunks but the last are multiples of this; what came of a broken chunk is kept in such steps too. */
export const GRANULARITY = 262_144;

/** A resumable upload under way. */
export interface ResumableUpload {
  readonly access: AccessToken;
  readonly rawSize: number | undefined;
  readonly filename: string;
  readonly taker: Taker;
  status: "active" | "final" | "cancelled";
  /** One request at a time may send bytes. */
  isBusy: boolean;
}

const bad = (words: string): Refusal => new Refusal(text(`${words}\n`, 400));
const header = (request: Incoming, name: string): string => String(request.headers[name] ?? "");

function newToken(content: Content, filename: string, access: AccessToken, world: World): string {
  const token = freshId(world.state, "CAIS", 86);
  const { email, clientId } = access.grant;
  const issuedMs = world.clock.nowMs();
  world.state.uploadTokens.set(token, { token, email, clientId, content, filename, issuedMs, uses: 0 });
  return token;
}

async function raw(request: Signed, world: World): Promise<Reply> {
  if (!header(request, "content-type").startsWith("application/octet-stream"))
    throw bad("Content-Type must be application/octet-stream.");
  const taker = new Taker();
  for await (const part of request.body) taker.take(part);
  if (taker.sizeBytes === 0) throw bad("The request has no bytes.");
  return text(newToken(taker.finish(), header(request, "x-goog-upload-file-name"), request.access, world));
}

async function start(request: Signed, world: World): Promise<Reply> {
  if ((await smallBody(request)).length > 0) throw bad("A start request has no body.");
  if (header(request, "x-goog-upload-content-type") === "") throw bad("Missing X-Goog-Upload-Content-Type.");
  const size = header(request, "x-goog-upload-raw-size");
  if (!/^\d+$/.test(size)) throw bad("Missing X-Goog-Upload-Raw-Size.");
  const id = freshId(world.state, "ADPy", 60);
  const upload: ResumableUpload = {
    access: request.access,
    rawSize: Number(size),
    filename: header(request, "x-goog-upload-file-name"),
    taker: new Taker(),
    status: "active",
    isBusy: false,
  };
  world.uploads.set(id, upload);
  return text("", 200, {
    "x-goog-upload-url": `${world.origin}/photoslibrary/uploads/${id}?upload_protocol=resumable`,
    "x-goog-upload-chunk-granularity": String(GRANULARITY),
    "x-goog-upload-status": "active",
  });
}

/** `POST /v1/uploads`: all bytes at once, or the beginning of a resumable upload. */
export async function upload(request: Signed, world: World): Promise<Reply> {
  const protocol = header(request, "x-goog-upload-protocol");
  if (protocol === "raw") return raw(request, world);
  if (protocol !== "resumable") throw bad("Missing or unknown X-Goog-Upload-Protocol.");
  if (header(request, "x-goog-upload-command") !== "start") throw bad("The first command must be start.");
  return start(request, world);
}

/** Takes bytes in whole steps as they come, so that a break keeps what was whole. Tells the length of the chunk. */
async function receive(
  body: AsyncIterable<Uint8Array>,
  upload: ResumableUpload,
  isLast: boolean,
): Promise<void> {
  let waiting = Buffer.alloc(0);
  let length = 0;
  for await (const part of body) {
    length += part.length;
    waiting = Buffer.concat([waiting, part]);
    const whole = waiting.length - (waiting.length % GRANULARITY);
    if (whole === 0) continue;
    upload.taker.take(waiting.subarray(0, whole));
    waiting = waiting.subarray(whole);
  }
  if (!isLast && length % GRANULARITY !== 0)
    throw bad("The chunk's length is not a multiple of the granularity.");
  upload.taker.take(waiting);
}

function told(upload: ResumableUpload, body = ""): Reply {
  const sizes =
    upload.status === "active" ? { "x-goog-upload-size-received": String(upload.taker.sizeBytes) } : {};
  return text(body, 200, { "x-goog-upload-status": upload.status, ...sizes });
}

async function chunk(
  request: Signed,
  upload: ResumableUpload,
  isLast: boolean,
  world: World,
): Promise<Reply> {
  const offset = header(request, "x-goog-upload-offset");
  if (!/^\d+$/.test(offset) || Number(offset) !== upload.taker.sizeBytes) {
    throw bad(`The offset ${offset} is not where the upload stands.`);
  }
  if (upload.isBusy) throw new Refusal(text("Another request is sending bytes.\n", 409));
  upload.isBusy = true;
  try {
    await receive(request.body, upload, isLast);
  } finally {
    upload.isBusy = false;
  }
  if (!isLast) return told(upload);
  if (upload.rawSize !== undefined && upload.taker.sizeBytes !== upload.rawSize) {
    throw bad("Fewer or more bytes than X-Goog-Upload-Raw-Size told.");
  }
  upload.status = "final";
  return told(upload, newToken(upload.taker.finish(), upload.filename, upload.access, world));
}

const isUpload = (value: unknown): value is ResumableUpload =>
  typeof value === "object" && value !== null && "taker" in value;

/** `POST` to the address of a resumable upload. The token comes once, with the last chunk, and cannot be asked for again. */
export async function resumable(request: Signed, world: World): Promise<Reply> {
  const upload = world.uploads.get(request.captured[0] ?? "");
  if (!isUpload(upload) || upload.access.grant.email !== request.access.grant.email) {
    throw new Refusal(text("Not Found\n", 404));
  }
  const command = header(request, "x-goog-upload-command").replaceAll(" ", "");
  if (command === "query") return told(upload);
  if (upload.status !== "active") throw bad(`The upload is ${upload.status}.`);
  if (command === "cancel") {
    upload.status = "cancelled";
    return told(upload);
  }
  if (command === "upload") return chunk(request, upload, false, world);
  if (command === "upload,finalize") return chunk(request, upload, true, world);
  throw bad(`Unknown command ${command}.`);
}
