import type { Method } from "./method.js";
import { accountMethods } from "./methods/account.js";
import { geoMethods } from "./methods/geo.js";
import { peopleMethods } from "./methods/people.js";
import { photoListMethods } from "./methods/photo-lists.js";
import { photoReadMethods } from "./methods/photo-reads.js";
import { photoWriteMethods } from "./methods/photo-writes.js";
import { searchMethods } from "./methods/search.js";
import { setReadMethods } from "./methods/set-reads.js";
import { setWriteMethods } from "./methods/set-writes.js";
import { tagMethods } from "./methods/tags.js";

const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...accountMethods,
    ...geoMethods,
    ...peopleMethods,
    ...photoListMethods,
    ...photoReadMethods,
    ...photoWriteMethods,
    ...searchMethods,
    ...setReadMethods,
    ...setWriteMethods,
    ...tagMethods,
  }),
);

/** The names of all methods that this Flickr has. */
export const METHOD_NAMES: readonly string[] = [...METHODS.keys()].sort();

/** The method of this name; undefined where this Flickr has none. */
export const methodNamed = (name: string): Method | undefined => METHODS.get(name);
