/** Bars with their numbers as a PNG, large enough to be read on a phone: a card of its own on light and dark screens. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Picture } from '../views/view.ts';
import { escaped, line } from './text.ts';

type Bar = Picture['bars'][number];

/** Pixels. A phone shows them at a third: letters of 34 are 12 there. */
const WIDTH = 700;
const PAD = 22;
const LETTER = 34;
const BAR = 24;
const BELOW = 26;
const ROW = 2 * (LETTER + 8) + BAR + BELOW;
/** What is not nothing shows. */
const LEAST_SHOWN = 5;

/** Contrast on white: letters 16.9, bars 6.1 to one. */
const COLOURS = { card: '#ffffff', edge: '#c8c8c8', letters: '#1d1c1d', bar: '#1264a3', track: '#ececec' };

export const MOST_BARS = 12;

/** 700 pixels wide; the same picture gives the same bytes. At most 12 bars. @throws where it cannot be drawn on this machine. */
export async function toPng(picture: Picture): Promise<Uint8Array> {
  tools ??= load();
  const { Resvg, fonts } = await tools;
  const drawing = new Resvg(toSvg(picture), {
    font: { fontBuffers: fonts, defaultFontFamily: FAMILY, loadSystemFonts: false },
  });
  const image = drawing.render();
  try {
    return image.asPng();
  } finally {
    image.free();
    drawing.free();
  }
}

const FAMILY = 'DejaVu Sans';

let tools: ReturnType<typeof load> | undefined;

/** Only once there is something to draw. */
async function load() {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  const { resolve } = createRequire(import.meta.url);
  const read = (name: string) => readFile(resolve(name));
  await initWasm(read('@resvg/resvg-wasm/index_bg.wasm'));
  const names = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];
  const fonts = await Promise.all(names.map((name) => read(`dejavu-fonts-ttf/ttf/${name}`)));
  return { Resvg, fonts };
}

/** Above each bar its label and its number. */
function toSvg({ bars }: Picture): string {
  const shown = bars.slice(0, MOST_BARS);
  const height = 2 * PAD + Math.max(1, shown.length) * ROW - BELOW;
  const most = Math.max(0, ...shown.map(lengthOf));
  const rows = shown.map((bar, nth) =>
    rowOf(bar, PAD + nth * ROW, most === 0 ? 0 : (lengthOf(bar) / most) * ROOM),
  );
  const { card, edge } = COLOURS;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="${FAMILY}" font-size="${LETTER}"><rect x="1" y="1" width="${WIDTH - 2}" height="${height - 2}" rx="16" fill="${card}" stroke="${edge}" stroke-width="2"/>${rows.join('')}</svg>`;
}

const ROOM = WIDTH - 2 * PAD;

const lengthOf = ({ value }: Bar): number => (Number.isFinite(value) ? Math.max(0, value) : 0);

function rowOf({ label, note }: Bar, y: number, length: number): string {
  const { letters, track, bar } = COLOURS;
  const top = y + 2 * (LETTER + 8);
  const rect = (width: number, fill: string) =>
    `<rect x="${PAD}" y="${top}" width="${Math.round(width)}" height="${BAR}" fill="${fill}"/>`;
  const text = (base: number, said: string, more = '') =>
    `<text x="${PAD}" y="${base}" fill="${letters}"${more}>${inXml(said)}</text>`;
  return [
    text(y + LETTER - 6, fitted(label, ROOM / BOLD), ' font-weight="700"'),
    text(y + 2 * LETTER + 2, fitted(note, ROOM)),
    rect(ROOM, track),
    length > 0 ? rect(Math.max(LEAST_SHOWN, length), bar) : '',
  ].join('');
}

/** Whole where there is room for it; else cut, ending with …. */
function fitted(said: string, room: number): string {
  let text = line(said, 100);
  for (let most = text.length - 1; widthOf(text) > room && most > 0; most--) text = line(said, most);
  return text;
}

/** No less than DejaVu Sans takes; signs it does not have are as wide as they are high. */
const widthOf = (text: string): number => [...text].reduce((sum, sign) => sum + shareOf(sign), 0) * LETTER;

/** Bold letters are wider by so much at most. */
const BOLD = 1.25;

function shareOf(sign: string): number {
  if (/[ .,:;'|iljI·/]/.test(sign)) return 0.34;
  if (/[a-ln-vx-z0-9]/.test(sign)) return 0.64;
  return /[A-LN-VX-Z]/.test(sign) ? 0.79 : 1.05;
}

/** For XML, which knows neither of the two last signs (XML 1.0, Char). */
const inXml = (text: string): string => escaped(text).replace(/[\uFFFE\uFFFF]/g, '');
