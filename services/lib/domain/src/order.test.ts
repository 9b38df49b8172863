import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ORDER } from "./order.ts";

it("the order of a bill is in the documentation, step by step", () => {
  const text = readFileSync(new URL("../../../../docs/prices.md", import.meta.url), "utf8");

  const steps = [...text.matchAll(/^\d+\. \*\*(.+?)\*\*/gm)].map(([, step]) => step);

  expect(steps).toEqual(ORDER);
});
