import { at } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { joined, NOTHING, within } from "./gathered.ts";

describe("parts of a series", () => {
  const of = (stance: number | undefined, ...moments: number[]) => ({
    claim: 1,
    stance,
    columns: stance === undefined ? NOTHING : { at: Float64Array.from(moments), values: Float64Array.from(moments) },
  });

  it("are what lies between, from the start and to before the end", () => {
    const cut = (start: number, end: number) => {
      const part = within(of(0, 10, 20, 30), { start: at(start), end: at(end) });
      return part && [...part.columns.at];
    };

    expect(cut(10, 30)).toEqual([10, 20]);
    expect(cut(11, 31)).toEqual([20, 30]);
    expect(cut(31, 40)).toBeUndefined();
  });

  it("are nothing that can be drawn by itself when they are not alike", () => {
    expect(joined(of(0, 10), of(0, 20))?.columns.at).toEqual(Float64Array.of(10, 20));
    expect(joined(of(0, 10), of(1, 20))?.stance).toBeUndefined();
    expect(joined(of(undefined), of(0, 20))?.stance).toBeUndefined();
    expect(joined(of(0, 10), { ...of(0, 20), claim: 2 })?.stance).toBeUndefined();
    expect(joined(undefined, undefined)).toBeUndefined();
  });
});
