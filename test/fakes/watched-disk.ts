import type { FileHandle } from "node:fs/promises";
import * as nodeDisk from "node:fs/promises";
import type { Disk } from "../../src/stores/disk.js";

/** One file operation that is about to happen: `link`, `handle.sync` and so on. */
export interface Operation {
  readonly name: string;
  readonly path: string;
  /** The other path of `link` and `rename`. */
  readonly to: string | undefined;
}

/** What the operating system would throw for a failed operation. */
export const errnoError = (code: string): Error =>
  Object.assign(new Error(`${code}: made to fail`), { code, errno: -1, syscall: "made-to-fail" });

/** The real file system, where `before` sees every operation first and fails it by throwing. Closing always closes. */
export function watchedDisk(before: (operation: Operation) => void): Disk {
  const watchHandle = (handle: FileHandle, path: string): FileHandle =>
    new Proxy(handle, {
      get(target, property) {
        const method: unknown = Reflect.get(target, property);
        if (typeof method !== "function") return method;
        return async (...args: unknown[]) => {
          if (property === "close") await target.close();
          before({ name: `handle.${String(property)}`, path, to: undefined });
          return property === "close" ? undefined : Reflect.apply(method, target, args);
        };
      },
    });
  const disk: Disk = { ...nodeDisk };
  return new Proxy(disk, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property);
      if (typeof method !== "function") return method;
      return async (...args: unknown[]) => {
        const path = String(args[0]);
        const to = property === "link" || property === "rename" ? String(args[1]) : undefined;
        before({ name: String(property), path, to });
        const result: unknown = await Reflect.apply(method, target, args);
        return property === "open" ? watchHandle(result as FileHandle, path) : result;
      };
    },
  });
}
