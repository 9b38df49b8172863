/**
 * Which characters a TrueType font can draw, read from its character map. A PDF/A must not hold a character that its fonts
 * lack, and a tenant may give a machine any name: what cannot be drawn is spelt out as its code point.
 */
export function drawable(font: Buffer): (codePoint: number) => boolean {
  const ranges = rangesOf(font);
  // A document has few different characters, and each many times.
  const known = new Map<number, boolean>();
  return (codePoint) => {
    const told = known.get(codePoint);
    if (told !== undefined) return told;
    const has = ranges.some(([first, last]) => first <= codePoint && codePoint <= last);
    known.set(codePoint, has);
    return has;
  };
}

/**
 * How wide a font draws a text, in thousandths of its size, without kerning; undefined where the font's map is not one of
 * format 12, or lacks a character. A figure counts as wide as the widest, because tables set figures all alike.
 */
export function widths(font: Buffer): (text: string) => number | undefined {
  const glyphs = glyphsOf(font);
  const perEm = font.readUInt16BE(tableAt(font, "head") + 18);
  const metrics = tableAt(font, "hmtx");
  const last = font.readUInt16BE(tableAt(font, "hhea") + 34) - 1;
  const advance = (glyph: number): number => (font.readUInt16BE(metrics + 4 * Math.min(glyph, last)) * 1_000) / perEm;
  const known = new Map<string, number | undefined>();
  const widthOf = (character: string): number | undefined => {
    const glyph = glyphs(character.codePointAt(0) ?? 0);
    return glyph === undefined ? undefined : advance(glyph);
  };
  const figure = Math.max(...[..."0123456789"].map((digit) => widthOf(digit) ?? Number.POSITIVE_INFINITY));
  for (const digit of "0123456789") known.set(digit, figure);
  return (text) => {
    let width = 0;
    for (const character of text) {
      if (!known.has(character)) known.set(character, widthOf(character));
      width += known.get(character) ?? Number.NaN;
    }
    return Number.isNaN(width) ? undefined : width;
  };
}

/** The height of a font's capitals, in thousandths of its size. */
export const capHeight = (font: Buffer): number =>
  (font.readInt16BE(tableAt(font, "OS/2") + 88) * 1_000) / font.readUInt16BE(tableAt(font, "head") + 18);

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
  const subtables = subtablesOf(font);
  const segmented = subtables.find((at) => font.readUInt16BE(at) === 12);
  if (segmented !== undefined) return groups(font, segmented);
  const plain = subtables.find((at) => font.readUInt16BE(at) === 4);
  if (plain === undefined) throw new RangeError("a font without a character map of format 4 or 12");
  return segments(font, plain);
}

function subtablesOf(font: Buffer): number[] {
  const cmap = tableAt(font, "cmap");
  return Array.from({ length: font.readUInt16BE(cmap + 2) }, (_, index) => {
    const record = cmap + 4 + index * 8;
    return cmap + font.readUInt32BE(record + 4);
  });
}

/** Which glyph draws a character, by a map of format 12. */
function glyphsOf(font: Buffer): (codePoint: number) => number | undefined {
  const at = subtablesOf(font).find((each) => font.readUInt16BE(each) === 12);
  if (at === undefined) return () => undefined;
  const firsts = groups(font, at).map(([first, last], index) => ({
    first,
    last,
    glyph: font.readUInt32BE(at + 24 + index * 12),
  }));
  return (codePoint) => {
    const group = firsts.find(({ first, last }) => first <= codePoint && codePoint <= last);
    return group === undefined ? undefined : group.glyph + codePoint - group.first;
  };
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
