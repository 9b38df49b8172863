import { allMeters, REGION } from "@raingauge/domain";
import { z } from "zod";
import { Head } from "./price-book.ts";
import { PriceEntry } from "./price-entry.ts";

/**
 * A price book's file as JSON Schema, for editors: they complete what may be written and mark what may not. It says less
 * than the linter, which also knows what the prices say of each other.
 */
export function priceBookSchema(): Record<string, unknown> {
  const File = z.strictObject({ ...Head.shape, prices: z.array(PriceEntry) });
  const made = z.toJSONSchema(File, { io: "input", unrepresentable: "any" });
  const { properties, ...rest } = asWritten(made) as { properties: Record<string, unknown> };
  const { prices, ...others } = properties;
  return {
    ...rest,
    title: "Raingauge price book",
    properties: {
      ...others,
      free: { ...(others["free"] as object), items: { enum: names() } },
      prices: judged(prices),
    },
  };
}

/** Every scalar is read from its digits as they stand in the file, so that a number may be written with quotes or without. */
function asWritten(made: unknown): unknown {
  if (Array.isArray(made)) return made.map(asWritten);
  if (typeof made !== "object" || made === null) return made;
  const isText = "type" in made && made.type === "string" && !("enum" in made);
  const members = Object.entries(made).map(([key, value]) => [key, asWritten(value)] as const);
  return { ...Object.fromEntries(members.filter(([key]) => key !== "readOnly")), ...(isText ? { type: SCALAR } : {}) };
}

const SCALAR = ["string", "number"];

/** An entry, with the meters that there are and the dimensions that each of them has. */
function judged(prices: unknown): unknown {
  const { items, ...list } = prices as { items: { properties: Record<string, object> } };
  const byDimensions = Map.groupBy(
    allMeters().filter(({ isPriceable }) => isPriceable),
    ({ dimensions }) => JSON.stringify([...dimensions, REGION]),
  );
  return {
    ...list,
    items: {
      ...items,
      properties: { ...items.properties, meter: { ...items.properties["meter"], type: "string", enum: names() } },
      oneOf: [{ required: ["amount"] }, { required: ["tiers"] }],
      allOf: [...byDimensions].map(([dimensions, meters]) => ({
        if: { properties: { meter: { enum: meters.flatMap(({ name, aliases }) => [name, ...aliases]) } } },
        // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
        then: { properties: { where: { propertyNames: { anyOf: named(JSON.parse(dimensions)) } } } },
      })),
    },
  };
}

/** A dimension, or an attribute that the book gives its values. */
const named = (dimensions: readonly string[]): object[] => [
  { enum: dimensions },
  { pattern: `^(${dimensions.join("|")})\\..+$` },
];

const names = (): string[] =>
  allMeters()
    .filter(({ isPriceable }) => isPriceable)
    .flatMap(({ name, aliases }) => [name, ...aliases]);
