/** A fault put into the domain on purpose, which a test must notice: what cannot be broken without a test failing is held. */
export interface Mutation {
  /** What it would do to a bill. */
  readonly does: string;
  readonly file: string;
  /** Must stand in the file exactly once. */
  readonly from: string;
  readonly to: string;
  /** The test file that must fail. */
  readonly noticedBy: string;
}

const table = (
  file: string,
  noticedBy: string,
  rows: readonly (readonly [does: string, from: string, to: string, noticedBy?: string])[],
): Mutation[] => rows.map(([does, from, to, other]) => ({ does, file, from, to, noticedBy: other ?? noticedBy }));

export const MUTATIONS: readonly Mutation[] = [
  ...table("hold.ts", "gauge.test.ts", [
    [
      "bills an outage of ours for a measured value",
      "const held = meter.existence ? next : earlier(next, limitOf(meter, sample.at, watch));",
      "const held = next;",
    ],
    [
      "forgets a machine that nobody polled for a while",
      "const held = meter.existence ? next : earlier(",
      "const held = earlier(",
    ],
    [
      "bills up to the sweep that found the machine gone",
      "gone === undefined ? limit : earlier(gone, limit)",
      "gone ?? limit",
    ],
    ["bills past the sweep that found the machine gone", "gone === undefined ? limit : earlier(gone, limit)", "limit"],
    ["takes the size from a sighting", "meter.existence ? stated.value : sample.value", "sample.value"],
    ["takes a measured value from the last statement", "meter.existence ? stated.value : sample.value", "stated.value"],
    ["bills only what was seen", "value * BigInt(observedMs + inferredMs)", "value * BigInt(observedMs)"],
    [
      "passes inferred time off as seen",
      "overlapMs({ start: from, end: seen }, period)",
      "overlapMs({ start: from, end: held }, period)",
    ],
    ["calls an inferred end certain", '{ at: held, kind: "inferred" }', '{ at: held, kind: "final" }'],
    ["counts no reading after the end", "{ afterEnd: 1 }", "{ afterEnd: 0 }"],
  ]),
  ...table("voice.ts", "gauge.test.ts", [
    ["lets a sighting change the price", "if (states(sample)) stated = sample;", "stated = sample;"],
    [
      "does not know what a machine was before its first statement",
      "let stated = ordered.find(states);",
      "let stated: Sample | undefined;",
    ],
  ]),
  ...table("timeline.ts", "timeline.test.ts", [
    [
      "goes on after a final end",
      "end < 0 ? { alive: ordered, after: [] }",
      "end < 1e9 ? { alive: ordered, after: [] }",
      "gauge.test.ts",
    ],
    [
      "bills a redelivered reading twice",
      "return withoutRetellings(distinct(series.toSorted(compare)));",
      "return withoutRetellings(series.toSorted(compare));",
      "counter.test.ts",
    ],
    [
      "takes two tellings for two transitions",
      "return withoutRetellings(distinct(series.toSorted(compare)));",
      "return distinct(series.toSorted(compare));",
    ],
    ["pairs only within a second", "PAIRING_MS = 2 * SECOND_MS", "PAIRING_MS = 1 * SECOND_MS"],
    [
      "believes a poll before a notification",
      "{ notification: 2, api: 1, poll: 0 }",
      "{ notification: 0, api: 1, poll: 2 }",
    ],
    ["puts a reading of the same instant after the end", "Number(isEnd(a)) - Number(isEnd(b)) ||", ""],
    ["prefers the earlier of two events", "a.sequence - b.sequence;", "b.sequence - a.sequence;"],
    [
      "leaves two equal readings in the order of their arrival",
      "return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;",
      "return 0;",
    ],
  ]),
  ...table("counter.ts", "counter.test.ts", [
    [
      "bills a counter that dropped for all that it shows",
      "dropped ? 0n : share(from, sample, period)",
      "share(dropped ? { at: from.at, value: 0n } : from, sample, period)",
    ],
    ["bills what nobody saw begin", "incarnation?.witnessed === true &&", "incarnation !== undefined &&"],
    [
      "mixes the counters of two hosts",
      "JSON.stringify([incarnation.host, incarnation.device, incarnation.startedAt])",
      "JSON.stringify([incarnation.device])",
    ],
    [
      "takes a disk that came back for the one that left",
      "incarnation.device, incarnation.startedAt]",
      "incarnation.device]",
    ],
    [
      "loses units between two periods",
      "return spread(end) - spread(start);",
      "return (total * BigInt(overlapMs({ start: from.at, end: to.at }, { start, end }))) / BigInt(to.at - from.at);",
      "laws.test.ts",
    ],
    ["takes an end mark for a reading", "series.filter((sample) => !isEnd(sample))", "series"],
  ]),
  ...table("coverage.ts", "gauge.test.ts", [
    ["waits for the slowest source", "const due = Math.min(...confirmations", "const due = Math.max(...confirmations"],
    [
      "calls seen what only the slowest source would have seen",
      "at(moment + Math.min(...limits))",
      "at(moment + Math.max(...limits))",
    ],
    ["ends holds before a source began to look", "Math.max(moment, since) + limitMs", "moment + limitMs"],
    ["bills through a gap in listening", "start <= moment && moment <= end", "start <= moment", "gauge.test.ts"],
    [
      "bills without end where nobody looks",
      "at(Math.min(due, heard?.end ?? moment))",
      "at(Math.min(due, heard?.end ?? due))",
    ],
    ["joins what was heard in two regions", "each.region === region", "each.region !== ''", "coverage.test.ts"],
  ]),
  ...table("slice.ts", "slice.test.ts", [
    [
      "forgets what was in force before the period",
      "sample.at >= lead && sample.at <= tail",
      "sample.at >= period.start && sample.at <= tail",
    ],
    [
      "does not look past the period",
      "sample.at >= lead && sample.at <= tail",
      "sample.at >= lead && sample.at < period.end",
    ],
    ["forgets the statement in force", " || sample === statement", ""],
    ["forgets the final end", ' || sample.stance === "ends"', ""],
  ]),
  ...table("instant.ts", "instant.test.ts", [
    [
      "counts a reading at the edge twice",
      "period.start <= moment && moment < period.end",
      "period.start <= moment && moment <= period.end",
    ],
    [
      "takes finer digits for milliseconds",
      'fraction.padEnd(3, "0").slice(0, 3)',
      'fraction.padEnd(3, "0").slice(0, 4)',
    ],
    ["believes in leap seconds", "Math.min(Number(second), 59)", "Number(second)"],
  ]),
  ...table("portion.ts", "laws.test.ts", [
    ["loses evidence", "inferredMs: a.inferredMs + (b.inferredMs ?? 0)", "inferredMs: a.inferredMs", "gauge.test.ts"],
    [
      "mixes projects",
      "JSON.stringify([project, dimensionsKey(dimensions)])",
      "dimensionsKey(dimensions)",
      "gauge.test.ts",
    ],
    ["combines only what came in a row", "of usages.toSorted(compare)", "of usages"],
    [
      "makes bills depend on the order of usages",
      "usages.toSorted((a, b) => compare(a, b) ||",
      "usages.toSorted((a, b) =>",
      "charge.test.ts",
    ],
  ]),
  ...table("charge.ts", "charge.test.ts", [
    ["calls free what has no price", "(isFree(usage, book) ? free : unpriced)", "free"],
    ["starts the tiers anew for every machine", 'price.scope === "resource" ? usage.resource : ""', "usage.resource"],
    ["lets two projects share a tier", "[price.sku, usage.project, price.scope", "[price.sku, price.scope"],
    ["takes every month for 730 hours", 'book.month === "730h" ? STANDARD_MONTH_MS : monthMs', "STANDARD_MONTH_MS"],
    ["charges for soft-deleted machines", ' || usage.dimensions["state"] === SOFT_DELETED', ""],
    ["holds an invoice for a fan's speed", " || meterNamed(meter)?.isPriceable === false", ""],
  ]),
  ...table("graduated.ts", "charge.test.ts", [
    ["charges the first tier twice", "const held = minus(ceiling, floor);", "const held = ceiling;"],
    ["starts a tier below where the last one ended", "    floor = upTo;\n", "    floor = ZERO;\n"],
  ]),
  ...table("volume.ts", "price-model.test.ts", [
    ["reprices a quantity that just fills its tier", "compare(units, upTo) <= 0", "compare(units, upTo) < 0"],
  ]),
  ...table("allowance.ts", "charge.test.ts", [
    ["gives each resource the whole allowance", "compare(all, allowance) <= 0", "compare(units, allowance) <= 0"],
  ]),
  ...table("cap.ts", "charge.test.ts", [
    ["charges what is above the cap as well", "minus(cost, cap)", "ZERO"],
    ["takes off the cap and not what is above it", "minus(cost, cap)", "cap"],
  ]),
  ...table("minimum.ts", "invoice.test.ts", [
    [
      "owes the whole minimum for a part of the period",
      "if (since === undefined) return amount;",
      "if (since !== null) return amount;",
    ],
    [
      "charges the minimum on top of the use",
      "const cost = minus(owed, fromMinor(total, currency));",
      "const cost = owed;",
    ],
  ]),
  ...table("discount.ts", "invoice.test.ts", [
    ["takes the discount on everything before the others", "ofBook([...lines, ...own], terms)", "ofBook(lines, terms)"],
    ["charges the discount instead of giving it", "rational(-1n, 100n)", "rational(1n, 100n)"],
  ]),
  ...table("charged-line.ts", "account-wide.test.ts", [
    ["rounds what projects share for each of them", "amounts.get(charge) ?? toMinor(", "toMinor("],
  ]),
  ...table("fee.ts", "fee.test.ts", [
    ["charges a whole cycle for a part of it", "BigInt(daysBetween(from, to))", "BigInt(daysBetween(start, end))"],
    ["charges a cycle in the month in which it ends", "if (contains(period, due))", "if (true)"],
  ]),
  ...table("credit.ts", "credit.test.ts", [
    ["pays more than is left to be paid", "const amount = least(credit.left, due);", "const amount = credit.left;"],
    ["gives back nothing that was paid", "return [...given, ...prepaid];", "return given;"],
  ]),
  ...table("flat.ts", "charge.test.ts", [
    ["gives away a flat fee for time that nobody saw", "BigInt(observedMs + inferredMs)", "BigInt(observedMs)"],
  ]),
  ...table("package.ts", "price-model.test.ts", [
    ["sells a package that nobody started", "numerator + denominator - 1n", "numerator + denominator"],
    ["gives the last package away", "numerator + denominator - 1n", "numerator"],
  ]),
  ...table("price.ts", "price.test.ts", [
    [
      "takes the least specific price",
      "prices.toSorted(bySpecificity)",
      "prices.toSorted((a, b) => bySpecificity(b, a))",
    ],
    [
      "prices the soft-deleted by a pattern",
      '!alternatives(where["state"] ?? "").includes(SOFT_DELETED)',
      'where["state"] === undefined',
    ],
  ]),
  ...table("price-problems.ts", "price.test.ts", [
    [
      "publishes prices that tie",
      "if (a.meter !== b.meter || bySpecificity(a, b) !== 0) return false;",
      "return false;",
    ],
  ]),
  ...table("term-problems.ts", "price.test.ts", [
    ["publishes tiers that do not rise", "compare(upTo, below) <= 0", "compare(upTo, below) < 0"],
  ]),
  ...table("pattern.ts", "pattern.test.ts", [["lets a dot stand for any letter", ".map(escaped)", ""]]),
  ...table("rational.ts", "rational.test.ts", [
    ["rounds down", "(2n * magnitude + denominator) / (2n * denominator)", "magnitude / denominator"],
    [
      "rounds a credit otherwise than its charge",
      "const magnitude = numerator < 0n ? -numerator : numerator;",
      "const magnitude = numerator;",
    ],
  ]),
  ...table("money.ts", "money.test.ts", [["gives the yen cents", "JPY: 0,", "JPY: 2,"]]),
  ...table("invoice.ts", "invoice.test.ts", [
    [
      "prints a total that is not the sum of its lines",
      "const net = lines.reduce((total, { amount }) => total + amount, 0n);",
      "const net = lines.slice(1).reduce((total, { amount }) => total + amount, 0n);",
    ],
    ["bills one project's charge to another", "if (stranger !== undefined)", "if (stranger === null)"],
  ]),
  ...table("adjust.ts", "adjust.test.ts", [
    ["forgets what was corrected before", "(standings.get(key)?.billed ?? 0n) + line.amount", "line.amount"],
    ["taxes a correction by itself", "before.reduce((sum, each) => sum + each.tax, 0n)", "0n"],
  ]),
  ...table("rounding.ts", "rounding.test.ts", [
    ["rounds every half up", "floor % 2n !== 0n", "true"],
    ["rounds every half down", "floor % 2n !== 0n", "false"],
  ]),
];
