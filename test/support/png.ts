/** Reads a PNG of 8-bit colours, as icons are: just enough to look at its pixels. */
import { inflateSync } from 'node:zlib';

export interface Picture {
  width: number;
  height: number;
  /** Red, green, blue, opacity (0 to 255), row by row. */
  pixels: [number, number, number, number][];
}

/** @throws Error for what is no PNG, is interlaced, or has a palette or greys. */
export function readPng(bytes: Buffer): Picture {
  if (bytes.toString('latin1', 1, 4) !== 'PNG') throw new Error('no PNG');
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const channels = { 2: 3, 6: 4 }[bytes[25] ?? 0];
  if (!channels || bytes[24] !== 8 || bytes[28] !== 0) throw new Error('a kind of PNG that is not read here');
  const rows = unfiltered(inflateSync(dataOf(bytes)), width * channels, height, channels);
  const pixels = Array.from({ length: width * height }, (_, nth): Picture['pixels'][number] => {
    const [red = 0, green = 0, blue = 0, opacity = 255] = rows.subarray(nth * channels, (nth + 1) * channels);
    return [red, green, blue, opacity];
  });
  return { width, height, pixels };
}

function dataOf(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return Buffer.concat(parts);
}

/** Every row begins with the number of its filter (PNG, section 9): a byte is kept as what it differs from a neighbour. */
function unfiltered(data: Buffer, width: number, height: number, step: number): Buffer {
  const out = Buffer.alloc(width * height);
  for (let y = 0; y < height; y++) {
    const filter = data[y * (width + 1)] ?? 0;
    for (let x = 0; x < width; x++) {
      const left = x >= step ? (out[y * width + x - step] ?? 0) : 0;
      const above = y > 0 ? (out[(y - 1) * width + x] ?? 0) : 0;
      const corner = y > 0 && x >= step ? (out[(y - 1) * width + x - step] ?? 0) : 0;
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter];
      if (guess === undefined) throw new Error('no such filter');
      out[y * width + x] = (data[y * (width + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return out;
}

function paeth(left: number, above: number, corner: number): number {
  const away = (of: number) => Math.abs(left + above - corner - of);
  if (away(left) <= away(above) && away(left) <= away(corner)) return left;
  return away(above) <= away(corner) ? above : corner;
}
