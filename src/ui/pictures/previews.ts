import type { QuestionPicture } from "../../domain/settling/decision.js";
import type { Call } from "../../ports/call.js";
import type { PictureBytes } from "../../ports/picture-bytes.js";
import type { PixelSize, PreviewDecoder, Unseen } from "../../ports/preview-decoder.js";
import { type Box, cellOr, fitBox } from "./fit-box.js";
import { halfBlocks } from "./half-blocks.js";
import { iterm2 } from "./iterm2.js";
import { KITTY_ROWS, kittyLines, kittyPicture, kittyRemoval } from "./kitty.js";
import type { PictureMode } from "./picture-mode.js";
import type { PictureScreen, Placed } from "./picture-screen.js";
import { SIXEL_COLOURS, sixel } from "./sixel.js";

/** A picture as text for a box: its lines, and what has to stand in the cell right below the box's last one (often nothing). */
export interface Preview extends Placed {
  readonly kind: "seen";
}

/** What previews are made from, and what they are drawn on. */
export interface PreviewsSettings {
  readonly mode: PictureMode;
  readonly bytes: PictureBytes;
  readonly decoder: PreviewDecoder;
  readonly screen: Pick<PictureScreen, "place" | "placeLines" | "send">;
  /** Of the whole sitting. */
  readonly call: Call;
}

/** Two pictures of a question, a few questions back and some ahead. */
const KEPT = 24;
/** No terminal draws larger sixel pictures by its defaults (xterm's limit is 1000 pixels a side). */
const LARGEST_SIXEL_PX = 1000;

interface Kept {
  readonly loading: Promise<Preview | Unseen>;
  done: Preview | Unseen | null;
  drop(): void;
}

/** Pictures for the terminal, from bytes at hand, each made once and the latest kept. */
export class Previews {
  readonly mode: PictureMode;
  readonly #settings: PreviewsSettings;
  readonly #kept = new Map<string, Kept>();
  /** Other programs may show pictures in the same window: ids begin anywhere. */
  #lastId = 0x100000 + Math.floor(Math.random() * 0x600000);

  constructor(settings: PreviewsSettings) {
    this.mode = settings.mode;
    this.#settings = settings;
  }

  /** The picture within a box, upright and in its aspect; `unseen` with the reason where it cannot be shown. Never rejects. */
  load(picture: QuestionPicture, box: Box): Promise<Preview | Unseen> {
    const key = keyOf(picture, box);
    const known = this.#kept.get(key);
    if (known !== undefined) {
      // Put last: the first of the map is the one unused for longest.
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.loading;
    }
    const undo: (() => void)[] = [];
    const loading = this.#made(picture, box, undo).catch(
      (error: unknown): Unseen => ({
        kind: "unseen",
        reason: error instanceof Error ? error.message : String(error),
      }),
    );
    const kept: Kept = {
      loading,
      done: null,
      drop: () => void loading.then(() => undo.forEach((each) => void each())),
    };
    void loading.then((done) => {
      kept.done = done;
    });
    this.#kept.set(key, kept);
    this.#forgetOldest();
    return loading;
  }

  /** What `load` has made already, so that it can be shown at once; null where it has to be waited for. */
  ready(picture: QuestionPicture, box: Box): Preview | Unseen | null {
    return this.#kept.get(keyOf(picture, box))?.done ?? null;
  }

  /** Makes what will be wanted next, one after the other, in a box as that of the last question. */
  async prefetch(pictures: readonly QuestionPicture[], box: Box): Promise<void> {
    for (const picture of pictures) await this.load(picture, box);
  }

  /** Takes all pictures from the terminal's memory. */
  close(): void {
    for (const kept of this.#kept.values()) kept.drop();
    this.#kept.clear();
  }

  #forgetOldest(): void {
    for (const [key, kept] of this.#kept) {
      if (this.#kept.size <= KEPT) return;
      this.#kept.delete(key);
      kept.drop();
    }
  }

  async #made(picture: QuestionPicture, box: Box, undo: (() => void)[]): Promise<Preview | Unseen> {
    const { call, mode } = this.#settings;
    if (mode.protocol === "none") return { kind: "unseen", reason: "" };
    if (picture.mime_type.startsWith("video/")) return { kind: "unseen", reason: "a video" };
    const bytes = await this.#settings.bytes.read(picture.photo_id, picture.hash, call);
    if (bytes === null) return { kind: "unseen", reason: "its bytes are not on this machine" };
    return this.#drawn(bytes, picture, box, undo);
  }

  async #drawn(
    bytes: Uint8Array,
    { mime_type }: QuestionPicture,
    box: Box,
    undo: (() => void)[],
  ): Promise<Preview | Unseen> {
    const { mode, decoder, screen, call } = this.#settings;
    const { widthPx, heightPx } = cellOr(mode.cell);
    let fitted = box;
    const sizeFor = (toPixels: (cells: Box) => PixelSize) => (upright: PixelSize) => {
      fitted = fitBox(upright, box, mode.cell);
      return toPixels(fitted);
    };
    const inPixels = ({ columns, rows }: Box) => ({ width: columns * widthPx, height: rows * heightPx });
    const placed = (drawing: string | readonly string[]): Preview => {
      const place =
        typeof drawing === "string" ? screen.place(drawing, box) : screen.placeLines(drawing, box);
      const { lines, mark, forget } = place;
      undo.push(forget);
      return { kind: "seen", lines, mark };
    };
    switch (mode.protocol) {
      case "kitty": {
        box = { columns: box.columns, rows: Math.min(box.rows, KITTY_ROWS) };
        const wish = { mime_type, format: "png", sizeFor: sizeFor(inPixels) } as const;
        const made = await decoder.encoded(bytes, wish, call);
        if (made.kind === "unseen") return made;
        this.#lastId += 1;
        const id = this.#lastId;
        screen.send(kittyPicture(id, made.bytes, fitted));
        undo.push(() => screen.send(kittyRemoval(id)));
        return { kind: "seen", lines: kittyLines(id, fitted), mark: "" };
      }
      case "iterm2": {
        const wish = { mime_type, format: "jpeg", sizeFor: sizeFor(inPixels) } as const;
        const made = await decoder.encoded(bytes, wish, call);
        return made.kind === "unseen" ? made : placed(iterm2(made.bytes, fitted));
      }
      case "sixel": {
        const wish = {
          mime_type,
          mostColours: SIXEL_COLOURS,
          sizeFor: sizeFor((cells) => withinSixel(inPixels(cells))),
        };
        const made = await decoder.pixels(bytes, wish, call);
        return made.kind === "unseen" ? made : placed(sixel(made.pixels));
      }
      default: {
        const inBlocks = ({ columns, rows }: Box) => ({ width: columns, height: rows * 2 });
        const made = await decoder.pixels(bytes, { mime_type, sizeFor: sizeFor(inBlocks) }, call);
        if (made.kind === "unseen") return made;
        const colours = mode.colours === "truecolour" ? "truecolour" : "256";
        // Not as text of the frame: to lay out that many colours takes Ink half a second in a large window, for each key.
        return placed(halfBlocks(made.pixels, colours));
      }
    }
  }
}

const keyOf = ({ hash }: QuestionPicture, { columns, rows }: Box): string => `${hash} ${columns} ${rows}`;

/** As large as terminals take it, its aspect kept. */
function withinSixel({ width, height }: PixelSize): PixelSize {
  const scale = Math.min(1, LARGEST_SIXEL_PX / Math.max(width, height));
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}
