import { type Event, formatMinor, iso } from "@raingauge/domain";
import { usageDigest, viewLine } from "@raingauge/wire";
import { z } from "zod";
import type { Level, UsageReasons, Why } from "../why.ts";
import type { Change } from "../why-changed.ts";
import { LineView } from "./invoice.ts";
import { SampleView, viewSample } from "./sample.ts";
import { UsageView, viewUsage } from "./usage.ts";

const levelOf = <T extends z.ZodType>(item: T) =>
  z.object({ count: z.number().int(), digest: z.string(), items: z.array(item).readonly() });

const NotificationView = z.object({ id: z.string(), type: z.string(), at: z.string(), source: z.string() });

const ChangeView = z.object({
  billed: z
    .array(z.object({ number: z.string(), position: z.number().int(), amount: z.string(), arithmetic: z.string() }))
    .readonly()
    .describe("What each document before it billed for the same thing."),
  due: z.string().optional().describe("How what is due comes about; left out where nothing is due any more."),
  since: z.string().describe("What was stored later than this is behind no document before it."),
  before: z.object({ count: z.number().int(), digest: z.string() }).describe("The usages of the newest before it."),
  gone: z.array(UsageView).readonly().describe("Of these, what nothing is left of."),
});

export const WhyView = z.object({
  number: z.string(),
  currency: z.string(),
  line: LineView,
  rule: z.object({
    sku: z.string(),
    book: z.object({ name: z.string(), version: z.string(), digest: z.string() }),
    where: z.record(z.string(), z.union([z.string(), z.array(z.string()).readonly()])).readonly(),
    scope: z.enum(["resource", "project", "account"]).optional(),
    arithmetic: z.string(),
  }),
  change: ChangeView.optional().describe("On a line of a credit or debit note."),
  usages: z.object({
    count: z.number().int(),
    digest: z.string(),
    items: z
      .array(
        z.object({
          usage: UsageView,
          digest: z.string(),
          sentence: z.string(),
          before: z.string().optional().describe("On a correction: its quantity as it was billed before."),
          readings: levelOf(SampleView),
          late: levelOf(SampleView).optional().describe("On a correction: the readings that became known since."),
          messages: levelOf(z.string()),
          notifications: levelOf(NotificationView).describe("Those of the messages that services sent."),
        }),
      )
      .readonly(),
    next: z.number().int().optional().describe("The offset of the next usages; absent after the last."),
  }),
});

export function viewWhy({ issued, line, rule, change, usages }: Why, offset: number): z.input<typeof WhyView> {
  const { scope, ...always } = rule;
  const end = offset + usages.explained.length;
  return {
    number: issued.number,
    currency: issued.invoice.currency,
    line: viewLine(line, issued.invoice.currency),
    rule: { ...always, ...(scope === undefined ? {} : { scope }) },
    ...(change === undefined ? {} : { change: viewChange(change, issued.invoice.currency) }),
    usages: {
      count: usages.count,
      digest: usages.digest,
      items: usages.explained.map(viewReasons),
      ...(end < usages.count ? { next: end } : {}),
    },
  };
}

const viewChange = ({ billed, due, since, before, gone }: Change, currency: string): z.input<typeof ChangeView> => ({
  billed: billed.map(({ amount, ...rest }) => ({ ...rest, amount: formatMinor(amount, currency) })),
  ...(due === undefined ? {} : { due }),
  since: iso(since),
  before: { count: before.length, digest: usageDigest(before) },
  gone: gone.map(viewUsage),
});

const viewReasons = ({ usage, digest, sentence, before, readings, late, messages, notifications }: UsageReasons) => ({
  usage: viewUsage(usage),
  digest,
  sentence,
  ...(before === undefined ? {} : { before: String(before) }),
  readings: viewLevel(readings, viewSample),
  ...(late === undefined ? {} : { late: viewLevel(late, viewSample) }),
  messages: viewLevel(messages, (id) => id),
  notifications: viewLevel(notifications, viewNotification),
});

const viewLevel = <T, V>({ count, digest, shown }: Level<T>, view: (item: T) => V) => ({
  count,
  digest,
  items: shown.map(view),
});

const viewNotification = ({ id, type, at, source }: Event): z.input<typeof NotificationView> => ({
  id,
  type,
  at: iso(at),
  source,
});
