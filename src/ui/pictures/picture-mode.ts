import type { TerminalAnswers } from "./terminal-answers.js";

/**
 * How pictures get onto a terminal, the best first: pixels by kitty's protocol (Unicode placeholders), by iTerm2's or as
 * sixels; two pixels a cell as coloured half blocks; or not at all, only words.
 */
const PICTURE_PROTOCOLS = ["kitty", "iterm2", "sixel", "blocks", "none"] as const;
/** How pictures are shown. */
export type PictureProtocol = (typeof PICTURE_PROTOCOLS)[number];

/** A character cell in pixels. */
export interface Cell {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** What a terminal can be shown. */
export interface PictureMode {
  readonly protocol: PictureProtocol;
  readonly colours: "truecolour" | "256" | "none";
  /** As the terminal told it; null where it did not. */
  readonly cell: Cell | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The variable by which a person overrules what was found out: one of `PICTURE_PROTOCOLS`. */
const PICTURES_VARIABLE = "PHOTOSYNC_PICTURES";

/** The protocol that the environment asks for; null where it asks for none, or for one that does not exist. */
export const askedProtocol = (env: Environment): PictureProtocol | null =>
  PICTURE_PROTOCOLS.find((each) => each === env[PICTURES_VARIABLE]?.trim().toLowerCase()) ?? null;

/** Terminals that stand between us and the screen and pass no pictures on. */
function isMultiplexed(env: Environment, { name }: TerminalAnswers): boolean {
  const term = env["TERM"] ?? "";
  return (
    Boolean(env["TMUX"] || env["STY"] || env["ZELLIJ"]) ||
    /^(?:tmux|screen)/.test(term) ||
    /^tmux/i.test(name)
  );
}

/** Kitty's Unicode placeholders are drawn by these alone: WezTerm and Konsole know the protocol, but not this part of it. */
const hasPlaceholders = (env: Environment, { name }: TerminalAnswers): boolean =>
  /^(?:kitty|ghostty)\b/i.test(name) ||
  /^xterm-(?:kitty|ghostty)$/.test(env["TERM"] ?? "") ||
  Boolean(env["KITTY_WINDOW_ID"] || env["GHOSTTY_RESOURCES_DIR"]);

const ITERM2_PROGRAMS = new Set(["iTerm.app", "WezTerm", "mintty"]);

const hasInlineImages = (env: Environment, { name }: TerminalAnswers): boolean =>
  /^(?:iterm2|wezterm|mintty)\b/i.test(name) ||
  ITERM2_PROGRAMS.has(env["TERM_PROGRAM"] ?? "") ||
  env["LC_TERMINAL"] === "iTerm2";

/** Terminals that answer with such a name draw 24-bit colours, also where `COLORTERM` was lost on the way (ssh). */
const TRUECOLOUR_NAMES =
  /^(?:kitty|ghostty|wezterm|iterm2|mintty|foot|konsole|contour|xterm\((?:3[3-9]\d|[4-9]\d\d))/i;

function coloursOf(env: Environment, depthBits: number, answers: TerminalAnswers): PictureMode["colours"] {
  if (depthBits < 8) return "none";
  // Node counts 256 within tmux, which brings 24 bits down by itself where its own terminal has fewer.
  const isTold = /^(?:truecolor|24bit)$/.test(env["COLORTERM"] ?? "") || Boolean(env["WT_SESSION"]);
  const isTrue = depthBits >= 24 || isTold || TRUECOLOUR_NAMES.test(answers.name);
  return isTrue ? "truecolour" : "256";
}

function bestProtocol(env: Environment, answers: TerminalAnswers): PictureProtocol {
  if (isMultiplexed(env, answers)) return "blocks";
  if (hasPlaceholders(env, answers)) return "kitty";
  if (hasInlineImages(env, answers)) return "iterm2";
  // Without the size of a cell, nobody knows how many cells a sixel picture would cover.
  return answers.hasSixel && answers.cell !== null ? "sixel" : "blocks";
}

/**
 * What a terminal can be shown, by its environment, its depth of colour (`WriteStream.getColorDepth`: 1, 4, 8 or 24 bits; 1 where
 * a person wants no colour) and what it answered. `PHOTOSYNC_PICTURES` overrules the choice of protocol. Where there is no colour
 * there are no pictures either, unless they are asked for by name. Inside tmux and screen it is half blocks: whether pixels
 * reach the screen depends there on a terminal that may change while we run.
 */
export function pictureMode(env: Environment, depthBits: number, answers: TerminalAnswers): PictureMode {
  const colours = coloursOf(env, depthBits, answers);
  const { cell } = answers;
  const asked = askedProtocol(env);
  if (asked === "blocks" && colours === "none") return { protocol: "blocks", colours: "256", cell };
  if (asked !== null) return { protocol: asked, colours, cell };
  return { protocol: colours === "none" ? "none" : bestProtocol(env, answers), colours, cell };
}
