import { z } from "zod";
import { EvidenceView, PeriodView } from "./views/usage.ts";

/** Only letters that a dimension can have, so that no name of JavaScript's own is asked for; a tag is called as it likes. */
const NAMED = String.raw`dimension\.[a-z][a-z0-9_]*|tag\.[^,\s]{1,100}`;
const USAGE = "region, project, domain, account, meter, resource, dimension.<name>, tag.<name>";
const TERMS_MAX = 8;

const termsOf = (words: string, sentence: string) =>
  z.array(z.string().regex(new RegExp(`^(?:${words}|${NAMED})$`), `not one of ${sentence}`)).max(TERMS_MAX);

export const GroupText = z
  .string()
  .transform((text) => text.split(","))
  .pipe(termsOf("region|project|domain|account|meter|resource", USAGE))
  .optional()
  .describe(
    `Adds usage up by these, apart by commas: ${USAGE}. The meter always counts, since units differ. A tag is an attribute of the resource, as it was last told of in the period.`,
  );

export const costGroupText = z
  .string()
  .default("project")
  .transform((text) => text.split(","))
  .pipe(termsOf("sku|meter|region|project|domain|account|resource", `sku, ${USAGE}`))
  .describe(`Adds costs up by these, apart by commas: sku, ${USAGE}.`);

export const GroupView = z.object({
  period: PeriodView.optional().describe("Which bucket it is; left out where none was asked for."),
  meter: z.string(),
  by: z.record(z.string(), z.string()).readonly(),
  quantity: z.string(),
  unit: z.string(),
  usages: z.number().int(),
  evidence: EvidenceView,
});

export type Group = z.input<typeof GroupView>;

/** By bucket, then by meter and terms. */
export const groupKey = ({ period, meter, by }: Group): string =>
  JSON.stringify([period?.start ?? "", meter, ...Object.values(by)]);
