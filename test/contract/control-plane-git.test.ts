import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeWorld } from "../unit/control/native-git.js";
import { controlPlaneContract } from "./control-plane.js";

controlPlaneContract("git", {
  open: async () => {
    const world = await makeWorld();
    const at = (path: string) => join(world.dir, path);
    return {
      plane: world.plane,
      read: async (path) => (existsSync(at(path)) ? readFile(at(path), "utf8") : null),
      write: async (path, text) => {
        await mkdir(dirname(at(path)), { recursive: true });
        await writeFile(at(path), text);
      },
      remove: (path) => rm(at(path)),
      close: async () => world.end(),
    };
  },
});
