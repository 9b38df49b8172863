import { at } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { momentOf, nanoseconds, slotOf, slots } from "./slots.ts";

const NOON = at(1_768_478_400_123);

describe("slots", () => {
  it("gives an identity the same nanosecond each time, within its millisecond", () => {
    const time = slots().take("reading", NOON, "a");

    expect(slots().take("reading", NOON, "a")).toBe(time);
    expect(time).toBe(nanoseconds(NOON) + BigInt(slotOf("a")));
    expect(momentOf(time)).toBe(NOON);
  });

  it("moves on to the next free nanosecond where one is taken, and from the last of a millisecond to its first", () => {
    const last = nanoseconds(NOON) + 999_999n;
    const identity = identityOf(999_999);
    const taken = slots();

    expect(taken.take("reading", NOON, identity)).toBe(last);
    expect(taken.take("reading", NOON, identity)).toBe(nanoseconds(NOON));
    expect(taken.take("another", NOON, identity)).toBe(last);
  });

  it("keeps clear of what the server has", () => {
    const taken = slots();
    taken.occupy("reading", nanoseconds(NOON) + BigInt(slotOf("a")));

    expect(taken.take("reading", NOON, "a")).toBe(nanoseconds(NOON) + BigInt(slotOf("a")) + 1n);
  });
});

/** The first number whose hash is the slot. */
const identityOf = (slot: number): string => {
  for (let each = 0; ; each++) if (slotOf(String(each)) === slot) return String(each);
};
