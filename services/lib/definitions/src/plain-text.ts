import { isSecretName } from "@raingauge/runtime";
import { isRational } from "./exact.ts";
import { digits } from "./operation/number.ts";

/** A value as a text to recognise something by. What stands in it under a name like a secret's is left out. */
export function plainText(value: unknown): string {
  if (isRational(value)) return digits(value);
  return typeof value === "object" ? JSON.stringify(value, withoutSecrets) : String(value);
}

const withoutSecrets = (key: string, part: unknown): unknown => {
  if (isSecretName(key)) return undefined;
  return isRational(part) ? digits(part) : part;
};
