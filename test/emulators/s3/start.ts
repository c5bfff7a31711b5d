import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { restoreObject } from "./archive.js";
import { createBucket, listBuckets, putPublicAccessBlock, putVersioning } from "./buckets.js";
import { errorBody, S3Failure } from "./failure.js";
import { type Fault, Faults } from "./faults.js";
import {
  abortUpload,
  completeUpload,
  createUpload,
  listParts,
  listUploads,
  uploadPart,
} from "./multipart.js";
import { copyObject, deleteObject, getObject, listObjects, putObject } from "./objects.js";
import { operationOf, type S3Reply, type S3Request } from "./request.js";
import { checkBody, checkSignature } from "./signature.js";
import {
  AWS_LIKE,
  type Bucket,
  type Keys,
  newBucket,
  type Operation,
  type Profile,
  type Session,
  type State,
} from "./state.js";
import { deleteVersion, listVersions } from "./versions.js";

const HANDLERS: Readonly<Record<Operation, (request: S3Request) => S3Reply>> = {
  GetObject: getObject,
  HeadObject: getObject,
  PutObject: putObject,
  DeleteObject: deleteObject,
  DeleteObjectVersion: deleteVersion,
  ListObjectVersions: listVersions,
  CopyObject: copyObject,
  ListObjectsV2: listObjects,
  CreateMultipartUpload: createUpload,
  UploadPart: uploadPart,
  ListParts: listParts,
  CompleteMultipartUpload: completeUpload,
  AbortMultipartUpload: abortUpload,
  ListMultipartUploads: listUploads,
  ListBuckets: listBuckets,
  CreateBucket: createBucket,
  PutBucketVersioning: putVersioning,
  PutPublicAccessBlock: putPublicAccessBlock,
  RestoreObject: restoreObject,
};

/** Requests that are about no bucket that there is. */
const BEYOND_BUCKETS: ReadonlySet<Operation> = new Set(["ListBuckets", "CreateBucket"]);

/** Keys and region that the server knows, unless told others. */
export const TEST_KEYS: Keys = { accessKeyId: "AKIDEMULATOR", secretAccessKey: "emulator-secret" };
export const TEST_REGION = "us-east-1";

/** A strict S3 server on this computer that keeps everything in memory, as a machine of one's own. */
export interface S3Emulator {
  readonly url: string;
  readonly state: State;
  readonly faults: Faults;
  bucket(name: string): Bucket;
  /** Ends the session of the keys. */
  expire(): void;
  /** Hands out keys for a while. */
  session(): Session;
  /** What was asked back from an archive arrives. */
  thaw(): void;
  close(): Promise<void>;
}

/** Ends the connection instead of answering. */
class Cut extends Error {}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const announced = request.headers["content-length"];
  if (announced !== undefined && Number(announced) !== body.length)
    throw new S3Failure(400, "IncompleteBody");
  return body;
}

interface Prepared {
  readonly request: S3Request;
  readonly fault: Fault | null;
}

async function prepare(incoming: IncomingMessage, state: State, faults: Faults): Promise<Prepared> {
  const body = await bodyOf(incoming);
  const url = new URL(incoming.url ?? "/", "http://localhost");
  const [, bucketName = "", ...rest] = url.pathname.split("/");
  const key = decodeURIComponent(rest.join("/"));
  const query = url.searchParams;
  const operation = operationOf(
    incoming.method ?? "",
    bucketName,
    key,
    query,
    incoming.headers["x-amz-copy-source"] !== undefined,
  );
  if (operation === null)
    throw new S3Failure(501, "NotImplemented", "This server does not know that request.");
  state.log.push({ operation, key });
  const fault = faults.take(operation, key);
  if (fault?.kind === "slow-down") throw new S3Failure(503, "SlowDown", "Please reduce your request rate.");
  if (fault?.kind === "internal-error")
    throw new S3Failure(500, "InternalError", "We encountered an internal error.");
  if (fault?.kind === "refuse" && fault.refusal !== undefined)
    throw new S3Failure(fault.refusal.status, fault.refusal.code, fault.refusal.message);
  if (fault?.kind === "reset") throw new Cut();
  const signedHash = checkSignature(incoming, state);
  if (state.denied.has(operation)) throw new S3Failure(403, "AccessDenied", "Access Denied");
  const bucket = state.buckets.get(bucketName) ?? (BEYOND_BUCKETS.has(operation) ? newBucket() : undefined);
  if (bucket === undefined) throw new S3Failure(404, "NoSuchBucket", "The specified bucket does not exist");
  if (Buffer.byteLength(key) > 1024) throw new S3Failure(400, "KeyTooLongError");
  checkBody(body, signedHash, state);
  const lies = fault?.kind === "lie";
  if (fault?.kind === "whole") delete incoming.headers["range"];
  return {
    fault,
    request: { operation, bucket, bucketName, key, query, headers: incoming.headers, body, state, lies },
  };
}

function answer(response: ServerResponse, reply: S3Reply, isHead: boolean, fault: Fault | null): void {
  const body = Buffer.from(reply.body ?? "");
  const length = fault?.isUnsized === true ? {} : { "content-length": String(body.length) };
  response.writeHead(reply.status, { ...reply.headers, ...length });
  if (isHead) return void response.end();
  if (fault?.kind === "flip" && body.length > 0) body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1;
  if (fault?.kind === "cut" || fault?.kind === "silence") {
    response.write(body.subarray(0, body.length >> 1), () => {
      if (fault.kind === "cut") response.destroy();
    });
    return;
  }
  response.end(body);
}

/** Starts a server with one empty bucket named `photos`. */
export async function startS3(
  options: {
    readonly profile?: Profile;
    readonly keys?: Keys;
    readonly buckets?: readonly string[];
    readonly region?: string;
  } = {},
): Promise<S3Emulator> {
  const { profile = AWS_LIKE, keys = TEST_KEYS, buckets = ["photos"], region = TEST_REGION } = options;
  const state: State = {
    profile,
    keys,
    region,
    buckets: new Map(buckets.map((name) => [name, newBucket()])),
    denied: new Set(),
    sessions: new Map(),
    takenNames: new Set(),
    log: [],
    skewMs: 0,
    isExpired: false,
  };
  const faults = new Faults();

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const isHead = incoming.method === "HEAD";
    response.setHeader("date", new Date(Date.now() + state.skewMs).toUTCString());
    try {
      const { request, fault } = await prepare(incoming, state, faults);
      if (fault?.kind === "late-error") {
        const late = errorBody(new S3Failure(500, "InternalError", "We encountered an internal error."));
        return answer(response, { status: 200, body: late }, isHead, null);
      }
      const reply = HANDLERS[request.operation](request);
      if (fault?.kind === "reset-after") throw new Cut();
      answer(response, reply, isHead, fault);
    } catch (error) {
      if (error instanceof Cut) return void incoming.socket.destroy();
      const failure = error instanceof S3Failure ? error : new S3Failure(500, "InternalError", String(error));
      const retry = failure.code === "SlowDown" ? { "retry-after": "0" } : {};
      answer(
        response,
        {
          status: failure.status,
          headers: { "content-type": "application/xml", ...retry },
          body: errorBody(failure),
        },
        isHead,
        null,
      );
    }
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    state,
    faults,
    bucket(name) {
      const bucket = state.buckets.get(name);
      if (bucket === undefined) throw new Error(`no bucket ${name}`);
      return bucket;
    },
    expire() {
      state.isExpired = true;
    },
    session() {
      const session: Session = {
        accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
        secretAccessKey: randomBytes(20).toString("base64"),
        sessionToken: randomBytes(60).toString("base64"),
        isExpired: false,
      };
      state.sessions.set(session.accessKeyId, session);
      return session;
    },
    thaw() {
      for (const { objects } of state.buckets.values())
        for (const object of objects.values())
          if (object.restored === "ongoing") object.restored = { untilMs: Date.now() + 7 * 24 * 3_600_000 };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
