import { SIZES, secretOf, streamAddress, streamSignature } from "../machine/address.js";
import { hasLargeSizes } from "../machine/rights.js";
import type { Photo } from "../machine/state.js";
import { between } from "./between.js";
import type { Context } from "./context.js";
import { jpegFor, UNAVAILABLE_PNG } from "./pictures.js";
import { htmlReply, type Reply, textReply, type WireRequest } from "./wire.js";

const TYPES: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  png: "image/png",
  gif: "image/gif",
  mp4: "video/mp4",
  mov: "video/quicktime",
};

const bytesReply = (extension: string, body: Reply["body"], headers: Reply["headers"] = {}): Reply => ({
  status: 200,
  headers: { "content-type": TYPES[extension] ?? "application/octet-stream", ...headers },
  body,
});

const UNAVAILABLE_PATH = "/images/photo_unavailable.png";

/** A picture that is not there: an empty 404, or as of old a way to another picture. */
function missing(context: Context): Reply {
  if (context.options.unavailable === "404") return textReply(404, "text/html", "");
  const location = `${context.machine.addresses.static}${UNAVAILABLE_PATH}`;
  return textReply(302, "text/html", "", { location });
}

/** The bytes of an original; photos that were seeded without any have some that name them. */
const originalBytes = (context: Context, photo: Photo): Reply["body"] =>
  context.files.get(photo.file) ?? jpegFor(`original ${photo.file}`);

function originalReply(context: Context, photo: Photo, extension: string): Reply {
  if (photo.media === "video") {
    return extension === "jpg" ? bytesReply("jpg", jpegFor(`poster ${photo.id}`)) : missing(context);
  }
  if (extension !== photo.originalFormat) return missing(context);
  if (!hasLargeSizes(context.machine.state, photo)) {
    if (context.machine.options.freeOriginals !== "reduced") return missing(context);
    return bytesReply("jpg", jpegFor(`reduced ${photo.id}`));
  }
  return bytesReply(extension, originalBytes(context, photo));
}

/** `/{server}/{id}_{secret}[_{suffix}][_d].{extension}`: whoever has the address has the picture. */
function pictureReply(context: Context, path: string): Reply | null {
  const found = /^\/(\d+)\/(\d+)_([0-9a-f]+)(?:_([0-9a-z]{1,2}))??(_d)?\.([a-z0-9]+)$/.exec(path);
  if (found === null) return null;
  const [, server, id = "", secret, suffix = "", , extension = ""] = found;
  const photo = context.machine.state.photos.get(id);
  if (photo === undefined || photo.server !== server) return missing(context);
  if (suffix === "o") {
    return secret === photo.originalSecret ? originalReply(context, photo, extension) : missing(context);
  }
  const size = SIZES.find((each) => each.suffix === suffix);
  if (size === undefined || secret !== secretOf(photo, size) || extension !== "jpg") return missing(context);
  if (size.side > 1024 && !hasLargeSizes(context.machine.state, photo)) return missing(context);
  return bytesReply("jpg", jpegFor(`${size.label} ${photo.id} ${photo.file}`));
}

/** `/photos/{user}/{id}/play/{kind}/{secret}/` leads on to a signed stream. */
function playReply(context: Context, path: string): Reply | null {
  const found = /^\/photos\/[^/]+\/(\d+)\/play\/(\w+)\/([0-9a-f]+)\/?$/.exec(path);
  if (found === null) return null;
  const [, id = "", kind = "", secret] = found;
  const photo = context.machine.state.photos.get(id);
  if (photo === undefined || photo.media !== "video") return htmlReply(404, "404 Not Found");
  const isOriginal = kind === "orig";
  const isOpen =
    secret === (isOriginal ? photo.originalSecret : photo.secret) &&
    (!isOriginal || hasLargeSizes(context.machine.state, photo));
  if (!isOpen || (isOriginal && context.machine.options.videoOriginal === "missing")) {
    return htmlReply(404, "404 Not Found");
  }
  const location = streamAddress(context.machine.addresses, photo, kind, context.machine.now());
  return textReply(302, "text/html", "", { location });
}

/** `/video/{id}/{secret}/{kind}.{extension}?s=…`, for as long as the signature is good. */
function streamReply(context: Context, path: string, query: string): Reply | null {
  const found = /^\/video\/(\d+)\/([0-9a-f]+)\/(\w+)\.(\w+)$/.exec(path);
  if (found === null) return null;
  const [, id = "", secret, kind = "", extension = ""] = found;
  const photo = context.machine.state.photos.get(id);
  const signature = new URLSearchParams(query).get("s") ?? "";
  const until = Number(signature.split("-")[0]);
  const isSigned = signature === streamSignature(id, kind, until) && until >= context.machine.now();
  if (photo === undefined || !isSigned) return htmlReply(403, "403 Forbidden");
  if (kind !== "orig") return bytesReply("mp4", Buffer.from(`a smaller copy of ${photo.id}`));
  if (secret !== photo.originalSecret) return htmlReply(403, "403 Forbidden");
  return bytesReply(extension, originalBytes(context, photo));
}

/** The part of a file that was asked for, where this host gives parts. */
function ranged(context: Context, request: WireRequest, whole: Reply): Reply {
  const found = /^bytes=(\d+)-(\d*)$/.exec(request.headers["range"] ?? "");
  if (!context.options.servesRanges || found === null || whole.status !== 200) return whole;
  const size = whole.body instanceof Uint8Array ? whole.body.length : whole.body.sizeBytes;
  const from = Number(found[1]);
  const to = Math.min(size - 1, found[2] === "" ? size - 1 : Number(found[2]));
  if (from > to) return textReply(416, "text/html", "", { "content-range": `bytes */${size}` });
  const headers = { ...whole.headers, "content-range": `bytes ${from}-${to}/${size}` };
  const { body } = whole;
  if (body instanceof Uint8Array) return { status: 206, headers, body: body.subarray(from, to + 1) };
  const part = { sizeBytes: to + 1 - from, open: () => between(body.open(), from, to + 1) };
  return { status: 206, headers, body: part };
}

/** Answers for pictures and videos; no signature is asked for. Null where the path is none of theirs. */
export function staticReply(context: Context, request: WireRequest): Reply | null {
  if (request.method !== "GET" && request.method !== "HEAD") return null;
  if (request.path === UNAVAILABLE_PATH) return bytesReply("png", UNAVAILABLE_PNG);
  const whole =
    pictureReply(context, request.path) ??
    playReply(context, request.path) ??
    streamReply(context, request.path, request.query);
  return whole === null ? null : ranged(context, request, whole);
}
