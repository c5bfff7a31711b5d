import type { Box } from "./fit-box.js";

/** The protocol's limit of a piece's base64 text. */
const PIECE_CHARACTERS = 4096;
const PLACEHOLDER = "\u{10eeee}";

/**
 * The marks that number rows and columns, from 0: the first of a list that the protocol fixes (characters of combining class 230
 * without decomposition, in order).
 */
const ROW_MARKS = [
  0x305, 0x30d, 0x30e, 0x310, 0x312, 0x33d, 0x33e, 0x33f, 0x346, 0x34a, 0x34b, 0x34c, 0x350, 0x351, 0x352,
  0x357, 0x35b, 0x363, 0x364, 0x365, 0x366, 0x367, 0x368, 0x369, 0x36a, 0x36b, 0x36c, 0x36d, 0x36e, 0x36f,
  0x483, 0x484, 0x485, 0x486, 0x487, 0x592, 0x593, 0x594, 0x595, 0x597, 0x598, 0x599, 0x59c, 0x59d, 0x59e,
  0x59f, 0x5a0, 0x5a1, 0x5a8, 0x5a9,
].map((code) => String.fromCodePoint(code));

/** The most rows that a picture can have. */
export const KITTY_ROWS = ROW_MARKS.length;

/**
 * Hands a PNG to the terminal under an id (1 to 2^24 - 1), to be shown where its placeholders stand, scaled to the box. It can
 * be sent at any time: it moves no cursor and is answered by nothing. Source: kitty's "Terminal graphics protocol", Unicode placeholders.
 */
export function kittyPicture(id: number, png: Uint8Array, { columns, rows }: Box): string {
  const text = Buffer.from(png).toString("base64");
  let sequence = "";
  for (let from = 0; from < text.length; from += PIECE_CHARACTERS) {
    const head = from === 0 ? `a=T,U=1,f=100,q=2,i=${id},c=${columns},r=${rows},` : "q=2,";
    const more = from + PIECE_CHARACTERS < text.length ? 1 : 0;
    sequence += `\u001b_G${head}m=${more};${text.slice(from, from + PIECE_CHARACTERS)}\u001b\\`;
  }
  return sequence;
}

/** Takes a picture from the screen and from the terminal's memory. */
export const kittyRemoval = (id: number): string => `\u001b_Ga=d,d=I,q=2,i=${id}\u001b\\`;

/**
 * The lines of text that the terminal shows as the picture: the colour is the id, the marks are row and column 0, and cells without
 * marks go on in the row. To whatever lays it out it is text, a column a cell.
 */
export function kittyLines(id: number, { columns, rows }: Box): string[] {
  const colour = `\u001b[38;2;${id >> 16};${(id >> 8) & 255};${id & 255}m`;
  return ROW_MARKS.slice(0, rows).map(
    (mark) => `${colour}${PLACEHOLDER}${mark}${ROW_MARKS[0]}${PLACEHOLDER.repeat(columns - 1)}\u001b[39m`,
  );
}
