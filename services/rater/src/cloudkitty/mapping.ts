import { at, compare, type Instant, parseDecimal } from "@raingauge/domain";
import type { Arguments } from "./arguments.ts";
import { Fault } from "./fault.ts";
import { standing } from "./members.ts";
import { naive, spoken } from "./moments.ts";
import { costText, isSameParent, parentOf, parentTold, spokenParent } from "./parent.ts";
import type { MappingDocument, RatingState } from "./state.ts";

const TYPES = ["flat", "rate"] as const;

export const ruleType = (told: Arguments): "flat" | "rate" => told.oneOf("type", TYPES) ?? "flat";

export interface Making {
  readonly id: string;
  /** Where the caller names none. */
  readonly name: string;
  readonly now: Instant;
  readonly by: string;
  readonly force: boolean;
  readonly closedUntil: Instant | undefined;
}

/** A new mapping, or the Fault that CloudKitty would name. Pure. */
export function newMapping(
  told: Arguments,
  state: RatingState,
  { id, name, now, by, force, closedUntil }: Making,
): MappingDocument {
  const parent = parentOf(told, state);
  const value = told.text("value") ?? "";
  if (parent.fieldId !== null && value === "") throw new Fault(400, "You must specify a value for a field mapping.");
  const start = told.moment("start") ?? now;
  const end = endTold(told);
  if (start < now && !force)
    throw new Fault(
      400,
      `Cannot create a rule with start in the past. start=[${spoken(start)}] current time=[${spoken(now)}].`,
    );
  if (end !== null && end < start)
    throw new Fault(
      400,
      `Cannot create a rule with start after end. start=[${spoken(start)}] end=[${spoken(at(end))}].`,
    );
  const cost = told.decimal("cost");
  if (cost === undefined)
    throw new Fault(400, "Invalid input for field/attribute cost. Value: 'None'. Mandatory field missing.");
  return {
    id,
    value: parent.fieldId === null ? "" : value,
    type: ruleType(told),
    cost: costText(cost),
    ...parent,
    createdAt: now,
    start,
    end,
    name: told.text("name") || name,
    description: told.text("description") ?? null,
    deleted: null,
    createdBy: by,
    updatedBy: null,
    deletedBy: null,
    from: Math.max(start, closedUntil ?? start),
  };
}

/** The mappings that a new one would contradict. */
export const rivals = (mapping: MappingDocument, state: RatingState): MappingDocument[] =>
  standing(state).filter((other) => other.id !== mapping.id && isSamePlace(other, mapping) && overlaps(other, mapping));

export function refuseRivals(mapping: MappingDocument, state: RatingState): void {
  const isNamesake = standing(state).some((other) => other.id !== mapping.id && other.name === mapping.name);
  if (isNamesake || rivals(mapping, state).length > 0)
    throw new Fault(409, `Mapping '${mapping.value}' already exists for ${spokenParent(mapping)}`);
}

const isSamePlace = (a: MappingDocument, b: MappingDocument): boolean => a.value === b.value && isSameParent(a, b);

const overlaps = (a: MappingDocument, b: MappingDocument): boolean =>
  a.start <= (b.end ?? Infinity) && b.start <= (a.end ?? Infinity);

/** The mapping as a caller would have it, or the Fault: what rates already is not changed, only ended. Pure. */
export function changedMapping(mapping: MappingDocument, told: Arguments, now: Instant, by: string): MappingDocument {
  return mapping.start <= now ? endedMapping(mapping, told, now, by) : futureMapping(mapping, told, now, by);
}

function endedMapping(mapping: MappingDocument, told: Arguments, now: Instant, by: string): MappingDocument {
  if (mapping.end !== null)
    throw new Fault(400, "Cannot update a rule that was already processed and has a defined end date.");
  if (differs(mapping, told))
    throw new Fault(
      400,
      `You are allowed to update only the attribute [end] as this rule is already running as it started on [${spoken(at(mapping.start))}]`,
    );
  const end = endTold(told);
  if (end !== null && end < now)
    throw new Fault(400, `End date must be in the future. end=[${spoken(at(end))}] current time=[${spoken(now)}].`);
  return end === null ? mapping : { ...mapping, end, updatedBy: by };
}

/** A caller may send the whole mapping back; what counts is whether anything of it is another value now. */
function differs(mapping: MappingDocument, told: Arguments): boolean {
  const cost = told.decimal("cost");
  const start = told.moment("start");
  const parent = parentTold(told);
  const isOther = (name: string, was: string | null) => told.has(name) && (told.text(name) ?? null) !== was;
  return (
    (cost !== undefined && compare(cost, parseDecimal(mapping.cost)) !== 0) ||
    (start !== undefined && start !== mapping.start) ||
    (told.text("value") !== undefined && told.text("value") !== mapping.value) ||
    (told.text("type") !== undefined && ruleType(told) !== mapping.type) ||
    (told.text("name") !== undefined && isOther("name", mapping.name)) ||
    isOther("description", mapping.description) ||
    (told.has("service_id") && parent.serviceId !== mapping.serviceId) ||
    (told.has("field_id") && parent.fieldId !== mapping.fieldId) ||
    (told.has("group_id") && parent.groupId !== mapping.groupId) ||
    (told.has("tenant_id") && parent.tenantId !== mapping.tenantId)
  );
}

function futureMapping(mapping: MappingDocument, told: Arguments, now: Instant, by: string): MappingDocument {
  const cost = told.decimal("cost");
  const start = told.moment("start") ?? at(mapping.start);
  if (start < now)
    throw new Fault(
      400,
      `Cannot create a rule with start in the past. start=[${spoken(start)}] current time=[${spoken(now)}].`,
    );
  return {
    ...mapping,
    cost: cost === undefined ? mapping.cost : costText(cost),
    start,
    from: start,
    end: endTold(told),
    description: told.text("description") ?? null,
    updatedBy: by,
  };
}

/** A day that is named as the end is over when it is over. */
const endTold = (told: Arguments): number | null => {
  const end = told.moment("end");
  if (end === undefined) return null;
  return told.isDate("end") ? end + DAY_MS - 1_000 : end;
};

const DAY_MS = 86_400_000;

export const viewMapping = (mapping: MappingDocument) => ({
  mapping_id: mapping.id,
  value: mapping.value,
  type: mapping.type,
  cost: mapping.cost,
  service_id: mapping.serviceId,
  field_id: mapping.fieldId,
  group_id: mapping.groupId,
  tenant_id: mapping.tenantId,
  ...viewAudit(mapping),
});

/** What CloudKitty shows of who did what, in its order. */
export const viewAudit = (audited: Omit<MappingDocument, "type" | "cost" | "value">) => ({
  created_at: naive(at(audited.createdAt)),
  start: naive(at(audited.start)),
  end: audited.end === null ? null : naive(at(audited.end)),
  name: audited.name,
  description: audited.description,
  deleted: audited.deleted === null ? null : naive(at(audited.deleted)),
  created_by: audited.createdBy,
  updated_by: audited.updatedBy,
  deleted_by: audited.deletedBy,
});
