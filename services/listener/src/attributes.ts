import type { Dimensions } from "@raingauge/domain";
import { isObject, type Payload } from "@raingauge/openstack";
import { isSecretName } from "@raingauge/runtime";

/** Attributes are for people to recognise a resource by, not for storing documents in. */
const ATTRIBUTE_CHARACTERS_MAX = 255;

/** What is said of a resource, without what was left unsaid. */
export function attributes(said: Readonly<Record<string, string | undefined>>): Dimensions {
  const kept = Object.entries(said).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, value.slice(0, ATTRIBUTE_CHARACTERS_MAX)] as const],
  );
  return Object.fromEntries(kept);
}

/** What a user wrote beside the resource, under `metadata.`. Users write secrets there; those are not repeated. */
export function metadata(said: unknown): Readonly<Record<string, string>> {
  const kept = pairs(said).flatMap(([name, value]) =>
    typeof value === "string" && !isSecret(name) ? [[`metadata.${name}`, value] as const] : [],
  );
  return Object.fromEntries(kept);
}

/** Nova sends an object, Cinder a list of keys and values, and either an empty text for none. */
function pairs(said: unknown): readonly (readonly [name: string, value: unknown])[] {
  if (Array.isArray(said)) {
    return said.filter(isObject).map(({ key, value }) => [String(key), value] as const);
  }
  return isObject(said) ? Object.entries(said) : [];
}

/** Fields that are texts, by their own names; a service may put something else there, which is left out. */
export const texts = (payload: Payload, fields: readonly string[]): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const value = payload[field];
      return typeof value === "string" ? [[field, value]] : [];
    }),
  );

/** Whether what is called so may be repeated. */
export const isSecret = isSecretName;
