import { fits } from "./pattern.ts";
import type { Conditions, PriceBook } from "./price.ts";

/**
 * What a book knows of the values of a dimension: that a flavor has an accelerator, that an image carries a licence. Nova tells such
 * things in some formats only; said in the book they are the same for every reading, and are known again years later.
 */
export type Attributes = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

/** `flavor.accelerator` is what the book says of a flavor under that name. */
export interface AttributeName {
  readonly dimension: string;
  readonly attribute: string;
}

export function attributeNamed(name: string): AttributeName | undefined {
  const dot = name.indexOf(".");
  return dot < 0 ? undefined : { dimension: name.slice(0, dot), attribute: name.slice(dot + 1) };
}

export const attributeOf = (
  { dimension, attribute }: AttributeName,
  value: string | undefined,
  attributes: Attributes = {},
): string | undefined => (value === undefined ? undefined : own(own(own(attributes, dimension), value), attribute));

/** What an object says itself, and none of what every object has. */
const own = <T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;

/** The values of a dimension that fit all that some prices ask of it by its attributes and by itself. */
export const valuesThatFit = (
  dimension: string,
  asked: readonly Conditions[],
  { attributes = {} }: Pick<PriceBook, "attributes">,
): readonly string[] =>
  Object.keys(own(attributes, dimension) ?? {}).filter((value) =>
    asked.every((where) =>
      Object.entries(where).every(([name, pattern]) => {
        const attribute = attributeNamed(name);
        if (attribute === undefined) return name !== dimension || fits(pattern, value);
        return attribute.dimension !== dimension || fits(pattern, attributeOf(attribute, value, attributes));
      }),
    ),
  );

/** The dimensions of which prices ask an attribute. */
export const dimensionsAsked = (asked: readonly Conditions[]): readonly string[] => [
  ...new Set(asked.flatMap((where) => Object.keys(where).flatMap((name) => attributeNamed(name)?.dimension ?? []))),
];
