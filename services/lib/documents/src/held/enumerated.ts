/** Names apart by commas, the last one after a word: `a, b and c`. */
export const enumerated = (names: readonly string[], and: string): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${and} ${names.at(-1)}`;

/** What was named, and how many were not. */
export const some = (names: readonly string[], count: number, more: (left: number) => string): string =>
  `${names.join(", ")}${count > names.length ? more(count - names.length) : ""}`;

/** As a price book would have to name it. */
export const dimensioned = (meter: string, dimensions: Readonly<Record<string, string>>): string =>
  [
    meter,
    ...Object.entries(dimensions)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`),
  ].join(" ");
