/** What a field may hold. Numbers are integers: priced quantities know no float. */
export type Field = string | bigint | number;

export type Tags = Readonly<Record<string, string>>;
export type Fields = Readonly<Record<string, Field>>;

/** The measurement and tags of a line: the series it belongs to. */
export const prefixOf = (measurement: string, tags: Tags): string =>
  [measurement, ...Object.entries(tags).map(([key, value]) => `${key}=${tagOf(value)}`)].join(",");

/**
 * A point in line protocol. A point that is written again replaces only the fields that it names, so that every point of a
 * measurement names all of them, and an absent text is the empty one.
 */
export const lineOf = (prefix: string, fields: Fields, time: bigint): string =>
  `${prefix} ${Object.entries(fields)
    .map(([key, value]) => `${key}=${fieldOf(value)}`)
    .join(",")} ${time}`;

const fieldOf = (value: Field): string =>
  typeof value === "string" ? `"${value.replaceAll(/["\\]/g, "\\$&")}"` : `${value}i`;

/**
 * A text as a tag's value. What has a meaning in line protocol, in InfluxQL or in the server's own writing of tags never
 * reaches it; neither does an empty value, which a tag cannot have.
 */
export const tagOf = (value: string): string =>
  value === "" ? "%" : value.replaceAll(SPECIAL, (each) => `%${each.charCodeAt(0).toString(16).padStart(4, "0")}`);

const SPECIAL = /[%\\,='"\s\p{Cc}]/gu;

export const untagged = (tag: string): string =>
  tag === "%"
    ? ""
    : tag.replaceAll(/%([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** That a tag has one of some values, as a condition in InfluxQL. */
export const oneOf = (tag: string, values: Iterable<string>): string =>
  `(${[...values].map((value) => `"${tag}" = '${tagOf(value)}'`).join(" or ")})`;

/** That it has none of them; no condition where there are none. */
export const noneOf = (tag: string, values: readonly string[]): string[] =>
  values.length === 0 ? [] : [values.map((value) => `"${tag}" != '${tagOf(value)}'`).join(" and ")];

/** Past so many different texts an answer repeats itself too little to be worth the looking up. */
const TEXTS_MAX = 100_000;

/** Makes something of texts that come again and again, once of each. */
export function once<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = make(text);
    if (known.size < TEXTS_MAX) known.set(text, made);
    return made;
  };
}
