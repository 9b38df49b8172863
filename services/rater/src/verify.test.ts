import {
  EVERYTHING,
  type IssuedInvoice,
  type Price,
  type PriceBook,
  parseDecimal,
  projects,
  type Sample,
  type Usage,
} from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { documentHash } from "@raingauge/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closePeriod } from "./close.ts";
import {
  APRIL,
  BOOK,
  busyCloud,
  type Cloud,
  cloud,
  lived,
  march,
  RICH_BOOK,
  reading,
  sent,
  TERMS,
} from "./fixtures/cloud.ts";
import { type Verification, verify } from "./verify.ts";

const ACME = "RG-000001";

async function closedCloud(book: PriceBook = BOOK): Promise<Cloud> {
  const made = await busyCloud(book);
  await closePeriod(made, { ...TERMS, allowUnpriced: false }, APRIL);
  return made;
}

const linesNamed = (level: Verification["frozen"] | undefined): number[] =>
  [...new Set((level?.findings ?? []).flatMap(({ line }) => line ?? []))].toSorted();

/** A ledger that somebody got at: it answers as the real one does, but for one thing. */
const withUsages = (ledger: Ledger, alter: (usage: Usage, position: number) => Usage): Ledger => ({
  ...ledger,
  usages: async (number, position = 0, scope) =>
    (await ledger.usages(number, position, scope)).map((usage) => alter(usage, position)),
});

const withBook = (ledger: Ledger, alter: (book: PriceBook) => PriceBook): Ledger => ({
  ...ledger,
  bookByDigest: async (digest) => {
    const published = await ledger.bookByDigest(digest);
    return published === undefined ? undefined : { ...published, book: alter(published.book) };
  },
});

const withInvoice = (ledger: Ledger, alter: (issued: IssuedInvoice) => IssuedInvoice): Ledger => ({
  ...ledger,
  invoice: async (number, scope) => {
    const issued = await ledger.invoice(number, scope);
    return issued === undefined ? undefined : alter(issued);
  },
});

describe("verifying an invoice", () => {
  it("comes out the same twice: from the frozen usages and from the readings", async () => {
    expect(await verify(await closedCloud(), ACME, EVERYTHING)).toEqual({
      number: ACME,
      passed: true,
      frozen: { passed: true, findings: [] },
      readings: { passed: true, findings: [] },
    });
  });

  it("comes out the same with every model, allowance, cap, discount and minimum that a book can have", async () => {
    const sources = await closedCloud(RICH_BOOK);
    const issued = await sources.ledger.invoice(ACME, EVERYTHING);

    expect(issued?.invoice.lines.map(({ kind, sku, amount }) => [kind ?? sku, amount])).toEqual([
      ["address", 12n], // a day at 0.005 an hour, flat
      ["compute.large", 80n],
      ["compute.small", 400n], // 240 started hours, 4.80, capped
      ["egress", 149n], // 29.7 GB all at 0.05, 0.3 GB free
      ["discount", -8n], // a tenth of the large machine
      ["discount", -32n], // a twentieth of 6.33
      ["minimum", 1_399n],
    ]);
    expect((await verify(sources, ACME, EVERYTHING))?.passed).toBe(true);
  });

  it.each([
    ["a cap", (price: Price): Price => ({ ...price, ...(price.cap && { cap: parseDecimal("4.01") }) }), 3],
    [
      "an allowance",
      (price: Price): Price => ({ ...price, ...(price.allowance && { allowance: parseDecimal("10") }) }),
      4,
    ],
    [
      "a discount",
      (price: Price): Price => ({ ...price, ...(price.discountPercent && { discountPercent: parseDecimal("9") }) }),
      5,
    ],
  ])("names the line when %s was altered in the book", async (_, alter, line) => {
    const { store, ledger } = await closedCloud(RICH_BOOK);
    const altered = withBook(ledger, (book) => ({ ...book, prices: book.prices.map(alter) }));

    const found = await verify({ store, ledger: altered }, ACME, EVERYTHING);

    expect(linesNamed(found?.frozen)).toContain(line);
    expect(found?.readings.passed).toBe(false);
  });

  it("is not shaken by readings that came late", async () => {
    const sources = await closedCloud();
    await sources.say([
      reading({ project: "acme", resource: "vm-2", at: march(5, 2), stance: "ends" }),
      ...lived("acme", "vm-3", march(1), march(20)),
    ]);

    expect((await verify(sources, ACME, EVERYTHING))?.passed).toBe(true);
  });

  it("says that the readings are gone where retention removed them, and still proves the frozen usages", async () => {
    const sources = await closedCloud();
    await sources.store.freeze(march(20));

    const found = await verify(sources, ACME, EVERYTHING);

    expect(found?.passed).toBe(true);
    expect(found?.frozen).toEqual({ passed: true, findings: [] });
    expect(found?.readings.gone).toMatch(/^The hours before 2026-03-19T23:00:00Z are frozen/);
  });

  it("knows nothing of an invoice outside the caller's scope", async () => {
    const sources = await closedCloud();

    expect(await verify(sources, ACME, projects("globex"))).toBeUndefined();
    expect(await verify(sources, "RG-999999", projects("globex"))).toBeUndefined();
  });

  it("names the line whose price was altered in the book", async () => {
    const { store, ledger } = await closedCloud();
    const dearer = (book: PriceBook) => ({
      ...book,
      prices: book.prices.map((price) =>
        price.sku === "compute.large" ? { ...price, tiers: [{ amount: parseDecimal("0.080000000001") }] } : price,
      ),
    });

    const found = await verify({ store, ledger: withBook(ledger, dearer) }, ACME, EVERYTHING);

    expect(found?.frozen.findings.map(({ check }) => check)).toContain("book");
    expect(linesNamed(found?.frozen)).toEqual([2]);
    expect(linesNamed(found?.readings)).toEqual([2]);
  });

  it("says so when the book is gone", async () => {
    const { store, ledger } = await closedCloud();

    const found = await verify({ store, ledger: { ...ledger, bookByDigest: async () => undefined } }, ACME, EVERYTHING);

    expect(found?.frozen.findings).toEqual([
      { check: "book", sentence: "price book standard 1 is not there any more" },
    ]);
    expect(found?.readings.passed).toBe(false);
  });

  it("finds a document that was altered and sealed anew", async () => {
    const { store, ledger } = await closedCloud();
    const cheaper = (issued: IssuedInvoice): IssuedInvoice => {
      const lines = issued.invoice.lines.map((line) => (line.position === 3 ? { ...line, amount: 1n } : line));
      const forged = {
        ...issued,
        invoice: { ...issued.invoice, lines, total: lines.reduce((total, { amount }) => total + amount, 0n) },
      };
      return { ...forged, hash: documentHash(forged) };
    };

    const found = await verify({ store, ledger: withInvoice(ledger, cheaper) }, ACME, EVERYTHING);

    expect(linesNamed(found?.frozen)).toEqual([3]);
    expect(linesNamed(found?.readings)).toEqual([3]);
  });

  it("finds a seal that does not fit", async () => {
    const { store, ledger } = await closedCloud();

    const found = await verify(
      { store, ledger: withInvoice(ledger, (issued) => ({ ...issued, issuedAt: march(1) })) },
      ACME,
      EVERYTHING,
    );

    expect(found?.frozen.findings.map(({ check }) => check)).toEqual(["seal"]);
  });

  it("finds a document before it that was altered or taken away", async () => {
    const { store, ledger } = await closedCloud();
    const gone: Ledger = {
      ...ledger,
      invoice: async (number, scope) => (number === ACME ? undefined : ledger.invoice(number, scope)),
    };

    const found = await verify({ store, ledger: gone }, "RG-000002", EVERYTHING);

    expect(found?.frozen.findings.map(({ check }) => check)).toEqual(["chain"]);
  });
});

describe("altering what an invoice rests on", () => {
  const usageMutations: { readonly what: string; readonly alter: (usage: Usage) => Usage }[] = [
    { what: "its quantity by one", alter: (usage) => ({ ...usage, quantity: usage.quantity + 1n }) },
    { what: "its resource", alter: (usage) => ({ ...usage, resource: `${usage.resource}x` }) },
    { what: "its dimensions", alter: (usage) => ({ ...usage, dimensions: { ...usage.dimensions, image: "other" } }) },
    { what: "its region", alter: (usage) => ({ ...usage, region: "south" }) },
    {
      what: "its evidence of readings",
      alter: (usage) => ({ ...usage, evidence: { ...usage.evidence, readings: usage.evidence.readings + 1 } }),
    },
    {
      what: "its seen time",
      alter: (usage) => ({ ...usage, evidence: { ...usage.evidence, observedMs: usage.evidence.observedMs + 1 } }),
    },
  ];

  it.each(usageMutations)("a frozen usage, in $what, fails and names its line, whichever line", async ({ alter }) => {
    const { store, ledger } = await closedCloud();
    for (const position of [1, 2, 3, 4]) {
      const mutated = withUsages(ledger, (usage, at) => (at === position ? alter(usage) : usage));

      const found = await verify({ store, ledger: mutated }, ACME, EVERYTHING);

      expect(found?.frozen.passed).toBe(false);
      expect(linesNamed(found?.frozen)).toContain(position);
      expect(found?.frozen.findings.filter(({ check, line }) => check === "usage" && line !== position)).toEqual([]);
    }
  });

  it("a reading that decides an amount fails and names line and resource", async () => {
    const { ledger } = await closedCloud();
    const all = await allReadings(await busyCloud());
    const { store, say } = await cloud();
    await say(
      all.map((each) => (each.resource === "vm-2" && each.stance === "ends" ? { ...each, at: march(5, 9) } : each)),
    );

    const found = await verify({ store, ledger }, ACME, EVERYTHING);

    expect(found?.frozen.passed).toBe(true);
    expect(linesNamed(found?.readings)).toEqual([2]);
    expect(found?.readings.findings[0]?.sentence).toBe("line 2 comes to 0.72 EUR, not 0.80 EUR (vm-2)");
    expect(found?.readings.findings[1]?.sentence).toContain("is not what it was when it was taken");
  });

  const readingMutations: { readonly what: string; readonly alter: (sample: Sample) => Sample }[] = [
    { what: "its value", alter: (sample) => ({ ...sample, value: sample.value + 1n }) },
    { what: "its instant", alter: (sample) => ({ ...sample, at: (sample.at + 1) as typeof sample.at }) },
    {
      what: "its dimensions",
      alter: (sample) => ({ ...sample, dimensions: { ...sample.dimensions, image: "other" } }),
    },
    { what: "its source", alter: (sample) => ({ ...sample, source: "somebody" }) },
    { what: "its resource", alter: (sample) => ({ ...sample, resource: "vm-7" }) },
    { what: "its project", alter: (sample) => ({ ...sample, project: "globex" }) },
  ];

  it.each(readingMutations)("any one reading, in $what, fails and names a line of its resource", async ({ alter }) => {
    const { ledger } = await closedCloud();
    const all = (await allReadings(await busyCloud())).filter(({ project }) => project === "acme");
    for (const [index, original] of all.entries()) {
      const other = await cloud();
      await other.say(all.map((each, at) => (at === index ? alter(each) : each)));

      const found = await verify({ store: other.store, ledger }, ACME, EVERYTHING);

      expect(found?.readings.passed, `${original.meter} ${original.resource}`).toBe(false);
      expect(linesNamed(found?.readings)).toContain(lineOf(original));
    }
  });

  it("any one reading taken away fails", async () => {
    const { ledger } = await closedCloud();
    const all = (await allReadings(await busyCloud())).filter(({ project }) => project === "acme");
    for (const index of all.keys()) {
      const other = await cloud();
      await other.say(all.toSpliced(index, 1));

      expect((await verify({ store: other.store, ledger }, ACME, EVERYTHING))?.readings.passed).toBe(false);
    }
  });

  const lineOf = ({ meter, resource }: Sample): number => {
    if (meter === "ip.floating") return 1;
    if (meter === "network.outgoing.bytes") return 4;
    return resource === "vm-2" ? 2 : 3;
  };
});

describe("for random clouds", () => {
  const life = fc.record({
    project: fc.constantFrom("acme", "globex", "initech"),
    resource: fc.constantFrom("vm-1", "vm-2", "vm-3", "vm-4").chain((name) => fc.nat(9).map((n) => `${name}-${n}`)),
    flavor: fc.constantFrom("small", "large"),
    from: fc.integer({ min: 0, max: 700 }),
    hours: fc.integer({ min: 1, max: 40 }),
    bytes: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  });

  it("every invoice verifies, and one altered usage of one line makes it fail naming that line", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(life, { selector: ({ resource }) => resource, minLength: 1, maxLength: 12 }),
        fc.nat(),
        async (lives, pick) => {
          const sources = await cloud();
          for (const { project, resource, flavor, from, hours, bytes } of lives) {
            const [start, end] = [march(1, from), march(1, from + hours)];
            await sources.say([
              ...lived(project, resource, start, end, { dimensions: { flavor, state: "active" } }),
              ...sent(project, resource, start, end, bytes),
            ]);
          }
          await closePeriod(sources, { ...TERMS, allowUnpriced: false }, APRIL);

          for (const { number, invoice } of await sources.ledger.invoices({}, EVERYTHING)) {
            expect(await verify(sources, number, EVERYTHING)).toMatchObject({ passed: true });

            const position = (pick % invoice.lines.length) + 1;
            const ledger = withUsages(sources.ledger, (usage, at) =>
              at === position ? { ...usage, quantity: usage.quantity + 1n } : usage,
            );
            const found = await verify({ store: sources.store, ledger }, number, EVERYTHING);
            expect(linesNamed(found?.frozen)).toEqual([position]);
          }
        },
      ),
      { numRuns: runs(40) },
    );
  });
});

async function allReadings({ store }: Cloud): Promise<readonly Sample[]> {
  const meters = ["instance", "ip.floating", "network.outgoing.bytes"];
  const series = await Promise.all(meters.map((meter) => store.series({ meter, period: TERMS.period }, EVERYTHING)));
  return series.flat();
}
