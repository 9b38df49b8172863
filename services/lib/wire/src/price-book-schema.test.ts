import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { priceBookSchema } from "./price-book-schema.ts";

const FILE = new URL("../../../../docs/price-book.schema.json", import.meta.url);
const EXAMPLE = new URL("../../../../docs/examples/price-book.yaml", import.meta.url);

describe("the schema of a price book", () => {
  it("is in docs/ as it is made now", () => {
    const made = `${JSON.stringify(priceBookSchema(), undefined, 2)}\n`;

    if (process.env["UPDATE"] === "1") writeFileSync(FILE, made);
    else expect(readFileSync(FILE, "utf8")).toBe(made);
  });

  it("is named by the example, so that an editor finds it", () => {
    const named = /^# yaml-language-server: \$schema=(.+)$/m.exec(readFileSync(EXAMPLE, "utf8"))?.[1] ?? "";

    expect(new URL(named, EXAMPLE).href).toBe(FILE.href);
  });

  it("knows the dimensions of each meter, the region among them", () => {
    const { properties } = priceBookSchema() as { properties: { prices: { items: { allOf: Rule[] } } } };
    const rule = properties.prices.items.allOf.find((each) => each.if.properties.meter.enum.includes("volume.size"));

    expect(rule?.then.properties.where.propertyNames.anyOf[0]?.enum).toEqual([
      "volume_type",
      "state",
      "availability_zone",
      "region",
    ]);
  });
});

interface Rule {
  readonly if: { readonly properties: { readonly meter: { readonly enum: readonly string[] } } };
  readonly then: {
    readonly properties: {
      readonly where: { readonly propertyNames: { readonly anyOf: readonly { readonly enum?: readonly string[] }[] } };
    };
  };
}
