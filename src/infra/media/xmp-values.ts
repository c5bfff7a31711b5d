import type { Json } from "../../domain/photo.js";
import { attributesOf, elementsOf, isElement, type Scope, scopeOf, textOf } from "./xml-scope.js";

const ARRAYS = new Set(["rdf:Bag", "rdf:Seq"]);
const MOST_ITEMS = 10_000;

const localName = (name: string): string => {
  const local = name.slice(name.indexOf(":") + 1);
  return `${local.charAt(0).toUpperCase()}${local.slice(1)}`;
};

const isAboutSyntax = (name: string): boolean => /^(rdf|xml):/.test(name);

function items(list: unknown, scope: Scope): readonly unknown[] {
  if (!isElement(list)) return [];
  const found = elementsOf(list, scope).find(({ name }) => name === "rdf:li");
  return found === undefined ? [] : found.children.slice(0, MOST_ITEMS);
}

/** Text by language: the default alone as plain text, else an object by language with `x-default` first. */
function alternatives(list: unknown, scope: Scope): Json {
  const entries = items(list, scope).map((item): readonly [string, Json] => {
    const attributes = isElement(item) ? attributesOf(item, scope) : [];
    return [
      attributes.find(({ name }) => name === "xml:lang")?.value ?? "x-default",
      xmpValue(item, scope) ?? "",
    ];
  });
  const [first] = entries;
  if (first === undefined) return "";
  if (entries.length === 1 && first[0] === "x-default") return first[1];
  return Object.fromEntries(entries);
}

function structure(fields: readonly (readonly [string, Json])[]): Json | undefined {
  // A node whose real content is rdf:value only carries qualifiers beside it.
  const value = fields.find(([name]) => name === "rdf:value");
  if (value !== undefined) return value[1];
  const own = fields.filter(([name]) => !isAboutSyntax(name));
  return own.length === 0
    ? undefined
    : Object.fromEntries(own.map(([name, field]) => [localName(name), field]));
}

/**
 * The JSON value of a property's element (or array item): text, an array, text by language, or a structure's fields by
 * their local names. Source: XMP specification part 1, sections 6.3 and 7 (the RDF forms it allows).
 */
export function xmpValue(node: unknown, outer: Scope): Json | undefined {
  if (!isElement(node)) return textOf(node).trim();
  const scope = scopeOf(node, outer);
  const attributes = attributesOf(node, scope);
  const elements = elementsOf(node, scope);
  for (const { name, children } of elements) {
    const list = children[0];
    const inner = isElement(list) ? scopeOf(list, scope) : scope;
    if (ARRAYS.has(name)) return items(list, inner).map((item) => xmpValue(item, inner) ?? "");
    if (name === "rdf:Alt") return alternatives(list, inner);
    if (name === "rdf:Description" && elements.length === 1) return xmpValue(list, scope);
  }
  const resource = attributes.find(({ name }) => name === "rdf:resource");
  if (resource !== undefined) return resource.value;
  const fields = [
    ...attributes.map(({ name, value }): readonly [string, Json] => [name, value]),
    ...elements.map(({ name, children }): readonly [string, Json] => [
      name,
      xmpValue(children.at(-1), scope) ?? "",
    ]),
  ];
  return structure(fields) ?? textOf(node).trim();
}
