import { decimal, type Rational } from "@raingauge/domain";
import type { Arguments } from "./arguments.ts";
import { Fault } from "./fault.ts";
import type { MappingDocument, RatingState } from "./state.ts";

type Parent = Pick<MappingDocument, "serviceId" | "fieldId" | "groupId" | "tenantId">;

/** What a new rule hangs on: one service or one field that there is, and perhaps a group. */
export function parentOf(told: Arguments, state: RatingState): Parent {
  const parent = parentTold(told);
  const { serviceId, fieldId, groupId } = parent;
  if (serviceId !== null && fieldId !== null) throw new Fault(400, "You can only specify one parent.");
  if (serviceId === null && fieldId === null) throw new Fault(400, "You must specify one parent.");
  if (serviceId !== null && state.one("service", serviceId) === undefined)
    throw new Fault(400, `No such service: None (UUID: ${serviceId})`);
  if (fieldId !== null && state.one("field", fieldId) === undefined) throw new Fault(400, `No such field: ${fieldId}`);
  if (groupId !== null && state.one("group", groupId) === undefined)
    throw new Fault(400, `No such group: None (UUID: ${groupId})`);
  return parent;
}

export const parentTold = (told: Arguments): Parent => ({
  serviceId: told.text("service_id") || null,
  fieldId: told.text("field_id") || null,
  groupId: told.text("group_id") || null,
  tenantId: told.text("tenant_id") || null,
});

export const isSameParent = (a: Parent, b: Parent): boolean =>
  a.serviceId === b.serviceId && a.fieldId === b.fieldId && a.groupId === b.groupId && a.tenantId === b.tenantId;

/** `field 'id'`, as CloudKitty's sentences have it. */
export const spokenParent = ({ serviceId, fieldId, tenantId }: Parent): string =>
  `${fieldId === null ? "service" : "field"} '${fieldId ?? serviceId}', tenant: '${tenantId ?? "None"}'`;

/** Which rules a list shows by what they hang on. */
export function listed(told: Arguments): (rule: Parent) => boolean {
  const { serviceId, fieldId, groupId, tenantId } = parentTold(told);
  const isUngrouped = told.flag("no_group") ?? false;
  const byTenant = told.flag("filter_tenant") ?? false;
  return (rule) =>
    (serviceId === null || rule.serviceId === serviceId) &&
    (fieldId === null || rule.fieldId === fieldId) &&
    (groupId === null || rule.groupId === groupId) &&
    (!isUngrouped || rule.groupId === null) &&
    (!byTenant || rule.tenantId === tenantId);
}

/** As the ledger keeps a cost: every digit that it has, up to as many as CloudKitty's own column. */
export const costText = (cost: Rational): string => decimal(cost, COST_PLACES);

const COST_PLACES = 28;
