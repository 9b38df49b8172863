import { readFileSync } from "node:fs";
import { instant, METERS, type PriceBook, parseDecimal, priceOf, type Usage } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { PriceBookError, parsePriceBook } from "./price-book.ts";

const EXAMPLE = new URL("../../../../docs/examples/price-book.yaml", import.meta.url);

describe("the example price book", () => {
  const book = parsePriceBook(readFileSync(EXAMPLE, "utf8"), "price-book.yaml");

  it("leaves no meter out: each has a price or is called free", () => {
    const priced = new Set(book.prices.map(({ meter }) => meter));

    const left = METERS.filter(
      ({ name, isPriceable }) => isPriceable && !priced.has(name) && !book.free.includes(name),
    );
    expect(left.map(({ name }) => name)).toEqual([]);
  });

  const FAST = "a6ae0309-6f92-4c48-ba5d-03ee9e842523";
  const cases = [
    { meter: "instance", dimensions: { flavor: "m1.small", state: "active" }, sku: "instance.m1.small" },
    { meter: "instance", dimensions: { flavor: "m1.small", state: "rescued" }, sku: "instance.m1.small" },
    { meter: "instance", dimensions: { flavor: "m1.small", state: "stopped" }, sku: "instance.m1.small.stopped" },
    { meter: "instance", dimensions: { flavor: "m1.small", state: "shelved_offloaded" }, sku: "instance.offloaded" },
    { meter: "instance", dimensions: { flavor: "m1.small", state: "error" }, sku: "instance.error" },
    { meter: "instance", dimensions: { flavor: "m1.small", state: "soft-delete" }, sku: undefined },
    { meter: "instance", dimensions: { flavor: "gpu.huge", state: "active" }, sku: "instance.other" },
    { meter: "instance", dimensions: { flavor: "gpu.huge", state: "stopped" }, sku: "instance.other.stopped" },
    { meter: "volume.size", dimensions: { volume_type: FAST, state: "in-use" }, sku: "volume.fast" },
    { meter: "volume.size", dimensions: { state: "available" }, sku: "volume.other" },
    { meter: "ip.floating", dimensions: { state: "DOWN" }, sku: "ip.floating" },
  ];
  it.each(cases)("prices $meter $dimensions by $sku", ({ meter, dimensions, sku }) => {
    expect(priceOf(usageOf(meter, dimensions), book)?.sku).toBe(sku);
  });
});

const usageOf = (meter: string, dimensions: Readonly<Record<string, string>>): Usage => ({
  region: "RegionOne",
  project: "acme",
  meter,
  resource: "r-1",
  dimensions,
  period: { start: 0, end: 1 } as Usage["period"],
  quantity: 1n,
  evidence: { readings: 1, observedMs: 1, inferredMs: 0, afterEnd: 0, counterDropped: 0 },
});

const bookWith = (prices: string, head = "currency: EUR\nmonth: calendar"): PriceBook =>
  parsePriceBook(`name: n\nversion: 1.10\n${head}\nprices:\n${prices}`, "book.yaml");

const priceWith = (meter: string, per: string, amount: string): string =>
  `  - { sku: s, description: d, meter: ${meter}, per: ${per}, amount: ${amount} }\n`;

describe("numbers", () => {
  it.each(["0.1", "0.10", '"0.1"', "'0.1'"])("reads the amount %s as exactly a tenth", (amount) => {
    const [price] = bookWith(priceWith("instance", "instance hour", amount)).prices;

    expect(price?.tiers).toEqual([{ amount: { numerator: 1n, denominator: 10n } }]);
  });

  it("keeps digits that a float would lose", () => {
    const [price] = bookWith(priceWith("instance", "instance hour", "12345678901234567.000000000001")).prices;

    expect(price?.tiers[0]?.amount).toEqual(parseDecimal("12345678901234567.000000000001"));
  });

  it("keeps a version as it is written", () => {
    expect(bookWith(priceWith("instance", "instance hour", "1")).version).toBe("1.10");
  });
});

describe("units", () => {
  const cases = [
    ["instance", "instance hour", { label: "instance hour", quantity: 1n, time: 3_600_000n }],
    ["instance", "instance  hours", { label: "instance hours", quantity: 1n, time: 3_600_000n }],
    ["instance", "instance second", { label: "instance second", quantity: 1n, time: 1_000n }],
    ["vcpus", "vCPU hour", { label: "vCPU hour", quantity: 1n, time: 3_600_000n }],
    ["volume.size", "GB month", { label: "GB month", quantity: 10n ** 9n, time: "month" }],
    ["volume.size", "GiB hour", { label: "GiB hour", quantity: 2n ** 30n, time: 3_600_000n }],
    ["ip.floating", "ip day", { label: "ip day", quantity: 1n, time: 86_400_000n }],
    ["network.outgoing.bytes", "GB", { label: "GB", quantity: 10n ** 9n }],
    ["disk.device.read.requests", "1000 requests", { label: "1000 requests", quantity: 1000n }],
    ["loadbalancer", "loadbalancers hour", { label: "loadbalancers hour", quantity: 1n, time: 3_600_000n }],
    ["volume.size", "month, model: flat", { label: "month", quantity: 1n, time: "month" }],
    ["cpu", "CPU-hour", { label: "CPU-hour", quantity: 3_600n * 10n ** 9n }],
  ] as const;
  it.each(cases)("%s per %s", (meter, per, unit) => {
    expect(bookWith(priceWith(meter, per, "1")).prices[0]?.per).toEqual(unit);
  });
});

describe("an old name of a meter", () => {
  it("is accepted, and kept as the name under which its usage is stored", () => {
    const book = bookWith(`${priceWith("volume.snapshot.size", "GiB month", "1")}free: [disk.read.bytes]\n`);

    expect(book.prices[0]?.meter).toBe("snapshot.size");
    expect(book.free).toEqual(["disk.device.read.bytes"]);
    expect(priceOf(usageOf("snapshot.size", {}), book)?.sku).toBe("s");
  });

  it("makes no second meter: two prices for one thing overlap", () => {
    const twice = `name: n\nversion: 1\ncurrency: EUR\nmonth: calendar\nprices:
  - { sku: a, description: d, meter: volume.snapshot.size, per: GiB month, amount: 1 }
  - { sku: b, description: d, meter: snapshot.size, per: GiB month, amount: 1 }
free: [volume.backup.size]\n`;

    expect(problemsOf(twice)).toEqual([expect.stringContaining("prices a and b overlap")]);
  });

  it.each([
    [
      "network.outgoing.bytes.rate",
      "there is no meter network.outgoing.bytes.rate any more: see network.outgoing.bytes",
    ],
    ["network.services.lb.member", "there is no meter network.services.lb.member any more: see loadbalancer"],
    [
      "loadbalancer.operating",
      "loadbalancer.operating is a status: see the attribute operating_status of loadbalancer",
    ],
    ["hardware.ipmi.fan", "hardware.ipmi.fan is there to be looked at, and cannot be priced"],
  ])("%s is no meter that can be priced, and the book's author is told what is", (meter, says) => {
    const text = `name: n\nversion: 1\ncurrency: EUR\nmonth: calendar\nprices:\n${priceWith(meter, "RPM hour", "1")}`;

    expect(problemsOf(text)).toEqual([expect.stringContaining(says)]);
  });
});

function problemsOf(text: string): readonly string[] {
  try {
    parsePriceBook(text, "book.yaml");
  } catch (error) {
    if (error instanceof PriceBookError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("models", () => {
  const modelOf = (model: string) =>
    bookWith(priceWith("instance", "instance hour", "1").replace("per:", `${model}, per:`)).prices[0]?.model;

  it.each([
    ["model: volume", "volume"],
    ["model: package", "package"],
    ["model: graduated", undefined],
  ])("reads %s", (written, model) => {
    expect(modelOf(written)).toBe(model);
  });

  it("knows no other", () => {
    expect(() => modelOf("model: guess")).toThrow("prices[0].model: it must be graduated or volume or package or flat");
  });
});

it("reads an allowance in units of the price", () => {
  const [price] = bookWith(priceWith("network.outgoing.bytes", "GB, allowance: 100.5", "0.05")).prices;

  expect(price?.allowance).toEqual(parseDecimal("100.5"));
  expect(() => bookWith(priceWith("network.outgoing.bytes", "GB, allowance: 0", "0.05"))).toThrow(
    "prices[0].allowance: price s: an allowance must be more than nothing",
  );
});

it("reads a cap, which needs a price for each resource by itself", () => {
  const [price] = bookWith(priceWith("instance", "instance hour, scope: resource, cap: 6.49", "0.0104")).prices;

  expect(price?.cap).toEqual(parseDecimal("6.49"));
  expect(() => bookWith(priceWith("instance", "instance hour, cap: 6.49", "0.0104"))).toThrow(
    "prices[0].cap: price s: a cap is for each resource: count each by itself, scope resource",
  );
});

describe("a discount", () => {
  const discounted = (written: string) => bookWith(priceWith("instance", `instance hour, discount: ${written}`, "1"));
  const whole = (written: string) =>
    bookWith(priceWith("instance", "instance hour", "1"), `currency: EUR\nmonth: calendar\ndiscount: ${written}`);

  it.each(["7.5 %", "7.5%"])("is read as %s, off a price or off the whole book", (written) => {
    expect(discounted(written).prices[0]?.discountPercent).toEqual(parseDecimal("7.5"));
    expect(whole(written).discountPercent).toEqual(parseDecimal("7.5"));
  });

  it.each([
    ["0.1", '"0.1" is no percentage, such as 10 %'],
    ["-5 %", '"-5 %" is no percentage, such as 10 %'],
    ["101 %", "at most 100 %"],
  ])("is never %s", (written, says) => {
    expect(() => discounted(written)).toThrow(
      `prices[0].discount: ${says.startsWith("at") ? "price s: a discount is more than 0 % and " : ""}${says}`,
    );
    expect(() => whole(written)).toThrow(says);
  });
});

describe("a minimum", () => {
  const owed = (written: string) =>
    bookWith(priceWith("instance", "instance hour", "1"), `currency: EUR\nmonth: calendar\nminimum: ${written}`)
      .minimum;

  it("is an amount, and may be owed since an instant", () => {
    expect(owed("{ amount: 100.00 }")).toEqual({ amount: parseDecimal("100") });
    expect(owed("{ amount: 0.5, since: 2026-01-15T00:00:00Z }")).toEqual({
      amount: parseDecimal("0.5"),
      since: instant("2026-01-15T00:00:00Z"),
    });
  });

  it.each([
    ["{ amount: 0 }", "minimum.amount: a minimum is more than nothing"],
    ["{ amount: 1, since: mid-January }", 'minimum.since: "mid-January" is no instant'],
    ["{ amount: 1, until: 2026-01-15T00:00:00Z }", "minimum.until: there is no such entry here"],
    ["100", "minimum: it must be a table of entries"],
  ])("is never %s", (written, says) => {
    expect(() => owed(written)).toThrow(says);
  });
});

describe("what was agreed with one customer", () => {
  const agreed = (written: string) =>
    `${priceWith("instance", "instance hour, scope: resource", "1")}overrides:\n${written}`;

  it("is an amount or tiers, and the other terms of a price, by article number", () => {
    const { overrides } = bookWith(
      agreed(
        "  - { project: acme, discount: 5 %, prices: { s: { amount: 0.5, least: { time: 2 minutes, amount: 0.1 } } } }",
      ),
    );

    expect(overrides).toEqual([
      {
        project: "acme",
        discountPercent: parseDecimal("5"),
        prices: {
          s: { tiers: [{ amount: parseDecimal("0.5") }], least: { timeMs: 120_000n, amount: parseDecimal("0.1") } },
        },
      },
    ]);
  });

  it.each([
    [
      "  - { project: acme, prices: { t: { amount: 1 } } }",
      "book.yaml:8: overrides[0].prices.t: there is no price t to agree otherwise",
    ],
    ["  - { project: acme, prices: { s: { per: GB } } }", "overrides[0].prices.s.per: there is no such entry here"],
    ["  - { project: acme, prices: { s: { least: { time: a while } } } }", '"a while" is no length of time'],
    ["  - { discount: 5 % }", "overrides[0]: it is for an account or for a project"],
  ])("is never %s", (written, says) => {
    expect(() => bookWith(agreed(written))).toThrow(says);
  });
});

describe("a flat fee", () => {
  it.each([
    ["GiB month", "a flat fee is per second, minute, hour, day, week, month, year"],
    ["fortnight", "a flat fee is per second, minute, hour, day, week, month, year"],
  ])("is for a time alone, and not per %s", (per, says) => {
    expect(() => bookWith(priceWith("volume.size", `${per}, model: flat`, "1"))).toThrow(says);
  });

  it("is not for what is counted", () => {
    expect(() => bookWith(priceWith("network.outgoing.bytes", "month, model: flat", "1"))).toThrow(
      "a flat fee is for being there, and network.outgoing.bytes is counted",
    );
  });
});

describe("what is wrong with a book", () => {
  it("is said all at once, each with its line", () => {
    const text = `
name: broken
currency: euro
month: lunar
prices:
  - sku: a
    description: An instance
    meter: instance
    where: { flavour: m1.small }
    per: GB hour
    amount: 0.1.2
    colour: red
  - sku: a
    meter: network.outgoing.bytes
    description: Traffic
    per: GB month
    tiers:
      - { upTo: 10, amount: 0 }
      - { upTo: 5, amount: -1 }
  - sku: c
    description: None
    meter: moon.phase
    per: moon hour
  - { sku: d, description: Volume, meter: volume.size, where: { volume_type: "f*" }, per: GB month, amount: 1 }
  - { sku: e, description: Volume, meter: volume.size, where: { volume_type: "*t" }, per: GB month, amount: 1e-3 }
  - { sku: f, description: Volume, meter: volume.size, where: { volume_type: "*t" }, per: GB month, amount: 0.0000000000001 }
free: [volume.size, moon.phase]
`;
    expect(problemsOf(text)).toMatchInlineSnapshot(`
      [
        "book.yaml:2: version: it is missing",
        "book.yaml:3: currency: euro is not a currency code of three capital letters",
        "book.yaml:4: month: it must be calendar or 730h",
        "book.yaml:9: prices[0].where.flavour: price a: meter instance has the dimensions flavor, state, image, availability_zone, region, but not flavour",
        "book.yaml:10: prices[0].per: "GB hour" is no unit of instance: write instance, then second, minute, hour, day, week, month, year",
        "book.yaml:11: prices[0].amount: "0.1.2" is not a decimal number, such as 0.0125",
        "book.yaml:12: prices[0].colour: there is no such entry here",
        "book.yaml:13: prices[1].sku: price a: the article number is used twice",
        "book.yaml:16: prices[1].per: price a: network.outgoing.bytes is counted, so its price can have no time",
        "book.yaml:19: prices[1].tiers[1].amount: price a: an amount cannot be negative",
        "book.yaml:19: prices[1].tiers[1].upTo: price a: the last tier must have no ceiling",
        "book.yaml:19: prices[1].tiers[1].upTo: price a: each tier must reach further than the one before",
        "book.yaml:20: prices[2]: it needs either an amount or tiers",
        "book.yaml:22: prices[2].meter: price c: there is no meter moon.phase",
        "book.yaml:25: prices[4].amount: "1e-3" is not a decimal number, such as 0.0125",
        "book.yaml:26: prices[5].tiers[0].amount: price f: an amount has at most 12 decimal places",
        "book.yaml:26: prices[5].where: prices d and f overlap: both match volume.size and neither is more specific",
        "book.yaml:27: free[0]: volume.size is called free, and has a price",
        "book.yaml:27: free[1]: there is no meter moon.phase",
      ]
    `);
  });

  it("is the syntax, if the file is no YAML", () => {
    expect(problemsOf("name: [a\nversion: 'x\n")).toMatchInlineSnapshot(`
      [
        "book.yaml:2: Flow sequence in block collection must be sufficiently indented and end with a ]",
        "book.yaml:3: Missing closing 'quote",
      ]
    `);
  });

  it.each([
    ["nothing", ""],
    ["a list", "- 1\n"],
    ["a word", "hello\n"],
  ])("is everything, if the file is %s", (_, text) => {
    expect(problemsOf(text)).not.toEqual([]);
  });

  it("is a reference to nothing", () => {
    expect(problemsOf("name: *nobody\n")).toEqual([expect.stringContaining("nobody")]);
  });

  it("is a key told twice", () => {
    expect(problemsOf("name: a\nname: b\n")).toEqual([expect.stringContaining("book.yaml:2")]);
  });
});
