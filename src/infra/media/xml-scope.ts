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

/** A name with its namespace's group for a prefix; an undeclared prefix stands for itself. */
function resolve(name: string, scope: Scope): string {
  const colon = name.indexOf(":");
  const prefix = colon < 0 ? "" : name.slice(0, colon);
  const group = scope.get(prefix) ?? prefix;
  return group === prefix && colon >= 0 ? name : `${group}:${name.slice(colon + 1)}`;
}

/** The scope inside an element: its own declarations over those around it. */
function scopeOf(element: XmlElement, outer: Scope): Scope {
  let inner: Map<string, string> | null = null;
  for (const key in element) {
    const uri = key.startsWith("@xmlns") ? element[key] : undefined;
    if (typeof uri !== "string") continue;
    const prefix = key === "@xmlns" ? "" : key.slice("@xmlns:".length);
    inner ??= new Map(outer);
    inner.set(prefix, XMP_GROUPS[uri] ?? (prefix === "" ? "x" : prefix));
  }
  return inner ?? outer;
}

/** An element taken apart: names carry their namespace's group for a prefix. */
export interface OpenElement {
  readonly scope: Scope;
  /** Without declarations of namespaces. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** Children of equal names together, each a text or an element. */
  readonly children: readonly (readonly [name: string, nodes: readonly unknown[]])[];
}

/** Takes an element apart. A child's own declarations count for its name. */
export function openElement(element: XmlElement, outer: Scope): OpenElement {
  const scope = scopeOf(element, outer);
  const attributes: (readonly [string, string])[] = [];
  const children: (readonly [string, readonly unknown[]])[] = [];
  for (const key in element) {
    const value = element[key];
    if (key.startsWith("@")) {
      if (typeof value !== "string" || key.startsWith("@xmlns")) continue;
      attributes.push([resolve(key.slice(1), scope), unescapeXml(value)]);
    } else if (key !== "#text") {
      const nodes: readonly unknown[] = Array.isArray(value) ? value : [value];
      const [first] = nodes;
      children.push([resolve(key, isElement(first) ? scopeOf(first, scope) : scope), nodes]);
    }
  }
  return { scope, attributes, children };
}

/** The element's own text. */
export function textOf(node: unknown): string {
  if (typeof node === "string") return unescapeXml(node);
  const text = isElement(node) ? node["#text"] : undefined;
  return typeof text === "string" ? unescapeXml(text) : "";
}
