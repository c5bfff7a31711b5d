import { spawn } from "node:child_process";

/**
 * Starts a program that goes on by itself, without a shell and without our terminal, and does not wait for it to end. False where it could
 * not be started.
 */
export function startDetached([program, ...args]: readonly [string, ...string[]]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "ignore", detached: true, windowsHide: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
