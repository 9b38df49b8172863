import { join } from "node:path";
import { at, HOUR_MS, type Period, type Sample } from "@raingauge/domain";
import { postgresLedger } from "@raingauge/ledger/postgres";
import { type ClosingTerms, closePeriod, draftInvoices } from "@raingauge/rater";
import { duckdbStore } from "@raingauge/store/duckdb";
import { parsePriceBook, sampleOf } from "@raingauge/wire";
import { cloudkittyAlone, cloudkittyLacks, type Seen } from "./alone/cloudkitty.ts";
import { type Bench, type Benchmark, type Figure, held, rate } from "./benchmark.ts";
import { REGION } from "./cloud.ts";
import { MACHINE_BOOK, PRICE } from "./machine-book.ts";
import { secondsOf } from "./stopwatch.ts";

/** What machines were used for in a day, from stored readings to a bill of each; and the same by CloudKitty, where it is asked for. */
export const rating: Benchmark = {
  name: "rating",
  about: "a day of machines rated and billed, and by CloudKitty's processor where it is asked for",
  needs: ["postgresql"],
  run: rated,
};

const PROJECTS = 4;
const MACHINES = 50;
const HOURS = 24;
const POLL_MS = HOUR_MS / 6;

async function rated({ scale, folder, url, say }: Bench): Promise<readonly Figure[]> {
  const seen = seenOn(aDayUntil(Date.now()), Math.ceil(PROJECTS * scale));
  const { period, machines } = seen;
  const now = at(period.end + HOUR_MS);
  const clock = () => now;
  await using store = await duckdbStore({ path: join(folder, "rating.duckdb"), clock });
  await using ledger = await postgresLedger({ url: url("postgresql"), clock });
  await ledger.publish(parsePriceBook(MACHINE_BOOK, "bench.yaml"), at(0));
  say(`storing a day of ${machines.length} machines`);
  await store.append(machines.map((machine, index) => arrivalOf(machine, index, period)));
  const terms: ClosingTerms = { period, zone: "UTC", book: "standard", allowUnpriced: false };
  const hours = machines.length * HOURS;
  say("rating and billing it");
  const closing = await secondsOf(async () => {
    await store.rollUp();
    billed(await closePeriod({ store, ledger }, terms, now), machines.length);
  });
  const drafting = await secondsOf(() => draftInvoices({ store, ledger }, terms));
  const alone = rate("the same rated once more, and not issued", "machine hours/s", hours, drafting);
  const others = [alone, ...(await cloudkitty(seen, { folder, url, say }))];
  return [held(rate("hours of machines rated and billed", "machine hours/s", hours, closing), [alone]), ...others];
}

/** It wants a Prometheus, an InfluxDB and packages of its own, so that it is asked for by hand. */
async function cloudkitty(seen: Seen, { folder, url, say }: Omit<Bench, "scale">): Promise<Figure[]> {
  if (process.env["RAINGAUGE_PEERS"] === undefined || cloudkittyLacks().length > 0) return [];
  say("CloudKitty");
  const { seconds, count } = await cloudkittyAlone(seen, { folder, url: url("postgresql") });
  return [rate("CloudKitty's processor", "machine hours/s", count, seconds)];
}

/** Of this day and age: CloudKitty goes on from there until it has caught up with the clock. */
function aDayUntil(now: number): Period {
  const end = Math.floor(now / HOUR_MS) * HOUR_MS - HOUR_MS;
  return { start: at(end - HOURS * HOUR_MS), end: at(end) };
}

const seenOn = (period: Period, projects: number): Seen => ({
  period,
  everyMs: POLL_MS,
  price: PRICE,
  machines: Array.from({ length: projects * MACHINES }, (_, index) => ({
    project: `project-${String(index % projects).padStart(5, "0")}`,
    resource: `machine-${String(index).padStart(7, "0")}`,
  })),
});

const arrivalOf = (machine: Seen["machines"][number], index: number, { start, end }: Period) => ({
  position: { stream: "bench", sequence: BigInt(index + 1) },
  batch: {
    samples: Array.from({ length: (end - start) / POLL_MS + 1 }, (_, poll) => seenAt(machine, start + poll * POLL_MS)),
    events: [],
    coverage: [],
  },
});

const seenAt = ({ project, resource }: Seen["machines"][number], moment: number): Sample =>
  sampleOf({
    region: REGION,
    project,
    resource,
    meter: "instance",
    at: at(moment),
    value: 1n,
    origin: "poll",
    source: "libvirt",
    stance: "sights",
    dimensions: { flavor: "m1.small", state: "active" },
    sequence: moment * 1_000,
    message: `bench/${resource}/${moment}`,
  });

function billed(closed: Awaited<ReturnType<typeof closePeriod>>, machines: number): void {
  const lines = closed.flatMap((each) => (each.outcome === "issued" ? each.invoice.invoice.lines : []));
  if (lines.length !== machines) throw new Error(`${lines.length} of ${machines} machines were billed`);
}
