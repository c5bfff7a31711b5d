import { mutateBytes } from "./mutate-bytes.js";
import type { Random } from "./random.js";

const KEYS = ["__proto__", "constructor", "toString", "hasOwnProperty", "", "id", "title", "length"];

const leaf = (random: Random): unknown =>
  random.pick<() => unknown>([
    () => null,
    () => true,
    () => false,
    () => random.pick([0, -0, -1, 1, 0.5, 1e308, -1e308, 5e-324, 2 ** 53, 1700000000, 8.64e15, 8.64e15 + 1]),
    () =>
      random.pick([
        "",
        " ",
        "\0",
        "\ud800",
        "private",
        "unknown",
        "public",
        "../../etc/passwd",
        "C:\\x",
        "__proto__",
        "x".repeat(5000),
      ]),
    () =>
      random.pick([
        "0000-00-00T00:00:00",
        "9999-12-31T23:59:59+14:00",
        "2024-02-30T10:00:00",
        "2024-01-15T10:30:00Z",
        "-1",
        "1e999",
        "NaN",
        "99999999999999999999",
        "1700000000",
      ]),
    () => [],
    () => ({}),
  ])();

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An own property of any name: assignment would take `__proto__` for the prototype. */
const put = (table: object, key: string, value: unknown): void => {
  Object.defineProperty(table, key, { value, enumerable: true, configurable: true, writable: true });
};

function nest(value: unknown, depth: number, asList: boolean): unknown {
  let nested = value;
  for (let level = 0; level < depth; level++) nested = asList ? [nested] : { a: nested };
  return nested;
}

/** Changes one node somewhere in the value; `mate` lends parts. */
function changeNode(value: unknown, mate: unknown, random: Random): unknown {
  const isLeaf = typeof value !== "object" || value === null;
  if (!isLeaf && !random.oneIn(5)) {
    const keys = Object.keys(value);
    if (keys.length > 0) {
      const key = random.pick(keys);
      if (Array.isArray(value)) {
        const list: unknown[] = [...value];
        const at = Number(key);
        if (random.oneIn(8)) list.splice(at, 1);
        else if (random.oneIn(7)) list.splice(at, 0, list[at]);
        else list[at] = changeNode(list[at], mate, random);
        return list;
      }
      const table = { ...value } as Record<string, unknown>;
      if (random.oneIn(8)) delete table[key];
      else if (random.oneIn(12)) put(table, random.pick([...KEYS, key.toUpperCase()]), table[key]);
      else put(table, key, changeNode(table[key], mate, random));
      return table;
    }
  }
  switch (random.below(8)) {
    case 0:
      return isTable(value) ? { ...value, ...JSON.parse(`{"${random.pick(KEYS)}":1}`) } : [value];
    case 1:
      return random.oneIn(30) ? nest(value, 3000, random.oneIn(2)) : nest(value, 3, random.oneIn(2));
    case 2:
      return mate;
    case 3:
      return typeof value === "string" ? value.slice(0, random.below(value.length + 1)) : leaf(random);
    case 4:
      return typeof value === "number" ? -value : JSON.stringify(value);
    default:
      return leaf(random);
  }
}

function part(value: unknown, random: Random): unknown {
  let found = value;
  while (typeof found === "object" && found !== null && !random.oneIn(3)) {
    const inner: unknown[] = Object.values(found);
    if (inner.length === 0) break;
    found = random.pick(inner);
  }
  return found;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** A changed copy of JSON text: mostly still JSON with odd values and keys, sometimes torn as text. */
export function mutateJson(bytes: Uint8Array, other: Uint8Array, random: Random): Buffer {
  let value = parsed(bytes);
  if (value === undefined || random.oneIn(8)) return mutateBytes(bytes, other, [], random);
  const mate = parsed(other);
  for (let times = 1 + random.below(3); times > 0; times--)
    value = changeNode(value, part(mate ?? value, random), random);
  try {
    return Buffer.from(JSON.stringify(value) ?? "null", "utf8");
  } catch {
    // Parents that nest deeply may grow together into what JSON cannot be printed of.
    return mutateBytes(bytes, other, [], random);
  }
}
