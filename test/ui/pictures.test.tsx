import { PassThrough } from "node:stream";
import { render } from "ink-testing-library";
import { describe, expect, it } from "vitest";
import { contentHash, uuidV5 } from "../../src/domain/ids.js";
import type { QuestionPicture } from "../../src/domain/settling/decision.js";
import type { PictureBytes } from "../../src/ports/picture-bytes.js";
import type { PreviewDecoder } from "../../src/ports/preview-decoder.js";
import { openPictures } from "../../src/ui/pictures/open-pictures.js";
import type { PictureMode } from "../../src/ui/pictures/picture-mode.js";
import { PictureScreen } from "../../src/ui/pictures/picture-screen.js";
import { picturesFrom } from "../../src/ui/pictures/pictures.js";
import { Previews } from "../../src/ui/pictures/previews.js";
import { QUESTIONS } from "../../src/ui/pictures/terminal-answers.js";
import { until } from "./until.js";

const picture = (digit: string, facts: Partial<QuestionPicture> = {}): QuestionPicture => ({
  hash: contentHash(digit.repeat(64)),
  photo_id: uuidV5(digit, () => new Uint8Array(20)),
  filename: `IMG_000${digit}.JPG`,
  mime_type: "image/jpeg",
  bytes: 3_400_000,
  width: 4032,
  height: 3024,
  holders: ["family-flickr", "holiday"],
  ...facts,
});

/** Decodes every picture to one colour: as many levels of red as its bytes say. */
function plainDecoder(): PreviewDecoder & { asked: number } {
  return {
    asked: 0,
    pixels(bytes, { sizeFor }) {
      this.asked += 1;
      const { width, height } = sizeFor({ width: 400, height: 300 });
      const rgb = Uint8Array.from({ length: width * height * 3 }, (_, at) =>
        at % 3 === 0 ? (bytes[0] ?? 0) : 0,
      );
      return Promise.resolve({ kind: "seen", pixels: { width, height, rgb } });
    },
    encoded: (_, { sizeFor }) =>
      Promise.resolve({
        kind: "seen",
        size: sizeFor({ width: 400, height: 300 }),
        bytes: Uint8Array.from([1, 2, 3]),
      }),
  };
}

const allHere: PictureBytes = {
  read: (_, hash) => Promise.resolve(Uint8Array.from([Number.parseInt(hash.slice(-1), 16)])),
};

const call = { signal: new AbortController().signal };

const BLOCKS: PictureMode = { protocol: "blocks", colours: "truecolour", cell: null };

interface Scene {
  readonly mode?: PictureMode;
  readonly bytes?: PictureBytes;
  readonly decoder?: PreviewDecoder;
}

function scene({ mode = BLOCKS, bytes = allHere, decoder = plainDecoder() }: Scene) {
  const sent: string[] = [];
  const screen = new PictureScreen({ write: (text: string) => sent.push(text) });
  const previews = new Previews({ mode, bytes, decoder, screen, call });
  return { previews, Pictures: picturesFrom(previews), sent, screen };
}

/** Waits until no picture is being made any more. */
const drawn = (lastFrame: () => string | undefined) =>
  until(() => expect(lastFrame()).not.toMatch(/^ +…[ …]*$/m));

/** What a frame becomes on the terminal, and how many half blocks that has. */
function blocksOf(screen: PictureScreen, sent: readonly string[], frame: string | undefined) {
  screen.terminal.write(frame ?? "");
  const text = sent.at(-1) ?? "";
  return { text, count: text.split("▀").length - 1 };
}

const plain = (frame: string | undefined) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with the escape character
  (frame ?? "").replace(/\u001b\[[\d;]*m/g, "").split("\n");

describe("Pictures", () => {
  it("shows two pictures side by side, each above its name, size and holders", async () => {
    const { Pictures, screen, sent } = scene({});
    const { lastFrame } = render(<Pictures shown={[picture("1"), picture("2")]} width={62} height={15} />);
    await drawn(lastFrame);
    const lines = plain(lastFrame());
    expect(lines).toHaveLength(15);
    // 30 columns each; 400 × 300 pixels in 30 × 12 cells of 1:2 cover 30 × 11.
    expect(lines.slice(0, 11)).toEqual(Array.from({ length: 11 }, () => " ".repeat(62)));
    const { text, count } = blocksOf(screen, sent, lastFrame());
    expect(count).toBe(2 * 11 * 30);
    // From the mark, below the last cell of the twelfth row: eleven rows up is the second one.
    expect(text).toContain("\u001b8\u001b[11A\u001b[29D\u001b[38;2;1;0;0m");
    expect(lines[12]?.trimEnd()).toBe(`${"IMG_0001.JPG".padEnd(32)}IMG_0002.JPG`);
    expect(lines[13]).toBe(`${"4,032 × 3,024 px · 3.4 MB".padEnd(32)}4,032 × 3,024 px · 3.4 MB`);
    expect(lines[14]).toBe(`${"family-flickr, holiday".padEnd(32)}family-flickr, holiday`);
    expect(text).toContain("\u001b[38;2;2;0;0m");
  });

  it("stacks them where it is narrow, and leaves them out where there is no room", async () => {
    const { Pictures, screen, sent } = scene({});
    const { lastFrame, rerender } = render(
      <Pictures shown={[picture("1"), picture("2")]} width={20} height={20} />,
    );
    await drawn(lastFrame);
    expect(plain(lastFrame()).filter((line) => line.startsWith("IMG_"))).toHaveLength(2);
    expect(blocksOf(screen, sent, lastFrame()).text).toContain("▀".repeat(19));
    rerender(<Pictures shown={[picture("1"), picture("2")]} width={20} height={7} />);
    await drawn(lastFrame);
    expect(plain(lastFrame())).toEqual([
      "IMG_0001.JPG",
      "4,032 × 3,024 px · …",
      "family-flickr, holi…",
      "IMG_0002.JPG",
      "4,032 × 3,024 px · …",
      "family-flickr, holi…",
    ]);
  });

  it.each([
    [1, 1],
    [5, 2],
    [14, 3],
    [29, 6],
    [30, 7],
    [80, 24],
    [300, 5],
    [300, 90],
  ])("stays within %i × %i cells", async (width, height) => {
    const { Pictures } = scene({});
    const shown = [picture("1"), picture("2", { filename: "写真 📷 عائلة.jpg" }), picture("3")];
    const { lastFrame } = render(<Pictures shown={shown} width={width} height={height} />);
    await drawn(lastFrame);
    expect(plain(lastFrame()).length).toBeLessThanOrEqual(height);
    for (const line of plain(lastFrame())) expect(line.length).toBeLessThanOrEqual(width);
  });

  it("says why there is no picture", async () => {
    const { Pictures } = scene({ bytes: { read: () => Promise.resolve(null) } });
    const shown = [picture("1"), picture("2", { mime_type: "video/mp4" })];
    const { lastFrame } = render(<Pictures shown={shown} width={120} height={15} />);
    await drawn(lastFrame);
    expect(lastFrame()).toContain("its bytes are not on this machine");
    expect(lastFrame()).toContain("a video");
  });

  it("gives words alone where there is no colour, without reading a byte", async () => {
    const bytes: PictureBytes = { read: () => Promise.reject(new Error("read")) };
    const { Pictures } = scene({ mode: { protocol: "none", colours: "none", cell: null }, bytes });
    const { lastFrame } = render(<Pictures shown={[picture("1"), picture("2")]} width={60} height={15} />);
    await drawn(lastFrame);
    expect(plain(lastFrame())).toHaveLength(3);
    expect(lastFrame()).toContain("IMG_0001.JPG");
  });

  it("prints no control character of a file's name", async () => {
    const { Pictures } = scene({});
    const shown = [picture("1", { filename: "a\u001b[2Jb\u202e.jpg" })];
    const { lastFrame } = render(<Pictures shown={shown} width={60} height={15} />);
    await drawn(lastFrame);
    expect(lastFrame()).toContain("a\\x1b[2Jb\\u202e.jpg");
  });

  it("has the next question's pictures ready before they are asked for", async () => {
    const decoder = plainDecoder();
    const { Pictures, screen, sent } = scene({ decoder });
    const [first, second] = [[picture("1")], [picture("2")]];
    const { lastFrame, rerender } = render(<Pictures shown={first} width={30} height={15} next={second} />);
    await until(() => expect(decoder.asked).toBe(2));
    rerender(<Pictures shown={second} width={30} height={15} />);
    expect(blocksOf(screen, sent, lastFrame()).text).toContain("\u001b[38;2;2;0;0m");
    await drawn(lastFrame);
    expect(decoder.asked).toBe(2);
  });

  it("hands kitty's pictures over once, and takes them back in the end", async () => {
    const { Pictures, sent, previews } = scene({
      mode: { protocol: "kitty", colours: "truecolour", cell: null },
    });
    const { lastFrame } = render(<Pictures shown={[picture("1")]} width={30} height={15} />);
    await drawn(lastFrame);
    expect(sent).toHaveLength(1);
    const id = Number(/i=(\d+)/.exec(sent[0] ?? "")?.[1]);
    expect(lastFrame()).toContain(
      `\u001b[38;2;${id >> 16};${(id >> 8) & 255};${id & 255}m\u{10eeee}\u0305\u0305`,
    );
    previews.close();
    await until(() => expect(sent).toHaveLength(2));
    expect(sent[1]).toBe(`\u001b_Ga=d,d=I,q=2,i=${id}\u001b\\`);
  });

  it.each([
    ["sixel", '"1;1;300;220#0;2;0;0;0'],
    ["iterm2", "File=inline=1;size=3;width=30;height=11;preserveAspectRatio=1:AQID"],
  ] as const)(
    "keeps the cells of %s pictures free, with the pixels at their mark",
    async (protocol, pixels) => {
      const mode: PictureMode = { protocol, colours: "truecolour", cell: { widthPx: 10, heightPx: 20 } };
      const { Pictures, sent, screen, previews } = scene({ mode });
      const { lastFrame } = render(<Pictures shown={[picture("0")]} width={30} height={15} />);
      await drawn(lastFrame);
      expect(plain(lastFrame()).slice(0, 12)).toEqual(Array.from({ length: 12 }, () => " ".repeat(30)));
      expect(lastFrame()).not.toContain(pixels);
      screen.terminal.write(lastFrame() ?? "");
      expect(sent.at(-1)).toContain(pixels);
      previews.close();
      await drawn(lastFrame);
      screen.terminal.write(lastFrame() ?? "");
      expect(sent.at(-1)).toBe(lastFrame());
    },
  );
});

describe("openPictures", () => {
  async function opened(color: boolean, env: Readonly<Record<string, string>>) {
    const asked: string[] = [];
    const output = {
      isTTY: true,
      getColorDepth: () => 24,
      write: (text: string) => asked.push(text),
    };
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
    const pictures = openPictures({ stdin, output, env, platform: "linux", color, bytes: allHere }, call);
    stdin.write("\u001b[?62;4c");
    const { Pictures, openInViewer, close } = await pictures;
    const { lastFrame } = render(<Pictures shown={[picture("1")]} width={30} height={15} />);
    await drawn(lastFrame);
    return { asked, frame: lastFrame() ?? "", openInViewer, close };
  }

  it("asks the terminal once, and shows what it can", async () => {
    const { asked, frame, openInViewer, close } = await opened(true, { TERM: "xterm-256color" });
    expect(asked).toEqual([QUESTIONS]);
    // One byte is no JPEG.
    expect(frame).toContain("No picture here");
    expect(await openInViewer(picture("1"))).toMatch(/screen/);
    await close();
  });

  it("asks nothing where there is no colour, or no pictures are wished for", async () => {
    const [colourless, unwished] = [
      await opened(false, {}),
      await opened(true, { PHOTOSYNC_PICTURES: "none" }),
    ];
    expect([...colourless.asked, ...unwished.asked]).toEqual([]);
    expect(plain(colourless.frame)).toHaveLength(3);
    expect(plain(unwished.frame)).toHaveLength(3);
    await colourless.close();
    await unwished.close();
  });
});
