import { describe, expect, it } from "vitest";
import { type PictureProtocol, pictureMode } from "../../../../src/ui/pictures/picture-mode.js";
import { NO_ANSWERS, type TerminalAnswers } from "../../../../src/ui/pictures/terminal-answers.js";

type Environment = Readonly<Record<string, string>>;
const CELL = { widthPx: 9, heightPx: 18 };
const answered = (name: string, hasSixel = false): TerminalAnswers => ({ name, hasSixel, cell: CELL });

describe("pictureMode", () => {
  it.each<readonly [string, Environment, TerminalAnswers, PictureProtocol]>([
    ["kitty by its variable", { TERM: "xterm-kitty", KITTY_WINDOW_ID: "1" }, NO_ANSWERS, "kitty"],
    ["kitty over ssh by its name", { TERM: "xterm-256color" }, answered("kitty(0.36.4)"), "kitty"],
    ["Ghostty", { TERM: "xterm-ghostty" }, answered("ghostty 1.1.3"), "kitty"],
    ["iTerm2", { TERM_PROGRAM: "iTerm.app" }, answered("iTerm2 3.5.10", true), "iterm2"],
    ["iTerm2 over ssh", { LC_TERMINAL: "iTerm2" }, NO_ANSWERS, "iterm2"],
    ["WezTerm", { TERM_PROGRAM: "WezTerm" }, answered("WezTerm 20240203", true), "iterm2"],
    ["mintty", { TERM: "xterm-256color" }, answered("mintty 3.7.0"), "iterm2"],
    ["foot", { TERM: "foot" }, answered("foot(1.16.2)", true), "sixel"],
    ["Konsole, which has no placeholders", {}, answered("Konsole 24.08.1", true), "sixel"],
    ["xterm as a VT340", { TERM: "xterm" }, answered("XTerm(379)", true), "sixel"],
    ["sixel without a cell's size", {}, { ...answered("", true), cell: null }, "blocks"],
    ["a plain terminal", { TERM: "xterm-256color" }, NO_ANSWERS, "blocks"],
    ["tmux within kitty", { TMUX: "/tmp/x,1,0", KITTY_WINDOW_ID: "1" }, answered("tmux 3.4", true), "blocks"],
    ["tmux over ssh", { TERM: "xterm-256color" }, answered("tmux 3.4", true), "blocks"],
    ["screen", { TERM: "screen.xterm-256color" }, answered("", true), "blocks"],
    ["tmux, but sixel is asked for", { TMUX: "x", PHOTOSYNC_PICTURES: "sixel" }, answered("", true), "sixel"],
    ["foot, but none are asked for", { PHOTOSYNC_PICTURES: "none" }, answered("foot(1.16.2)", true), "none"],
    [
      "a wish that there is not",
      { PHOTOSYNC_PICTURES: "holograms" },
      answered("foot(1.16.2)", true),
      "sixel",
    ],
  ])("%s", (_, env, answers, protocol) => {
    expect(pictureMode(env, 24, answers).protocol).toBe(protocol);
  });

  it("shows words where there is no colour, whatever the terminal could do", () => {
    expect(pictureMode({}, 1, answered("foot(1.16.2)", true))).toEqual({
      protocol: "none",
      colours: "none",
      cell: CELL,
    });
    expect(pictureMode({ TERM: "linux" }, 4, NO_ANSWERS).protocol).toBe("none");
    expect(pictureMode({ PHOTOSYNC_PICTURES: "blocks" }, 1, NO_ANSWERS)).toEqual({
      protocol: "blocks",
      colours: "256",
      cell: null,
    });
  });

  it("draws in 256 colours unless more are told or known", () => {
    expect(pictureMode({}, 8, NO_ANSWERS).colours).toBe("256");
    expect(pictureMode({}, 24, NO_ANSWERS).colours).toBe("truecolour");
    expect(pictureMode({ TMUX: "x", COLORTERM: "truecolor" }, 8, NO_ANSWERS).colours).toBe("truecolour");
    expect(pictureMode({ WT_SESSION: "x" }, 8, NO_ANSWERS).colours).toBe("truecolour");
    expect(pictureMode({}, 8, answered("XTerm(379)")).colours).toBe("truecolour");
    expect(pictureMode({}, 8, answered("XTerm(297)")).colours).toBe("256");
  });
});
