/** The first moment that a ZIP archive can name: midnight of the first of January 1980. */
const EPOCH = 0x00_21_00_00;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

/** An archive whose entries all bear the same moment, so that the same content gives the same bytes whenever it is packed. */
export function undated(archive: Buffer): Buffer {
  const copy = Buffer.from(archive);
  const end = copy.lastIndexOf(Buffer.from([END & 0xff, (END >> 8) & 0xff, (END >> 16) & 0xff, END >> 24]));
  let at = copy.readUInt32LE(end + 16);
  while (copy.readUInt32LE(at) === CENTRAL) {
    copy.writeUInt32LE(EPOCH, at + 12);
    const local = copy.readUInt32LE(at + 42);
    if (copy.readUInt32LE(local) !== LOCAL) throw new RangeError("not a ZIP archive as workbooks are");
    copy.writeUInt32LE(EPOCH, local + 10);
    at += 46 + copy.readUInt16LE(at + 28) + copy.readUInt16LE(at + 30) + copy.readUInt16LE(at + 32);
  }
  return copy;
}
