import { EVERYTHING } from "@raingauge/domain";
import { LedgerUnavailable } from "@raingauge/ledger";
import { type Fields, type Log, silentLog } from "@raingauge/runtime";
import { expect, it } from "vitest";
import { closeOnSchedule } from "./closer.ts";
import { APRIL, busyCloud, lived, march, ZONE } from "./fixtures/cloud.ts";
import { raterMetrics } from "./metrics.ts";

const terms = { zone: ZONE, book: "standard", graceHours: 24, monthsBack: 3, holder: "rater-1" };
const EVERY_SECOND = "* * * * * *";
const clock = () => APRIL;

it("catches up a missed closing at once, and ends when it is told to", async () => {
  const sources = await busyCloud();
  const metrics = raterMetrics();
  const stop = new AbortController();
  stop.abort();

  await closeOnSchedule({ ...sources, clock, log: silentLog, metrics }, terms, stop.signal);

  expect(await sources.ledger.invoices({}, EVERYTHING)).toHaveLength(2);
  expect(await metrics.text()).toContain("rater_invoices_issued_total 2");
});

it("tries again what could not be reached", async () => {
  const sources = await busyCloud();
  const metrics = raterMetrics();
  const stop = new AbortController();
  let outages = 1;
  const lease = async (...asked: Parameters<typeof sources.ledger.lease>) => {
    if (outages-- > 0) throw new LedgerUnavailable("down");
    return sources.ledger.lease(...asked);
  };
  const issueAll = async (drafts: Parameters<typeof sources.ledger.issueAll>[0]) => {
    const issued = await sources.ledger.issueAll(drafts);
    stop.abort();
    return issued;
  };

  await closeOnSchedule(
    { ...sources, ledger: { ...sources.ledger, lease, issueAll }, clock, log: silentLog, metrics },
    terms,
    stop.signal,
    EVERY_SECOND,
  );

  expect(await sources.ledger.invoices({}, EVERYTHING)).toHaveLength(2);
  expect(await metrics.text()).toContain("rater_closings_failed_total 1");
});

it("does not go on after a defect", async () => {
  const sources = await busyCloud();
  const broken = { ...sources.ledger, issueAll: () => Promise.reject(new TypeError("broken")) };

  const closing = closeOnSchedule(
    { ...sources, ledger: broken, clock, log: silentLog, metrics: raterMetrics() },
    terms,
    new AbortController().signal,
  );

  await expect(closing).rejects.toThrow("broken");
});

it("says which invoices are held and why", async () => {
  const sources = await busyCloud();
  await sources.say(lived("globex", "vm-x", march(1), march(2), { dimensions: { flavor: "huge" } }));
  const facts: [string, Fields | undefined][] = [];
  const log: Log = { ...silentLog, warn: (fact, fields) => void facts.push([fact, fields]) };

  await closeOnSchedule({ ...sources, clock, log, metrics: raterMetrics() }, terms, AbortSignal.abort());

  expect(facts).toEqual([
    ["invoice held", { month: "2026-03", account: "globex", reasons: ["no price for instance flavor=huge (vm-x)"] }],
  ]);
});
