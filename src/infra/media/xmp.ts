import { XMLParser } from "fast-xml-parser";
import type { Json } from "../../domain/photo.js";
import { decodeText, decodeUtf16 } from "./text.js";
import { attributesOf, elementsOf, isElement, type Scope, scopeOf, type XmlElement } from "./xml-scope.js";
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
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** Why a packet was not read, in words that continue "XMP: ". */
export type XmpOutcome =
  | { readonly kind: "read"; readonly tags: ReadonlyMap<string, Json> }
  | { readonly kind: "refused"; readonly why: string };

function packetText(bytes: Uint8Array): string {
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return decodeUtf16(bytes, a === 0xff);
  if (a === 0 && b === 0x3c) return decodeUtf16(bytes, false);
  if (a === 0x3c && b === 0) return decodeUtf16(bytes, true);
  return decodeText(bytes).replace(/^\uFEFF/, "");
}

/** Descends to rdf:RDF, which stands at the top or inside x:xmpmeta (or an older wrapper). */
function findRdf(node: XmlElement, scope: Scope, depth: number): { rdf: XmlElement; scope: Scope } | null {
  for (const { name, children } of elementsOf(node, scope)) {
    for (const child of children) {
      if (!isElement(child)) continue;
      const inner = scopeOf(child, scope);
      if (name.endsWith(":RDF")) return { rdf: child, scope: inner };
      const deeper = depth > 0 ? findRdf(child, inner, depth - 1) : null;
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
  let root: unknown;
  try {
    root = parser.parse(text);
  } catch {
    return { kind: "refused", why: "the packet is not well-formed XML" };
  }
  const found = isElement(root) ? findRdf(root, new Map(), 4) : null;
  if (found === null) return { kind: "refused", why: "the packet holds no RDF" };
  return { kind: "read", tags: tagsOf(found.rdf, found.scope) };
}

function tagsOf(rdf: XmlElement, rdfScope: Scope): Map<string, Json> {
  const tags = new Map<string, Json>();
  const add = (name: string, value: Json | undefined): void => {
    const key = tagName(name);
    if (value !== undefined && !tags.has(key)) tags.set(key, value);
  };
  for (const { name, children } of elementsOf(rdf, rdfScope)) {
    if (name !== "rdf:Description") continue;
    for (const description of children) {
      if (!isElement(description)) continue;
      const scope = scopeOf(description, rdfScope);
      for (const { name: property, value } of attributesOf(description, scope)) {
        if (property !== "rdf:about" && !property.startsWith("xml:")) add(property, value);
      }
      for (const { name: property, children: nodes } of elementsOf(description, scope)) {
        const node = nodes.at(-1);
        if (node !== undefined) add(property, xmpValue(node, scope));
      }
    }
  }
  return tags;
}
