import { accessOf, SCOPES } from "./bearer.js";
import { spendBytes } from "./quotas.js";
import { html, type Incoming, Refusal, type Reply, type World } from "./reply.js";
import type { MediaItem } from "./state.js";
import { asDownloaded } from "./strip-place.js";

const LIFE_MS = 60 * 60_000;
const forbidden = (): Refusal => new Refusal(html(403, "<title>Error 403 (Forbidden)!!1</title>"));

/** A JPEG of one grey point: what any scaled picture is here. */
const POINT = Buffer.from(
  "ffd8ffe000104a46494600010100000100010000ffdb004300" +
    "ff".repeat(64) +
    "ffc0000b080001000101011100ffc40014000100000000000000000000000000000009ffc40014100100000000000000000000000000000000ffda0008010100003f0054bfffd9",
  "hex",
);

const FILM_HEAD = Buffer.from("000000186674797069736f6d0000020069736f6d6d70343100000000", "hex");

/** A transcoded film: other bytes than the uploaded ones, as many of them. */
function transcoded(item: MediaItem): Reply["body"] {
  const { sizeBytes } = item.content;
  const original = item.content;
  const stream = async function* (): AsyncGenerator<Uint8Array> {
    yield FILM_HEAD.subarray(0, Math.min(sizeBytes, FILM_HEAD.length));
    for await (const part of original.stream(Math.min(sizeBytes, FILM_HEAD.length))) {
      yield Buffer.from(part).map((byte) => byte ^ 0x55);
    }
  };
  return { sizeBytes, stream: stream() };
}

function bytesFor(
  item: MediaItem,
  suffix: string,
): { readonly type: string; readonly body: Reply["body"] } | null {
  const isScaled = /^(?:[wh]\d+)(?:-(?:[wh]\d+|c|no))*$/.test(suffix);
  if (suffix === "" || isScaled) {
    const size = Buffer.from(suffix);
    return { type: "image/jpeg", body: Buffer.concat([POINT, size]) };
  }
  if (suffix === "d") {
    if (item.video !== undefined) return { type: "image/jpeg", body: POINT };
    const { bytes } = item.content;
    // Pictures too big to be kept come back made up, which is other bytes as well.
    return {
      type: item.mimeType,
      body: bytes === undefined ? transcoded(item) : Buffer.from(asDownloaded(bytes)),
    };
  }
  if (suffix !== "dv" || item.video?.status !== "READY") return null;
  return { type: "video/mp4", body: transcoded(item) };
}

/**
 * `GET` or `HEAD` of a base URL and suffix. After sixty minutes 403; addresses of the Picker also need its bearer token and
 * end with the session. Range is not known to work and is ignored.
 */
export function mediaBytes(request: Incoming, world: World): Reply {
  const [kind = "", key = "", suffix = ""] = request.captured;
  const found = world.state.baseUrls.get(key);
  if (found === undefined || (kind === "ppa") !== (found.sessionId !== undefined)) throw forbidden();
  const item = world.state.items.get(found.itemId);
  if (item === undefined || item.isDeleted || world.clock.nowMs() - found.issuedMs >= LIFE_MS)
    throw forbidden();
  if (found.sessionId !== undefined) {
    const session = world.state.sessions.get(found.sessionId);
    const isOpen = session !== undefined && !session.isDeleted && session.expiresMs > world.clock.nowMs();
    if (!isOpen || request.headers.authorization === undefined) throw forbidden();
    const { grant } = accessOf(request, "photospicker.googleapis.com", world);
    if (grant.email !== item.email || !grant.scopes.includes(SCOPES.picker)) throw forbidden();
  }
  spendBytes(world, item.email);
  const given = bytesFor(item, suffix);
  if (given === null) return html(404, "<title>Error 404 (Not Found)!!1</title>");
  const name = item.filename.replaceAll('"', "");
  return {
    status: 200,
    headers: {
      "content-type": given.type,
      "content-disposition": `attachment;filename="${encodeURIComponent(name)}"`,
    },
    body: given.body ?? "",
  };
}
