import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { vectors } from "./billing.ts";

const BESIDE = ["prices", "invoices", "time"]
  .map((name) => readFileSync(new URL(`${name}.test.ts`, import.meta.url), "utf8"))
  .join("");

describe("every group of numbers", () => {
  const ELSEWHERE = { focus_tolerance_cents: "services/lib/documents/src/focus/conformance.test.ts" };
  const HELD = [
    "rounding",
    "float_traps",
    "line_vs_total",
    "vat_line_vs_group",
    "allocate",
    "tiered",
    "cap_do_style",
    "cap_hetzner_style",
    "billing_months",
    "start_of_day_in_gap",
    "anchor_31",
    "proration_flat_31.00_Berlin_2026-03-29..04-01",
    "min_commit_100_from_2026-01-15_UTC",
    "leap_second",
    "resize",
    "free_tier_shared",
    "fx",
    "late_volume",
    "late_graduated 990->1010",
    "late_capped",
    "credit_vat_cumulative",
    "discount_order",
    "iso4217",
    "jpy_kwd",
  ];

  it("is held by a test, and none is listed that is not there", () => {
    const named = Object.keys(vectors)
      .filter((name) => !name.startsWith("_") && !(name in ELSEWHERE))
      .map((name) => HELD.find((held) => name.startsWith(held)) ?? `nobody holds ${name}`);

    expect(named.toSorted()).toEqual(HELD.toSorted());
  });

  it.each(Object.entries(ELSEWHERE))("%s is read by %s", (name, file) => {
    expect(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")).toContain(`vectors.${name}`);
  });

  it.each(HELD)("%s is read by a test beside this one", (name) => {
    expect(BESIDE).toMatch(new RegExp(`vectors(\\.|\\[")${escaped(name)}|found\\("${escaped(name)}"`));
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
