import { XMLParser } from "fast-xml-parser";
import type { Json } from "../../domain/photo.js";
import { decodeText, decodeUtf16 } from "./text.js";
import { isElement, type OpenElement, openElement } from "./xml-scope.js";
import { XMP_RENAMED } from "./xmp-names.js";
import { xmpValue } from "./xmp-values.js";

/** Larger packets hold pictures or attacks, not descriptions. */
export const MOST_XMP_BYTES = 8 * 1024 * 1024;

/** Entities stay unexpanded here: the five of XML and numbers are replaced later, and no document may define others. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseTagValue: false,
  parseAttributeValue: false,
  jPath: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** A parser's time grows with tags and attributes; real packets are large through a few long texts, not through these. */
const MOST_MARKUP = 100_000;
const MARKUP_UNCHECKED_CHARACTERS = 256 * 1024;

function hasTooMuchMarkup(text: string): boolean {
  if (text.length <= MARKUP_UNCHECKED_CHARACTERS) return false;
  let marks = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === 0x3c || character === 0x3d) marks++;
  }
  return marks > MOST_MARKUP;
}

/** Why a packet was not read, in words that continue "XMP: ". */
export type XmpOutcome =
  /** `isComplete` is false where the packet ends before its RDF does. */
  | { readonly kind: "read"; readonly tags: ReadonlyMap<string, Json>; readonly isComplete: boolean }
  | { readonly kind: "refused"; readonly why: string };

function packetText(bytes: Uint8Array): string {
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return decodeUtf16(bytes, a === 0xff);
  if (a === 0 && b === 0x3c) return decodeUtf16(bytes, false);
  if (a === 0x3c && b === 0) return decodeUtf16(bytes, true);
  return decodeText(bytes).replace(/^\uFEFF/, "");
}

/** Descends to rdf:RDF, which stands at the top or inside x:xmpmeta (or an older wrapper). */
function findRdf(parent: OpenElement, depth: number): OpenElement | null {
  for (const [name, nodes] of parent.children) {
    for (const node of nodes) {
      if (!isElement(node)) continue;
      const child = openElement(node, parent.scope);
      if (name.endsWith(":RDF")) return child;
      const deeper = depth > 0 ? findRdf(child, depth - 1) : null;
      if (deeper !== null) return deeper;
    }
  }
  return null;
}

function tagName(name: string): string {
  const colon = name.indexOf(":");
  const group = name.slice(0, colon);
  const local = XMP_RENAMED[name] ?? name.slice(colon + 1);
  return `XMP-${group}:${local.charAt(0).toUpperCase()}${local.slice(1)}`;
}

/**
 * Decodes one XMP packet into `XMP-<group>:<Name>` tags: arrays stay arrays, structures become objects, alternatives by
 * language become their text where there is one, else an object by language. Never throws for bad content: a packet
 * that is too large, defines entities, or holds no RDF is refused. Source: XMP specification part 1 (ISO 16684-1).
 */
export function parseXmp(bytes: Uint8Array): XmpOutcome {
  if (bytes.length > MOST_XMP_BYTES) return { kind: "refused", why: "the packet is larger than 8 MiB" };
  const text = packetText(bytes).replaceAll("\0", "").trim();
  if (text === "") return { kind: "refused", why: "the packet is empty" };
  // No XMP writer needs a document type; entities defined in one can grow without bound.
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return { kind: "refused", why: "the packet defines entities" };
  if (hasTooMuchMarkup(text))
    return { kind: "refused", why: "the packet has more than 100,000 tags and attributes" };
  let root: unknown;
  try {
    root = parser.parse(text);
  } catch {
    return { kind: "refused", why: "the packet is not well-formed XML" };
  }
  const found = isElement(root) ? findRdf(openElement(root, new Map()), 4) : null;
  if (found === null) return { kind: "refused", why: "the packet holds no RDF" };
  return { kind: "read", tags: tagsOf(found), isComplete: /<\/(?:[\w.-]+:)?RDF\s*>/.test(text) };
}

function tagsOf(rdf: OpenElement): Map<string, Json> {
  const tags = new Map<string, Json>();
  const add = (name: string, value: Json | undefined): void => {
    const key = tagName(name);
    if (value !== undefined && !tags.has(key)) tags.set(key, value);
  };
  const descriptions = rdf.children
    .filter(([name]) => name === "rdf:Description")
    .flatMap(([, nodes]) => nodes);
  for (const node of descriptions) {
    if (!isElement(node)) continue;
    const { scope, attributes, children } = openElement(node, rdf.scope);
    for (const [name, value] of attributes) if (!/^(rdf|xml):/.test(name)) add(name, value);
    for (const [name, nodes] of children) add(name, xmpValue(nodes.at(-1), scope));
  }
  return tags;
}
