import type { Mode } from "./state.js";
import type { Motion } from "./text-editor.js";

/** What a key can mean. `choose` comes with what was pressed. */
export type Command =
  | "up"
  | "down"
  | "pageUp"
  | "pageDown"
  | "top"
  | "bottom"
  | "nextGroup"
  | "previousGroup"
  | "nextOpen"
  | "filter"
  | "filterBack"
  | "open"
  | "choose"
  | "different"
  | "edit"
  | "alike"
  | "always"
  | "undo"
  | "pictures"
  | "read"
  | "help"
  | "yes"
  | "no"
  | "back"
  | "quit"
  | "interrupt"
  | "save"
  | "newline"
  | `go:${Motion}`
  | `erase:${Motion}`;

/** One line of the help, and the keys that it stands for. */
export interface Binding {
  /** As `strokeOf` names them. */
  readonly keys: readonly string[];
  readonly command: Command;
  /** The keys for people: `↑ k`. */
  readonly shown: string;
  /** One or two words for the line at the bottom; absent where it is for the help alone. */
  readonly hint?: string;
  readonly help: string;
}

const NUMBERS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

const one = (
  command: Command,
  keys: readonly string[],
  shown: string,
  help: string,
  hint?: string,
): Binding => ({
  keys,
  command,
  shown,
  help,
  ...(hint === undefined ? {} : { hint }),
});

const interrupt = one("interrupt", ["ctrl+c"], "Ctrl-C", "Stop at once; what is answered stays answered");
const help = one("help", ["?"], "?", "This help", "help");
const undo = one("undo", ["u"], "u", "Take back the last answer; again for the one before it", "undo");
const scroll = [
  one("up", ["up", "k"], "↑ k", "Up"),
  one("down", ["down", "j"], "↓ j", "Down"),
  one("pageUp", ["pageup", "ctrl+b"], "PgUp", "A page up"),
  one("pageDown", ["pagedown", "space", "ctrl+f"], "PgDn Space", "A page down"),
  one("top", ["home", "g"], "Home g", "To the first"),
  one("bottom", ["end", "G"], "End G", "To the last"),
];
const typing = [
  one("go:left", ["left", "ctrl+b"], "←", "Back one character"),
  one("go:right", ["right", "ctrl+f"], "→", "Forward one character"),
  one("go:up", ["up"], "↑", "A line up"),
  one("go:down", ["down"], "↓", "A line down"),
  one("go:wordLeft", ["alt+b", "ctrl+left", "alt+left"], "Alt-b", "Back one word"),
  one("go:wordRight", ["alt+f", "ctrl+right", "alt+right"], "Alt-f", "Forward one word"),
  one("go:lineStart", ["home", "ctrl+a"], "Home Ctrl-A", "To the start of the line"),
  one("go:lineEnd", ["end", "ctrl+e"], "End Ctrl-E", "To the end of the line"),
  one("go:start", ["pageup"], "PgUp", "To the start of the text"),
  one("go:end", ["pagedown"], "PgDn", "To the end of the text"),
  one("erase:left", ["backspace", "delete", "ctrl+h"], "Backspace", "Erase the character before"),
  one("erase:right", ["ctrl+d"], "Ctrl-D", "Erase the character after"),
  one("erase:wordLeft", ["ctrl+w"], "Ctrl-W", "Erase the word before"),
  one("erase:lineStart", ["ctrl+u"], "Ctrl-U", "Erase up to the start of the line"),
  one("erase:lineEnd", ["ctrl+k"], "Ctrl-K", "Erase up to the end of the line"),
];

/** What every key does, by what is on the screen. The first hints stand where there is little room. */
export const KEYMAP: Readonly<Record<Mode["at"], readonly Binding[]>> = {
  list: [
    one("open", ["return"], "Enter", "Look at the question and answer it", "answer"),
    ...scroll,
    one("nextGroup", ["tab", "right", "]"], "Tab →", "To the next group", "next group"),
    one("previousGroup", ["shift+tab", "left", "["], "Shift-Tab ←", "To the group before"),
    one("nextOpen", ["n"], "n", "To the next one that is open", "next open"),
    one("filter", ["f"], "f", "Show one kind of question only; again for the next kind", "filter"),
    one("filterBack", ["F"], "F", "The same, backwards"),
    undo,
    help,
    one("quit", ["q"], "q", "Leave; what is answered stays answered", "quit"),
    interrupt,
  ],
  card: [
    one("choose", NUMBERS, "1-9", "Answer so", "answer"),
    one("edit", ["e"], "e", "Write the value yourself", "edit"),
    one("nextOpen", ["s", "n"], "s", "Skip: leave it open and go to the next open one", "skip"),
    one("alike", ["a"], "a", "Give one answer to all questions like this one", "all alike"),
    one("always", ["p"], "p", "Always prefer one source here: answer, and make a rule of it", "prefer"),
    one("different", ["d"], "d", "They are different pictures: keep them apart, or split them", "different"),
    undo,
    one("pictures", ["o"], "o", "Open the pictures in the system's viewer", "open"),
    one("read", ["v"], "v", "Read the values in full", "view all"),
    help,
    one("back", ["q", "escape"], "q", "Back to the list", "list"),
    one("down", ["right", "down", "j"], "→ ↓", "To the next question"),
    one("up", ["left", "up", "k"], "← ↑", "To the question before"),
    interrupt,
  ],
  scope: [
    one("choose", NUMBERS, "1-9", "The answer", "choose"),
    one("no", ["escape", "q"], "Esc", "Back without an answer", "back"),
    interrupt,
  ],
  confirming: [
    one("yes", ["y"], "y", "Yes, do it", "yes"),
    one("no", ["n", "escape", "q"], "n", "No, go back", "no"),
    ...scroll,
    interrupt,
  ],
  widening: [
    one("save", ["return"], "Enter", "Agree, once the level is typed", "agree"),
    one("no", ["escape"], "Esc", "Leave it as it is", "leave it"),
    ...typing,
    interrupt,
  ],
  editing: [
    one("save", ["return"], "Enter", "Keep this as the answer", "keep"),
    one("newline", ["ctrl+j", "alt+return"], "Ctrl-J", "A new line", "new line"),
    one("no", ["escape"], "Esc", "Back; the text is still there when you edit again", "back"),
    ...typing,
    interrupt,
  ],
  reading: [
    ...scroll.map((binding) => (binding.command === "down" ? { ...binding, hint: "scroll" } : binding)),
    one("no", ["v", "q", "escape", "return"], "v", "Back to the question", "back"),
    interrupt,
  ],
  help: [one("no", ["?", "q", "escape", "return"], "?", "Back", "back"), interrupt],
  done: [
    one("quit", ["return", "q"], "Enter", "Finish", "finish"),
    undo,
    one("back", ["l", "escape"], "l", "Look at the list", "list"),
    help,
    interrupt,
  ],
};

/** The command of a key where this is on the screen; null where it has none. */
export const commandOf = (mode: Mode["at"], key: string): Command | null =>
  KEYMAP[mode].find(({ keys }) => keys.includes(key))?.command ?? null;

/** True where what is typed is text unless it is a command. */
export const takesText = (mode: Mode["at"]): boolean => mode === "editing" || mode === "widening";
