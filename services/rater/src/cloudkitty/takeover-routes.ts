import { at, iso } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { z } from "zod";
import { ADMINS } from "../access.ts";
import { type Calendar, MomentText } from "../period-query.ts";
import type { Routes } from "../schema.ts";
import { bookText, compiledBook } from "./compiled-book.ts";
import { RuleSet, takeover } from "./imported.ts";
import type { MetricsFile } from "./metrics-file.ts";
import { ratingBook } from "./rating-book.ts";
import { written } from "./state.ts";
import { tariffOf } from "./tariff.ts";

interface Collaborators {
  readonly ledger: Pick<Ledger, "ratingRecords" | "addRatingRecords" | "invoices">;
  readonly calendar: Calendar;
  readonly metricsFile: Pick<MetricsFile, "metrics">;
}

/** A generous site has some thousand rules. */
const RULES_BYTES_MAX = 8 * 1024 * 1024;

/** What `raingauge import cloudkitty` asks: it takes over what a CloudKitty has, rather than making it anew. */
export const takeoverRoutes: Routes<Collaborators> = async (app, { ledger, calendar, metricsFile }) => {
  const book = ratingBook(ledger, calendar);
  const rules = {
    summary: "Takes over a CloudKitty's hashmap rules, under their own ids and with their own dates",
    body: RuleSet,
    response: {
      200: z.object({
        added: z.record(z.string(), z.number().int()).readonly(),
        known: z.number().int().describe("Were there already, and were left as they are."),
        refused: z.array(z.string()).readonly(),
        dryRun: z.boolean(),
      }),
    },
  };
  app.post(
    "/v1/cloudkitty/rules",
    { schema: rules, config: { admits: ADMINS }, bodyLimit: RULES_BYTES_MAX },
    async (request) => {
      const { dryRun } = request.body;
      const now = calendar.clock();
      const closedUntil = await book.closedUntil(now);
      let { added, known, refused } = takeover(request.body, await book.read(), now, closedUntil);
      if (!dryRun)
        await book.write((state) => {
          const taken = takeover(request.body, state, now, closedUntil);
          ({ added, known, refused } = taken);
          return taken.records;
        });
      return { added, known, refused, dryRun };
    },
  );

  const compiled = {
    summary: "The hashmap rules in force now, as a price book that says the same; it is not published",
    body: z.strictObject({
      name: z.string().min(1),
      version: z.string().min(1),
      currency: z.string().regex(/^[A-Z]{3}$/),
    }),
    response: {
      200: z.object({
        book: z.string().describe("In YAML, ready to be read and published."),
        left: z.array(z.string()).readonly().describe("What a price book cannot say."),
      }),
    },
  };
  app.post("/v1/cloudkitty/price-book", { schema: compiled, config: { admits: ADMINS } }, async (request) => {
    const made = compiledBook(tariffOf(await book.read()).everyRuleAt(calendar.clock()), metricsFile.metrics);
    return { book: bookText(made, request.body), left: made.left };
  });

  const handover = {
    summary: "Says until when another system rated: before it, only the points that were given to us are shown",
    body: z.strictObject({ until: MomentText }),
    response: { 200: z.object({ until: z.string() }) },
  };
  app.post("/v1/cloudkitty/handover", { schema: handover, config: { admits: ADMINS } }, async (request) => {
    const { until } = request.body;
    await book.write((state) =>
      state.one("handover", "cloudkitty")?.until === until ? [] : [written("handover", { id: "cloudkitty", until })],
    );
    return { until: iso(at(until)) };
  });
};
