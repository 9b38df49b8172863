/** A range of addresses as networks are cut: all that begin with the same bits. */
export interface AddressBlock {
  readonly version: 4 | 6;
  readonly first: bigint;
  /** How many bits all of its addresses share. */
  readonly length: number;
}

const BITS = { 4: 32, 6: 128 } as const;

/** `10.0.0.0/8`, `2001:db8::/48`. */
export function addressBlock(cidr: string): AddressBlock | undefined {
  const [, address = "", digits = ""] = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(cidr) ?? [];
  const version = address.includes(":") ? 6 : 4;
  const number = version === 6 ? numberOf6(address) : numberOf4(address);
  const length = Number(digits);
  if (digits === "" || number === undefined || length > BITS[version]) return undefined;
  const rest = BigInt(BITS[version] - length);
  return { version, first: (number >> rest) << rest, length };
}

function numberOf4(address: string): bigint | undefined {
  const parts = address.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return joined(parts.map(BigInt), 8n);
}

/** With at most one `::`, which stands for as many zeros as are missing. */
function numberOf6(address: string): bigint | undefined {
  const [left = "", right, ...more] = address.split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const [before, after] = [groups(left), groups(right ?? "")];
  const missing = 8 - before.length - after.length;
  if (more.length > 0 || (right === undefined ? missing !== 0 : missing < 1)) return undefined;
  const all = [...before, ...Array<string>(Math.max(missing, 0)).fill("0"), ...after];
  return all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))
    ? joined(
        all.map((group) => BigInt(`0x${group}`)),
        16n,
      )
    : undefined;
}

const joined = (parts: readonly bigint[], bits: bigint): bigint =>
  parts.reduce((sum, part) => (sum << bits) | part, 0n);

export const overlaps = (a: AddressBlock, b: AddressBlock): boolean => {
  const [wide, narrow] = a.length <= b.length ? [a, b] : [b, a];
  return a.version === b.version && startOf(narrow, wide.length) === wide.first;
};

const startOf = ({ version, first }: AddressBlock, length: number): bigint => {
  const rest = BigInt(BITS[version] - length);
  return (first >> rest) << rest;
};

/** How many blocks of a length there are in one. */
export const blocksIn = ({ length }: AddressBlock, each: number): bigint => 2n ** BigInt(each - length);

/** How many blocks of a length in one touch none of those that are taken, which do not overlap each other. */
export function freeIn(block: AddressBlock, each: number, taken: readonly AddressBlock[]): bigint {
  const inside = taken.filter((one) => overlaps(block, one));
  if (inside.some(({ length }) => length <= block.length)) return 0n;
  const wide = inside.filter(({ length }) => length <= each).reduce((sum, one) => sum + blocksIn(one, each), 0n);
  const touched = new Set(inside.filter(({ length }) => length > each).map((one) => startOf(one, each)));
  return blocksIn(block, each) - wide - BigInt(touched.size);
}
