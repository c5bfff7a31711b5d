import type { Key } from "ink";
import { graphemes } from "../../text/lines.js";

/** What was pressed: a key by name, or text. */
export interface Stroke {
  /** `a`, `A`, `?`, `space`, `return`, `ctrl+a`, `alt+b`, `pageup`; empty for text of several characters. */
  readonly key: string;
  /** The text that it would type, empty for none. */
  readonly text: string;
}

/** What a terminal in bracketed paste mode puts around what is pasted (xterm, ctlseqs.txt). */
export const PASTE_START = "[200~";
export const PASTE_END = "[201~";

const NAMED = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "pageup"],
  ["pageDown", "pagedown"],
  ["home", "home"],
  ["end", "end"],
  ["return", "return"],
  ["escape", "escape"],
  ["tab", "tab"],
  ["backspace", "backspace"],
  ["delete", "delete"],
] as const satisfies readonly (readonly [keyof Key, string])[];

/** Names what Ink tells of a key press. A line feed is Ctrl-J, as the return key sends a carriage return. */
export function strokeOf(input: string, key: Key): Stroke {
  const name = NAMED.find(([flag]) => key[flag] === true)?.[1];
  const alt = key.meta && name !== "escape" ? "alt+" : "";
  const ctrl = key.ctrl ? "ctrl+" : "";
  if (name !== undefined) {
    const shift = key.shift && name === "tab" ? "shift+" : "";
    return { key: `${ctrl}${alt}${shift}${name}`, text: name === "return" ? "\n" : "" };
  }
  if (input === "\n") return { key: "ctrl+j", text: "\n" };
  if (graphemes(input).length !== 1) return { key: "", text: ctrl + alt === "" ? input : "" };
  const plain = input === " " ? "space" : input;
  return { key: `${ctrl}${alt}${plain}`, text: ctrl + alt === "" ? input : "" };
}

const CONTROL_NAMES: Readonly<Record<string, string>> = {
  "\r": "return",
  "\t": "tab",
  "\b": "backspace",
  "\u007f": "delete",
  " ": "space",
};

/** One character as a press. Control characters are the letters 64 above them, with Ctrl (ASCII). */
function pressOf(part: string): Stroke {
  const code = part.codePointAt(0) ?? 0;
  const named = CONTROL_NAMES[part] ?? (code < 32 ? `ctrl+${String.fromCodePoint(code + 96)}` : part);
  return { key: named, text: code < 32 || code === 127 ? "" : part };
}

/** Text of several characters as single presses: keys that were pressed faster than they were read. */
export const eachOf = (text: string): readonly Stroke[] => graphemes(text).map(pressOf);

/** The same where text is taken: what is no control character stays together. */
export const runsOf = (text: string): readonly Stroke[] =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is split at
  (text.match(/[^\u0000-\u001f\u007f]+|[\u0000-\u001f\u007f]/gu) ?? []).map((run) =>
    run.length === 1 ? pressOf(run) : { key: "", text: run },
  );
