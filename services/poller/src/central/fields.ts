import { at, type Instant } from "@raingauge/domain";
import { fieldsThat, type Payload } from "@raingauge/openstack";

export { GIBIBYTE, MEBIBYTE } from "@raingauge/openstack";

/** An API describes a resource in a way that no such API does. Whatever else its list says, it is not complete. */
export class MalformedAnswer extends Error {
  override readonly name = "MalformedAnswer";
}

const fields = fieldsThat(MalformedAnswer);
export const { needed, text, count, object } = fields;

export function second(said: Payload, field: string): Instant | undefined {
  const ms = fields.second(said, field);
  return ms === undefined ? undefined : at(ms);
}
