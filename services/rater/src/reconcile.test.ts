import { type Account, instant, ownAccount, parseDecimal } from "@raingauge/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { voidInvoice } from "./adjustment.ts";
import { closePeriod } from "./close.ts";
import { APRIL, BOOK, busyCloud, type Cloud, lived, march, TERMS, ZONE } from "./fixtures/cloud.ts";
import { type LookedAt, reconcileMonths } from "./reconcile.ts";

const JANUARY = instant("2026-01-01T00:00:00Z");
const schedule = { zone: ZONE, book: "standard", graceHours: 24, monthsBack: 1, holder: "rater-1" };

const oaks = (told: Partial<Account> = {}): Account => ({
  ...ownAccount("oaks", { zone: ZONE, currency: "EUR", book: "standard" }),
  members: [{ kind: "project", id: "acme" }],
  corrections: { policy: "both", approval: false },
  ...told,
});

async function closed(): Promise<Cloud> {
  const sources = await busyCloud();
  await sources.ledger.recordAccount(oaks(), JANUARY);
  await closePeriod(sources, { ...TERMS, allowUnpriced: false }, APRIL);
  return sources;
}

/** The same cloud, and how often its documents were read and its usage measured. */
function counting({ store, ledger, ...rest }: Cloud) {
  const asked = { documents: 0, measured: 0 };
  return {
    asked,
    ...rest,
    store: new Proxy(
      store,
      watched(
        (name) => name === "measure",
        () => (asked.measured += 1),
      ),
    ),
    ledger: new Proxy(
      ledger,
      watched(
        (name) => name === "invoices",
        () => (asked.documents += 1),
      ),
    ),
  };
}

const watched = <T extends object>(isIt: (name: string | symbol) => boolean, count: () => void): ProxyHandler<T> => ({
  get(target, name) {
    const value = Reflect.get(target, name);
    if (typeof value !== "function") return value;
    return (...args: readonly unknown[]) => {
      if (isIt(name)) count();
      return value.apply(target, args);
    };
  },
});

describe("the hourly look back", () => {
  it("reads no document of a month that nothing touched, and still tells of what waits there", async () => {
    const cloud = counting(await closed());
    await cloud.say(lived("globex", "late", march(1), march(2)));
    const before: LookedAt = new Map();
    const first = await reconcileMonths(cloud, schedule, APRIL, before);
    const asked = { ...cloud.asked };

    const second = await reconcileMonths(cloud, schedule, APRIL, before);

    expect(asked.documents).toBeGreaterThan(0);
    expect(cloud.asked).toEqual({ documents: asked.documents, measured: asked.measured + 1 });
    expect(first.waiting).toMatchObject([{ original: { invoice: { account: { id: "globex" } } } }]);
    expect(second).toEqual({ written: [], waiting: first.waiting });
  });

  it("misses nothing: whatever touched a month, one who remembers nothing finds no more", async () => {
    const day = fc.integer({ min: 1, max: 28 });
    const step = fc.oneof(
      fc.record({ kind: fc.constant("late" as const), project: fc.constantFrom("acme", "globex"), day }),
      fc.record({ kind: fc.constant("price" as const), day }),
      fc.record({ kind: fc.constant("terms" as const), day }),
      fc.record({ kind: fc.constant("void" as const), day }),
      fc.record({ kind: fc.constant("nothing" as const), day }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        const cloud = await closed();
        const before: LookedAt = new Map();
        for (const [index, each] of steps.entries()) {
          if (each.kind === "late")
            await cloud.say(lived(each.project, `late-${index}`, march(each.day), march(each.day + 1)));
          if (each.kind === "price") {
            const prices = BOOK.prices.map((price) =>
              price.sku === "compute.small" ? { ...price, tiers: [{ amount: parseDecimal(`0.0${each.day}`) }] } : price,
            );
            await cloud.ledger.publish({ ...BOOK, version: `2.${index}`, prices }, JANUARY);
          }
          if (each.kind === "terms") await cloud.ledger.recordAccount(oaks({ name: `Oaks ${index}` }), JANUARY);
          if (each.kind === "void") await voidInvoice(cloud, "RG-000002", "again");

          const remembering = await reconcileMonths(cloud, schedule, APRIL, before);
          const forgetting = await reconcileMonths(cloud, schedule, APRIL);

          expect(forgetting.written).toEqual([]);
          expect(remembering.waiting.map(told)).toEqual(forgetting.waiting.map(told));
        }
      }),
      { numRuns: 6 },
    );
  });
});

const told = ({ original, draft, waits }: Awaited<ReturnType<typeof reconcileMonths>>["waiting"][number]) => [
  original.number,
  draft.invoice.total,
  waits,
];
