import { at, EVERYTHING, instant, iso, ownAccount } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { closePeriod } from "./close.ts";
import { APRIL, BOOK, busyCloud, cloud, lived, MARCH, march, TERMS, ZONE } from "./fixtures/cloud.ts";
import { closeDueMonths, dueMonths } from "./schedule.ts";

const terms = { zone: ZONE, book: "standard", graceHours: 24, monthsBack: 3, holder: "rater-1" };
const HOUR_MS = 3_600_000;

describe("the schedule of closings", () => {
  it("finds a month due when its grace is over, and not a moment before", () => {
    const grace = 24 * HOUR_MS;
    const due = (now: number) => dueMonths({ ...terms, monthsBack: 1 }, at(now)).map(({ start }) => iso(start));

    expect(due(MARCH.end + grace - 1)).toEqual([]);
    expect(due(MARCH.end + grace)).toEqual([iso(MARCH.start)]);
  });

  it("lists what was missed oldest first", () => {
    expect(dueMonths(terms, APRIL).map(({ start }) => iso(start))).toEqual([
      "2025-12-31T23:00:00Z",
      "2026-01-31T23:00:00Z",
      "2026-02-28T23:00:00Z",
    ]);
  });

  it("catches up a closing that was missed, once", async () => {
    const sources = await busyCloud();
    await sources.say(lived("acme", "old", at(march(1) - 48 * HOUR_MS), at(march(1) - 24 * HOUR_MS)));

    const first = await closeDueMonths(sources, terms, APRIL);
    const second = await closeDueMonths(sources, terms, APRIL);

    expect(first.map(({ results }) => results.map(({ account, outcome }) => `${account} ${outcome}`))).toEqual([
      ["acme issued"],
      ["acme issued", "globex issued"],
    ]);
    expect(second).toEqual([]);
  });

  it("issues what was held once there is a price for it", async () => {
    const sources = await cloud({ ...BOOK, prices: [] });
    await sources.say(lived("acme", "vm-1", march(1), march(2)));
    const held = await closeDueMonths(sources, terms, APRIL);
    await sources.ledger.publish({ ...BOOK, version: "2" }, march(1));

    const issued = await closeDueMonths(sources, terms, APRIL);

    expect(held[0]?.results).toMatchObject([{ outcome: "held" }]);
    expect(issued[0]?.results).toMatchObject([{ outcome: "issued" }]);
  });

  it("waits for what a listener has not heard yet, since an invoice is for ever", async () => {
    const sources = await busyCloud();
    const listening = (until: number) => ({
      coverage: [{ region: "north", source: "listener", agent: "q", period: { start: MARCH.start, end: at(until) } }],
    });
    await sources.say([], listening(MARCH.end - HOUR_MS));

    const early = await closeDueMonths(sources, terms, APRIL);
    await sources.say([], listening(MARCH.end));
    const heard = await closeDueMonths(sources, terms, APRIL);

    expect(early).toMatchObject([
      { results: [], held: `what was said in north after ${iso(at(MARCH.end - HOUR_MS))} has not been heard yet` },
    ]);
    expect(heard.flatMap(({ results }) => results.map(({ outcome }) => outcome))).toEqual(["issued", "issued"]);
  });

  it("measures a month that came to nothing once, and bills it later only by hand", async () => {
    const sources = await cloud();
    await sources.say(lived("acme", "vm-1", march(1), march(2), { meter: "vcpus", value: 2n }));
    const first = await closeDueMonths(sources, terms, APRIL);
    await sources.say(lived("acme", "vm-late", march(1), march(2)));

    const second = await closeDueMonths(sources, terms, APRIL);
    const byHand = await closePeriod(sources, { ...TERMS, allowUnpriced: false }, APRIL);

    expect(first.flatMap(({ results }) => results)).toMatchObject([{ outcome: "nothing to charge" }]);
    expect(second).toEqual([]);
    expect(byHand).toMatchObject([{ account: "acme", outcome: "issued" }]);
  });

  it("says why a month that nothing could price is held", async () => {
    const [closed] = await closeDueMonths(await busyCloud(), { ...terms, book: "other" }, APRIL);

    expect(closed).toMatchObject({
      results: [],
      held: "no price book named other was in force at the start of the period",
    });
  });

  it("leaves the work to the rater that has the lease", async () => {
    const sources = await busyCloud();
    await sources.ledger.lease("closing", "rater-2", 60);

    expect(await closeDueMonths(sources, terms, APRIL)).toEqual([]);
    expect(await sources.ledger.invoices({}, EVERYTHING)).toEqual([]);
  });

  it("gives the lease up when it is done", async () => {
    const sources = await busyCloud();

    await closeDueMonths(sources, terms, APRIL);

    expect(await sources.ledger.lease("closing", "rater-2", 60)).toBe(true);
  });
});

describe("an account in a zone of its own", () => {
  const inZone = (id: string, zone: string) => ({
    ...ownAccount(id, { zone, currency: "EUR", book: "standard" }),
    members: [{ kind: "project", id: `${id}-project` } as const],
  });
  const ends = { kolkata: "2026-03-31T18:30:00Z", new_york: "2026-04-01T04:00:00Z" };

  it.each([
    { account: "kolkata", zone: "Asia/Kolkata" },
    { account: "new_york", zone: "America/New_York" },
  ] as const)("is closed when its grace is over in $zone, and not a moment before", async ({ account, zone }) => {
    const sources = await cloud();
    await sources.ledger.recordAccount(inZone(account, zone), instant("2026-01-01T00:00:00Z"));
    await sources.say(lived(`${account}-project`, "vm-1", march(5), march(6)));
    const due = instant(ends[account]) + terms.graceHours * HOUR_MS;
    const closed = async (now: number) =>
      (await closeDueMonths(sources, terms, at(now))).flatMap(({ results }) => results.map(({ outcome }) => outcome));

    expect(await closed(due - 1)).toEqual([]);
    expect(await closed(due)).toEqual(["issued"]);
    expect(await closed(due + HOUR_MS)).toEqual([]);
  });
});
