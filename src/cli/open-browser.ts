import { startDetached } from "../infra/start-detached.js";

/** By what a browser is chosen. */
export interface BrowserSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/**
 * The program that opens an address, and its arguments; null where there is no screen to open it on. `BROWSER` names one in the form
 * that many Unix programs know (the first of a list, `%s` for the address). Nothing goes through a shell.
 */
export function browserProgram(
  address: string,
  { env, platform }: BrowserSettings,
): readonly [string, ...string[]] | null {
  const [named, ...rest] = (platform === "win32" ? "" : (env["BROWSER"] ?? ""))
    .split(":", 1)
    .join("")
    .split(/\s+/)
    .filter((word) => word !== "");
  if (named !== undefined) {
    const filled = rest.map((word) => word.replaceAll("%s", address));
    return filled.some((word) => word.includes(address)) ? [named, ...filled] : [named, ...filled, address];
  }
  if (platform === "darwin") return ["open", address];
  // `start` belongs to the command interpreter, which would read the address's `&` as a command's end.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", address];
  // Without a screen, xdg-open would start a browser for text in the middle of our own.
  return env["DISPLAY"] || env["WAYLAND_DISPLAY"] ? ["xdg-open", address] : null;
}

/** Opens an address in the owner's browser, and does not wait for it. False where no program could be started. */
export function openBrowser(address: string, settings: BrowserSettings): Promise<boolean> {
  const command = browserProgram(address, settings);
  return command === null ? Promise.resolve(false) : startDetached(command);
}
