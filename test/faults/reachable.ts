import { existsSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));

/** Static and dynamic imports, and the files of threads. */
const IMPORT = /(?:from |import |import\(|new URL\()"(\.[^"]+\.js)"/g;

/** The file that offers every command its operation, each loaded when it is asked for. */
const OFFERS_ALL = "app.js";

/** The files of `dist/` that a command can load: all that its own file and its operation's import, one through another. */
export function filesOf(command: string): ReadonlySet<string> {
  if (command === "--version") return new Set(["cli/tell-version.js"]);
  const found = new Set<string>();
  const waiting = ["cli/main.js", `cli/commands/${command}.js`, `operations/${command}.js`, OFFERS_ALL];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name) || !existsSync(join(DIST, name))) continue;
    found.add(name);
    for (const [text, target = ""] of readFileSync(join(DIST, name), "utf8").matchAll(IMPORT)) {
      if (name !== OFFERS_ALL || !text.startsWith("import("))
        waiting.push(normalize(join(name, "..", target)));
    }
  }
  return found;
}
