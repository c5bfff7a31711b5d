import type { Json } from "../../domain/photo.js";
import { isElement, type OpenElement, openElement, type Scope, textOf } from "./xml-scope.js";

const ARRAYS = new Set(["rdf:Bag", "rdf:Seq"]);
const MOST_ITEMS = 10_000;

const localName = (name: string): string => {
  const local = name.slice(name.indexOf(":") + 1);
  return `${local.charAt(0).toUpperCase()}${local.slice(1)}`;
};

const isAboutSyntax = (name: string): boolean => /^(rdf|xml):/.test(name);

function items(list: OpenElement): readonly unknown[] {
  return list.children.find(([name]) => name === "rdf:li")?.[1].slice(0, MOST_ITEMS) ?? [];
}

/** Text by language: the default alone as plain text, else an object by language. */
function alternatives(list: OpenElement): Json {
  const entries = items(list).map((item): readonly [string, Json] => {
    const language = isElement(item) ? item["@xml:lang"] : undefined;
    return [typeof language === "string" ? language : "x-default", xmpValue(item, list.scope) ?? ""];
  });
  const [first] = entries;
  if (first === undefined) return "";
  return entries.length === 1 && first[0] === "x-default" ? first[1] : Object.fromEntries(entries);
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
  const { scope, attributes, children } = openElement(node, outer);
  for (const [name, nodes] of children) {
    const [only] = nodes;
    if (ARRAYS.has(name) || name === "rdf:Alt") {
      if (!isElement(only)) return [];
      const list = openElement(only, scope);
      return name === "rdf:Alt"
        ? alternatives(list)
        : items(list).map((item) => xmpValue(item, list.scope) ?? "");
    }
    if (name === "rdf:Description" && children.length === 1) return xmpValue(only, scope);
  }
  const resource = attributes.find(([name]) => name === "rdf:resource");
  if (resource !== undefined) return resource[1];
  const fields = children.map(([name, nodes]): readonly [string, Json] => [
    name,
    xmpValue(nodes.at(-1), scope) ?? "",
  ]);
  return structure([...attributes, ...fields]) ?? textOf(node).trim();
}
