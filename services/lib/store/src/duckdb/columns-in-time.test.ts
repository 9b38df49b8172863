import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inTime } from "./columns-in-time.ts";

const cells = (at: readonly number[]) => ({
  at: Float64Array.from(at),
  values: Float64Array.from(at, (moment) => moment * 10),
});

describe("columns in the order of time", () => {
  it.each([
    { why: "in order", at: [1, 2, 3], is: [1, 2, 3] },
    { why: "empty", at: [], is: [] },
    { why: "stretches of two threads", at: [5, 6, 7, 1, 2, 3, 9], is: [1, 2, 3, 5, 6, 7, 9] },
    { why: "a late reading among the others", at: [1, 3, 4, 2], is: [1, 2, 3, 4] },
    { why: "backwards", at: [3, 2, 1], is: [1, 2, 3] },
    { why: "an instant twice, one after the other", at: [1, 2, 2, 3], is: undefined },
    { why: "an instant twice, far apart", at: [1, 2, 3, 2], is: undefined },
    { why: "an instant twice, where two stretches touch", at: [4, 5, 1, 4], is: undefined },
  ])("$why: $at", ({ at, is }) => {
    const found = inTime(cells(at));

    expect(found && [...found.at]).toEqual(is);
    expect(found && [...found.values]).toEqual(is?.map((moment) => moment * 10));
  });

  it("are what sorting makes of them, each value beside its instant", () => {
    const stretches = fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 20 }), { maxLength: 5 });
    fc.assert(
      fc.property(stretches, (parts) => {
        const at = parts.flatMap((part) => part.toSorted((a, b) => a - b));
        const wanted = at.toSorted((a, b) => a - b);

        const found = inTime(cells(at));

        if (new Set(at).size < at.length) expect(found).toBeUndefined();
        else expect(found && [[...found.at], [...found.values]]).toEqual([wanted, wanted.map((each) => each * 10)]);
      }),
    );
  });

  it("are copies, which may be given away", () => {
    const given = cells([1, 2]);

    const found = inTime(given);

    expect(found?.at.buffer).not.toBe(given.at.buffer);
  });
});
