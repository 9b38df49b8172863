import type { Coverage, Minimum, Override, Price, Rational, Sample } from "@raingauge/domain";
import { billOf } from "./bill.ts";
import { bad, readDuration, readTime } from "./clock.ts";
import { type Cloud, happen } from "./cloud.ts";
import { readAgreed, readDiscount, readMinimum, readPrice, sound } from "./prices.ts";
import { type Round, readSeries, readSource } from "./watching.ts";

/** What a scenario has told so far. */
interface Story {
  day: string;
  currency: string;
  prices: Price[];
  free: string[];
  discountPercent?: Rational;
  minimum?: Minimum;
  overrides: Override[];
  coverage: Coverage[];
  cloud: Cloud;
  samples: Sample[];
}

/** How readings reach the bill: as they are told, or late, out of order and more than once. */
export type Delivery = (samples: readonly Sample[]) => readonly Sample[];

/**
 * Plays a scenario and returns the same text with its bills as they come out. A head begins a section and stands at the
 * margin; what belongs to it is indented. A `#` begins a comment. README.md tells the language.
 */
export function play(script: string, deliver: Delivery = (samples) => samples): string {
  const story: Story = {
    day: "2026-01-15",
    currency: "EUR",
    prices: [],
    overrides: [],
    free: [],
    coverage: [],
    cloud: [],
    samples: [],
  };
  let body: (line: string) => void = bad;
  const played: string[] = [];
  let inBill = false;
  for (const written of script.split("\n")) {
    const line = written.replace(/\s*#.*$/, "");
    const isHead = line !== "" && !line.startsWith(" ");
    if (isHead) {
      inBill = line.startsWith("bill ");
      played.push(written, ...(inBill ? bill(line, story, deliver) : []));
      body = inBill ? () => {} : section(line, story);
    } else if (!inBill || line === "") {
      played.push(written);
      if (line !== "") body(line.trim());
    }
  }
  return played.join("\n");
}

/** Opens the section that a head begins, and says how its lines are read. */
function section(head: string, story: Story): (line: string) => void {
  const [keyword = "", ...rest] = head.split(" ");
  switch (keyword) {
    case "day":
      story.day = rest[0] ?? bad(head);
      return bad;
    case "prices":
      story.currency = rest[0] ?? bad(head);
      return (line) => readPriceOrFree(line, story);
    case "sources":
      return (line) => story.coverage.push(readSource(line, story.day));
    case "notifications":
      return (line) => notify(line, story);
    case "poll":
    case "sweep":
    case "audit": {
      const round = readRound(keyword, head, story.day);
      return (line) => story.samples.push(...readSeries(line, round, story.cloud, story.day));
    }
    default:
      return bad(head);
  }
}

function readPriceOrFree(line: string, story: Story): void {
  if (line.startsWith("free ")) story.free.push(...line.split(" ").slice(1));
  else if (line.startsWith("discount ")) story.discountPercent = readDiscount(line) ?? bad(line);
  else if (line.startsWith("agreed ")) story.overrides = withAgreed(story.overrides, readAgreed(line));
  else if (line.startsWith("minimum ")) story.minimum = readMinimum(line);
  else story.prices.push(readPrice(line));
}

/** Several lines about one customer are one agreement. */
function withAgreed(overrides: readonly Override[], said: Override): Override[] {
  const known = overrides.find(({ project }) => project === said.project);
  const others = overrides.filter((each) => each !== known);
  return [...others, { ...known, ...said, prices: { ...known?.prices, ...said.prices } }];
}

function readRound(kind: Round["kind"], head: string, day: string): Round {
  const [, every = "", from = ""] = /^\S+ every (\S+) from (\S+)$/.exec(head) ?? bad(head);
  return { kind, everyMs: readDuration(every), from: readTime(from, day) };
}

function notify(line: string, story: Story): void {
  const [, time = "", told = ""] = /^(\S+)\s+(.+)$/.exec(line) ?? bad(line);
  const happening = happen(story.cloud, readTime(time, story.day), told);
  story.cloud = [...story.cloud, happening].toSorted((a, b) => a.at - b.at);
  story.samples.push(...happening.samples);
}

function bill(head: string, { samples, coverage, day, ...story }: Story, deliver: Delivery): string[] {
  const [, project = "", start = "", end = ""] = /^bill (\S+) (\S+) \.\. (\S+)$/.exec(head) ?? bad(head);
  const book = sound({ name: "scenario", version: "1", month: "calendar", ...story });
  return billOf(
    project,
    { start: readTime(start, day), end: readTime(end, day) },
    { samples: deliver(samples), coverage, book, day },
  );
}
