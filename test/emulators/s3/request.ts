import type { IncomingHttpHeaders } from "node:http";
import type { Bucket, Operation, State } from "./state.js";

/** A request that was signed rightly and whose body has arrived. */
export interface S3Request {
  readonly operation: Operation;
  readonly bucket: Bucket;
  readonly bucketName: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly state: State;
  /** True where a fault wants wrong bytes to be stored. */
  readonly lies: boolean;
}

export interface S3Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** A header's one value; empty where there is none. */
export function header({ headers }: Pick<S3Request, "headers">, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : "";
}

/** What a request is for, by its method and query. Null for what this server does not know. */
export function operationOf(
  method: string,
  bucket: string,
  key: string,
  query: URLSearchParams,
  copies: boolean,
): Operation | null {
  const upload = query.has("uploadId");
  if (bucket === "") return method === "GET" ? "ListBuckets" : null;
  if (key === "") {
    if (method === "PUT") {
      if (query.has("versioning")) return "PutBucketVersioning";
      return query.has("publicAccessBlock") ? "PutPublicAccessBlock" : "CreateBucket";
    }
    if (method !== "GET") return null;
    if (query.has("uploads")) return "ListMultipartUploads";
    if (query.has("versions")) return "ListObjectVersions";
    return query.get("list-type") === "2" ? "ListObjectsV2" : null;
  }
  switch (method) {
    case "GET":
      return upload ? "ListParts" : "GetObject";
    case "HEAD":
      return "HeadObject";
    case "PUT":
      return upload ? "UploadPart" : copies ? "CopyObject" : "PutObject";
    case "POST":
      if (query.has("restore")) return "RestoreObject";
      return upload ? "CompleteMultipartUpload" : query.has("uploads") ? "CreateMultipartUpload" : null;
    case "DELETE":
      if (upload) return "AbortMultipartUpload";
      return query.has("versionId") ? "DeleteObjectVersion" : "DeleteObject";
    default:
      return null;
  }
}
