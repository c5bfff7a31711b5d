import { XMP_GROUPS } from "./xmp-names.js";

/** An element as fast-xml-parser gives it: `@name` attributes, `#text`, and children by name. */
export interface XmlElement {
  readonly [key: string]: unknown;
}

/** Prefixes in force, with the group name that their namespace has. */
export type Scope = ReadonlyMap<string, string>;

export const isElement = (node: unknown): node is XmlElement =>
  typeof node === "object" && node !== null && !Array.isArray(node);

const NAMED_ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Replaces XML's five entities and character numbers; leaves what is neither as it is. */
export function unescapeXml(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w{2,4}));/g, (whole, decimal, hex, name) => {
    if (typeof name === "string") return NAMED_ENTITIES[name] ?? whole;
    const code = typeof hex === "string" ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** The scope inside an element: its own declarations over those around it. */
export function scopeOf(element: XmlElement, outer: Scope): Scope {
  let inner: Map<string, string> | null = null;
  for (const [key, uri] of Object.entries(element)) {
    if (!key.startsWith("@xmlns") || typeof uri !== "string") continue;
    const prefix = key === "@xmlns" ? "" : key.slice("@xmlns:".length);
    inner ??= new Map(outer);
    inner.set(prefix, XMP_GROUPS[uri] ?? (prefix === "" ? "x" : prefix));
  }
  return inner ?? outer;
}

/** A name with its namespace's group for a prefix; an undeclared prefix stands for itself. */
function resolve(name: string, scope: Scope): string {
  const colon = name.indexOf(":");
  const prefix = colon < 0 ? "" : name.slice(0, colon);
  return `${scope.get(prefix) ?? prefix}:${name.slice(colon + 1)}`;
}

/** The child elements by resolved name; equal names together. A child's own declarations count for its name. */
export function elementsOf(
  element: XmlElement,
  scope: Scope,
): { name: string; children: readonly unknown[] }[] {
  return Object.entries(element)
    .filter(([key]) => !key.startsWith("@") && key !== "#text" && !key.startsWith("?"))
    .map(([key, value]) => {
      const children: readonly unknown[] = Array.isArray(value) ? value : [value];
      const first = children[0];
      return { name: resolve(key, isElement(first) ? scopeOf(first, scope) : scope), children };
    });
}

/** The attributes by resolved name, without declarations of namespaces. */
export function attributesOf(element: XmlElement, scope: Scope): { name: string; value: string }[] {
  return Object.entries(element).flatMap(([key, value]) =>
    key.startsWith("@") && !key.startsWith("@xmlns") && typeof value === "string"
      ? [{ name: resolve(key.slice(1), scope), value: unescapeXml(value) }]
      : [],
  );
}

/** The element's own text. */
export function textOf(node: unknown): string {
  if (typeof node === "string") return unescapeXml(node);
  const text = isElement(node) ? node["#text"] : undefined;
  return typeof text === "string" ? unescapeXml(text) : "";
}
