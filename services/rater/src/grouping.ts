import { sumEvidence, type Usage } from "@raingauge/domain";
import { z } from "zod";
import { EvidenceView, PeriodView, unitOf, viewEvidence } from "./views/usage.ts";

const NAMES = ["region", "project", "resource"] as const;
type Name = (typeof NAMES)[number];

/** Only letters that a dimension can have, so that no name of JavaScript's own is asked for. */
const TERM = /^(region|project|resource|dimension\.[a-z][a-z0-9_]*)$/;

export const GroupText = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(z.string().regex(TERM, "not one of region, project, resource, dimension.<name>")).max(8))
  .optional()
  .describe(
    "Adds usage up by these, apart by commas: region, project, resource, dimension.<name>. The meter always counts, since units differ.",
  );

const COST_TERM = /^(sku|meter|region|project|resource|dimension\.[a-z][a-z0-9_]*)$/;

export const costGroupText = z
  .string()
  .default("project")
  .transform((text) => text.split(","))
  .pipe(
    z.array(z.string().regex(COST_TERM, "not one of sku, meter, region, project, resource, dimension.<name>")).max(8),
  )
  .describe("Adds costs up by these, apart by commas: sku, meter, region, project, resource, dimension.<name>.");

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

/** Usages added up. Exact: quantities are whole numbers of one unit. Pure. */
export function grouped(usages: readonly Usage[], terms: readonly string[]): Group[] {
  const groups = Map.groupBy(usages, (usage) =>
    JSON.stringify([usage.meter, ...terms.map((term) => termOf(usage, term))]),
  );
  return [...groups.values()].map((group) => sumOf(group, terms));
}

/** By bucket, then by meter and terms. */
export const groupKey = ({ period, meter, by }: Group): string =>
  JSON.stringify([period?.start ?? "", meter, ...Object.values(by)]);

function sumOf(group: readonly Usage[], terms: readonly string[]): Group {
  const [first] = group;
  const meter = first?.meter ?? "";
  return {
    meter,
    by: Object.fromEntries(terms.map((term) => [term, first === undefined ? "" : termOf(first, term)])),
    quantity: String(group.reduce((total, { quantity }) => total + quantity, 0n)),
    unit: unitOf(meter),
    usages: group.length,
    evidence: viewEvidence(group.map(({ evidence }) => evidence).reduce(sumEvidence)),
  };
}

function termOf(usage: Usage, term: string): string {
  if (isName(term)) return usage[term];
  return usage.dimensions[term.slice("dimension.".length)] ?? "";
}

const isName = (term: string): term is Name => NAMES.some((name) => name === term);
