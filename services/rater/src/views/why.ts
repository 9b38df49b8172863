import { viewLine } from "@raingauge/wire";
import { z } from "zod";
import type { UsageReasons, Why } from "../why.ts";
import { LineView } from "./invoice.ts";
import { SampleView, viewSample } from "./sample.ts";
import { UsageView, viewUsage } from "./usage.ts";

const levelOf = <T extends z.ZodType>(item: T) =>
  z.object({ count: z.number().int(), digest: z.string(), items: z.array(item).readonly() });

export const WhyView = z.object({
  number: z.string(),
  currency: z.string(),
  line: LineView,
  rule: z.object({
    sku: z.string(),
    book: z.object({ name: z.string(), version: z.string(), digest: z.string() }),
    where: z.record(z.string(), z.union([z.string(), z.array(z.string()).readonly()])).readonly(),
    scope: z.enum(["resource", "project"]).optional(),
    arithmetic: z.string(),
  }),
  usages: z.object({
    count: z.number().int(),
    digest: z.string(),
    items: z
      .array(
        z.object({
          usage: UsageView,
          digest: z.string(),
          sentence: z.string(),
          readings: levelOf(SampleView),
          messages: levelOf(z.string()),
        }),
      )
      .readonly(),
    next: z.number().int().optional().describe("The offset of the next usages; absent after the last."),
  }),
});

export function viewWhy({ issued, line, rule, usages }: Why, offset: number): z.input<typeof WhyView> {
  const { scope, ...always } = rule;
  const end = offset + usages.explained.length;
  return {
    number: issued.number,
    currency: issued.invoice.currency,
    line: viewLine(line, issued.invoice.currency),
    rule: { ...always, ...(scope === undefined ? {} : { scope }) },
    usages: {
      count: usages.count,
      digest: usages.digest,
      items: usages.explained.map(viewReasons),
      ...(end < usages.count ? { next: end } : {}),
    },
  };
}

const viewReasons = ({ usage, digest, sentence, readings, messages }: UsageReasons) => ({
  usage: viewUsage(usage),
  digest,
  sentence,
  readings: { count: readings.count, digest: readings.digest, items: readings.shown.map(viewSample) },
  messages: { count: messages.count, digest: messages.digest, items: messages.shown },
});
