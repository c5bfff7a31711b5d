import { type Random, randomFrom } from "../power-loss/random.js";

const INK = "#222";

/** Lines of something like words: strokes of a few pixels, in groups. */
function words(random: Random, lines: number, left: number, width: number, step: number): string {
  const strokes: string[] = [];
  for (let line = 0; line < lines; line += 1) {
    const end = left + width * (0.5 + random() * 0.5);
    for (let x = left; x < end; x += 9 + (random() < 0.2 ? 20 : 0)) {
      const height = step * (0.15 + random() * 0.25);
      strokes.push(
        `<rect x="${x.toFixed(1)}" y="${150 + line * step}" width="${(2 + random() * 4).toFixed(1)}" height="${height.toFixed(1)}"/>`,
      );
    }
  }
  return `<g fill="${INK}">${strokes.join("")}</g>`;
}

const svg = (width: number, height: number, inside: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${inside}</svg>`;

/** A number of few strokes, as on a page or a clock: another digit is another set of strokes. */
function figure(x: number, y: number, size: number, digit: number, ink: string): string {
  const segments = [
    [0, 0, 1, 0.15],
    [0, 0, 0.2, 0.5],
    [0.8, 0, 0.2, 0.5],
    [0, 0.45, 1, 0.15],
    [0, 0.5, 0.2, 0.5],
    [0.8, 0.5, 0.2, 0.5],
    [0, 0.85, 1, 0.15],
  ] as const;
  const lit = [0x77, 0x24, 0x5d, 0x6d, 0x2e, 0x6b, 0x7b, 0x25, 0x7f, 0x6f][digit % 10] ?? 0;
  return segments
    .flatMap(([dx, dy, w, h], at) =>
      (lit >> at) % 2 === 1
        ? [
            `<rect x="${x + dx * size * 0.6}" y="${y + dy * size}" width="${w * size * 0.6}" height="${h * size}" fill="${ink}"/>`,
          ]
        : [],
    )
    .join("");
}

/** A page on a scanner's glass: each time it lies a little otherwise. */
export const scan = (nth: number, random: Random): string =>
  svg(
    1654,
    2339,
    `<rect width="1654" height="2339" fill="#fbfbf6"/>
    <g transform="translate(${nth * 4} ${nth * 3}) rotate(${nth * 0.15})">${words(random, 34, 180, 1250, 62)}</g>`,
  );

/** One screen, a minute later each time. */
export const screenshot = (nth: number, random: Random): string =>
  svg(
    1170,
    2532,
    `<rect width="1170" height="2532" fill="#f4f4f8"/><rect width="1170" height="120" fill="#3355aa"/>
    ${words(random, 20, 60, 1000, 110)}${figure(70, 40, 48, nth + 1, "#fff")}`,
  );

/** One slide, with another number on its corner. */
export const slide = (nth: number, random: Random): string =>
  svg(
    1920,
    1080,
    `<rect width="1920" height="1080" fill="#fff"/><rect width="1920" height="140" fill="#235"/>
    ${words(random, 8, 150, 1500, 95)}${figure(1800, 1010, 36, nth + 2, INK)}`,
  );

/** Twelve bars; each time one of them is a hundredth of the height longer. */
export const chart = (nth: number, random: Random): string =>
  svg(
    1200,
    800,
    `<rect width="1200" height="800" fill="#fff"/>${Array.from({ length: 12 }, (_, bar) => {
      const height = 100 + random() * 500 + (bar === 5 ? nth * 8 : 0);
      return `<rect x="${100 + bar * 85}" y="${700 - height}" width="60" height="${height}" fill="#4477aa"/>`;
    }).join("")}`,
  );

/** Figures in flat colours with outlines; each time one of them looks elsewhere. */
export const comic = (nth: number, random: Random): string =>
  svg(
    1400,
    1000,
    `<rect width="1400" height="1000" fill="#ffe9b0"/>${Array.from({ length: 3 }, (_, panel) => {
      const [x, tone] = [60 + panel * 440, Math.floor(random() * 360)];
      const eye = panel === 1 ? nth * 12 : 0;
      return `<rect x="${x}" y="80" width="400" height="840" fill="hsl(${tone},60%,80%)" stroke="#000" stroke-width="8"/>
      <circle cx="${x + 200}" cy="400" r="130" fill="#fc6" stroke="#000" stroke-width="6"/>
      <circle cx="${x + 160 + eye}" cy="380" r="16" fill="#000"/><circle cx="${x + 240 + eye}" cy="380" r="16" fill="#000"/>`;
    }).join("")}`,
  );

/** The same drawing each time it is called with the same seed. */
export const drawnFrom = (draw: (nth: number, random: Random) => string, nth: number, seed: number): string =>
  draw(nth, randomFrom(seed));
