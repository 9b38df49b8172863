/**
 * Which characters a TrueType font can draw, read from its character map. A PDF/A must not hold a character that its fonts
 * lack, and a tenant may give a machine any name: what cannot be drawn is spelt out as its code point.
 */
export function drawable(font: Buffer): (codePoint: number) => boolean {
  const ranges = rangesOf(font);
  return (codePoint) => ranges.some(([first, last]) => first <= codePoint && codePoint <= last);
}

/** A text with every character that is missing told as `[U+65E5]`. */
export const spelt = (text: string, has: (codePoint: number) => boolean): string =>
  text.replace(UNCOMMON, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return has(codePoint) ? character : `[U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}]`;
  });

/** What not every font has. */
const UNCOMMON = /[^\u0020-\u007e]/gu;

type Range = readonly [first: number, last: number];

function rangesOf(font: Buffer): Range[] {
  const cmap = tableAt(font, "cmap");
  const subtables = Array.from({ length: font.readUInt16BE(cmap + 2) }, (_, index) => {
    const record = cmap + 4 + index * 8;
    return cmap + font.readUInt32BE(record + 4);
  });
  const segmented = subtables.find((at) => font.readUInt16BE(at) === 12);
  if (segmented !== undefined) return groups(font, segmented);
  const plain = subtables.find((at) => font.readUInt16BE(at) === 4);
  if (plain === undefined) throw new RangeError("a font without a character map of format 4 or 12");
  return segments(font, plain);
}

function tableAt(font: Buffer, tag: string): number {
  const count = font.readUInt16BE(4);
  for (let index = 0; index < count; index += 1) {
    const record = 12 + index * 16;
    if (font.toString("latin1", record, record + 4) === tag) return font.readUInt32BE(record + 8);
  }
  throw new RangeError(`a font without the table ${tag}`);
}

const groups = (font: Buffer, at: number): Range[] =>
  Array.from({ length: font.readUInt32BE(at + 12) }, (_, index) => {
    const group = at + 16 + index * 12;
    return [font.readUInt32BE(group), font.readUInt32BE(group + 4)];
  });

function segments(font: Buffer, at: number): Range[] {
  const doubled = font.readUInt16BE(at + 6);
  return Array.from({ length: doubled / 2 }, (_, index): Range => {
    const last = font.readUInt16BE(at + 14 + index * 2);
    const first = font.readUInt16BE(at + 16 + doubled + index * 2);
    return [first, last];
  }).filter(([first]) => first !== 0xffff);
}
