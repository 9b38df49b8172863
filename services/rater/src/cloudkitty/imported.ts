import type { Instant, Rational } from "@raingauge/domain";
import type { NewRatingRecord } from "@raingauge/ledger";
import { z } from "zod";
import { readDecimal } from "./arguments.ts";
import { readMoment } from "./moments.ts";
import { costText } from "./parent.ts";
import { type Documents, type Kind, type RatingState, written } from "./state.ts";

const Moment = z.string().transform((text, context) => {
  const moment = readMoment(text);
  if (moment === undefined) context.addIssue({ code: "custom", message: "not an instant" });
  return moment ?? z.NEVER;
});
const Decimal = z.union([z.string(), z.number()]).transform((told, context): Rational => {
  try {
    return readDecimal("cost", String(told));
  } catch {
    context.addIssue({ code: "custom", message: "not a decimal number" });
    return z.NEVER;
  }
});
const Id = z.string().min(1).max(100);
const rule = {
  type: z.enum(["flat", "rate"]),
  cost: Decimal,
  service_id: Id.nullish(),
  field_id: Id.nullish(),
  group_id: Id.nullish(),
  tenant_id: Id.nullish(),
};
const audited = {
  created_at: Moment.nullish(),
  start: Moment.nullish(),
  end: Moment.nullish(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  deleted: Moment.nullish(),
  created_by: z.string().nullish(),
  updated_by: z.string().nullish(),
  deleted_by: z.string().nullish(),
};

const scope = z.object({
  scope_id: z.string().min(1).max(256),
  scope_key: z.string().nullish(),
  fetcher: z.string().nullish(),
  collector: z.string().nullish(),
  active: z.boolean(),
  scope_activation_toggle_date: Moment.nullish(),
});

/** A CloudKitty's rules as its own API shows them. */
export const RuleSet = z.strictObject({
  services: z.array(z.object({ service_id: Id, name: z.string().min(1) })).default([]),
  fields: z.array(z.object({ field_id: Id, name: z.string().min(1), service_id: Id })).default([]),
  groups: z.array(z.object({ group_id: Id, name: z.string().min(1) })).default([]),
  mappings: z.array(z.object({ mapping_id: Id, value: z.string().nullish(), ...rule, ...audited })).default([]),
  thresholds: z.array(z.object({ threshold_id: Id, level: Decimal, ...rule })).default([]),
  scopes: z.array(scope).default([]).describe("Whose usage it rates, and whose it was told not to."),
  dryRun: z.boolean().default(false).describe("Only says what would be taken over."),
});
export type RuleSet = z.output<typeof RuleSet>;

export interface Takeover {
  readonly records: readonly NewRatingRecord[];
  readonly added: Readonly<Record<string, number>>;
  readonly known: number;
  /** What cannot be taken over, each in a sentence. */
  readonly refused: readonly string[];
}

/**
 * What has to be written so that these rules are ours: under their own ids, with their own dates. What is there already is left
 * as it is, so that taking over twice is taking over once. Pure.
 */
export function takeover(told: RuleSet, state: RatingState, now: Instant, closedUntil: Instant | undefined): Takeover {
  const refused: string[] = [];
  const records: NewRatingRecord[] = [];
  const added: Record<string, number> = {};
  let known = 0;
  const open = closedUntil ?? 0;
  const take = <K extends Kind>(kind: K, document: Documents[K], problem?: string): void => {
    if (state.one(kind, document.id) !== undefined) known += 1;
    else if (problem !== undefined) refused.push(problem);
    else {
      records.push(written(kind, document));
      added[kind] = (added[kind] ?? 0) + 1;
    }
  };
  const namesake = (kind: "service" | "group", id: string, name: string): string | undefined =>
    state.all(kind).some((each) => each.name === name && each.id !== id)
      ? `a ${kind} named ${name} is there under another id`
      : undefined;
  const services = new Set(
    [...state.all("service"), ...told.services.map(({ service_id: id }) => ({ id }))].map(({ id }) => id),
  );
  const fields = new Set(
    [...state.all("field"), ...told.fields.map(({ field_id: id }) => ({ id }))].map(({ id }) => id),
  );
  const orphan = (
    id: string,
    parent: { readonly service_id?: string | null | undefined; readonly field_id?: string | null | undefined },
  ): string | undefined =>
    services.has(parent.service_id ?? "") || fields.has(parent.field_id ?? "")
      ? undefined
      : `${id} hangs on a service or field that is not there`;

  for (const { service_id: id, name } of told.services) take("service", { id, name }, namesake("service", id, name));
  for (const { field_id: id, name, service_id } of told.fields)
    take("field", { id, name, serviceId: service_id }, orphan(`field ${id}`, { service_id }));
  for (const { group_id: id, name } of told.groups) take("group", { id, name }, namesake("group", id, name));
  for (const mapping of told.mappings) {
    const start = mapping.start ?? mapping.created_at ?? 0;
    take(
      "mapping",
      {
        id: mapping.mapping_id,
        value: mapping.value ?? "",
        ...commonOf(mapping),
        createdAt: mapping.created_at ?? now,
        start,
        end: mapping.end ?? null,
        name: mapping.name ?? mapping.mapping_id,
        description: mapping.description ?? null,
        deleted: mapping.deleted ?? null,
        createdBy: mapping.created_by ?? "unknown",
        updatedBy: mapping.updated_by ?? null,
        deletedBy: mapping.deleted_by ?? null,
        from: Math.max(start, open),
      },
      orphan(`mapping ${mapping.mapping_id}`, mapping),
    );
  }
  for (const threshold of told.thresholds)
    take(
      "threshold",
      // CloudKitty does not say since when; whatever it rates again, it rates by the thresholds of today.
      { id: threshold.threshold_id, level: levelOf(threshold.level), ...commonOf(threshold), from: open },
      orphan(`threshold ${threshold.threshold_id}`, threshold),
    );
  for (const each of scopesOf(told.scopes)) take("scope", scopeDocument(each, open));
  return { records, added, known, refused };
}

/** One for each id: a scope of several collectors is rated as long as one of them is told to. */
const scopesOf = (told: RuleSet["scopes"]): RuleSet["scopes"] => [
  ...new Map(
    told.toSorted((a, b) => Number(a.active) - Number(b.active)).map((each) => [each.scope_id, each]),
  ).values(),
];

/** Up to when it was rated there is not ours to say: what is stored here is rated here. No month that is closed is paused afterwards. */
const scopeDocument = (told: RuleSet["scopes"][number], open: number) => ({
  id: told.scope_id,
  scopeKey: told.scope_key ?? "project_id",
  fetcher: told.fetcher ?? "keystone",
  collector: told.collector ?? "gnocchi",
  active: told.active,
  toggledAt: Math.max(told.scope_activation_toggle_date ?? 0, told.active ? 0 : open),
  processedUntil: null,
});

const commonOf = ({
  type,
  cost,
  ...rest
}: Pick<RuleSet["mappings"][number], "type" | "cost" | "service_id" | "field_id" | "group_id" | "tenant_id">) => ({
  type,
  cost: costText(cost),
  serviceId: rest.service_id ?? null,
  fieldId: rest.field_id ?? null,
  groupId: rest.group_id ?? null,
  tenantId: rest.tenant_id ?? null,
});

const levelOf = costText;
