import { isObject, type Payload } from "@raingauge/openstack";
import { text } from "./fields.ts";

/** Who did what to what, as the audit format CADF says it. Tokens, attachments and reasons are not read. */
export interface Audited {
  readonly project: string | undefined;
  readonly target: string | undefined;
  readonly outcome: string | undefined;
  readonly about: Readonly<Record<string, string | undefined>>;
}

export function audited(payload: Payload): Audited {
  const initiator = part(payload, "initiator");
  const target = part(payload, "target");
  const host = part(initiator, "host");
  const outcome = text(payload, "outcome");
  return {
    project: text(initiator, "project_id"),
    target: text(target, "id"),
    outcome,
    about: {
      action: text(payload, "action"),
      outcome,
      initiator: text(initiator, "user_id") ?? text(initiator, "id"),
      initiator_address: text(host, "address"),
      initiator_agent: text(host, "agent"),
      target: text(target, "id"),
      target_type: text(target, "typeURI"),
    },
  };
}

/** A part that may be missing, as where nobody is the initiator. */
export const part = (payload: Payload, field: string): Payload => {
  const value = payload[field];
  return isObject(value) ? value : {};
};
