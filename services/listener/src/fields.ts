import { at, type Instant } from "@raingauge/domain";
import { fieldsThat, type Payload } from "@raingauge/openstack";

export { GIBIBYTE, MEBIBYTE } from "@raingauge/openstack";

/** A notification of a type that we know says something that no such notification can say. */
export class MalformedNotification extends Error {
  override readonly name = "MalformedNotification";
}

const fields = fieldsThat(MalformedNotification);
export const { needed, text, count, object } = fields;

export function second(payload: Payload, field: string): Instant | undefined {
  const ms = fields.second(payload, field);
  return ms === undefined ? undefined : at(ms);
}
