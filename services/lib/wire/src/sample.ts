import { hash } from "node:crypto";
import { dimensionsKey, IDENTITY_BYTES, incarnationKey, meterNamed, type Sample } from "@raingauge/domain";
import { checkInstant, checkName, checkValue } from "./limits.ts";

export type Reading = Omit<Sample, "id">;

/**
 * A reading with the identity that makes it count once however often it is delivered. Throws WireError for what no meter
 * can have said: a negative or enormous value, a clock gone astray, a name left out.
 */
export const sampleOf = (reading: Reading): Sample => identified(reading, "");

/** A reading that is a difference: two equal ones are two, so that the message it came by is part of what it is. */
export const deltaOf = (reading: Reading): Sample => identified(reading, reading.message);

/**
 * What a reading may be named: a difference by its message too. Both where nobody knows the meter, for an agent may be newer
 * than its collector.
 */
export function identitiesOf(reading: Reading): readonly string[] {
  const kind = meterNamed(reading.meter)?.kind;
  const named = kind === undefined ? ["", reading.message] : [kind === "delta" ? reading.message : ""];
  return named.map((message) => identity(reading, message));
}

function identified(reading: Reading, message: string): Sample {
  check(reading);
  return { ...reading, id: identity(reading, message) };
}

/**
 * Sequence, transition, message and origin are not part of it: the legacy and the versioned telling of one thing are one
 * reading. Changing anything here makes every stored reading a stranger to its redelivery; a golden test holds it.
 */
function identity(reading: Reading, message: string): string {
  const { region, meter, resource, at, source, stance, value, project, dimensions, incarnation } = reading;
  const said = [
    region,
    meter,
    resource,
    at,
    source,
    stance,
    String(value),
    project,
    dimensionsKey(dimensions),
    incarnationKey(incarnation),
    message,
  ];
  return hash("sha256", JSON.stringify(said), "hex").slice(0, 2 * IDENTITY_BYTES);
}

function check({ region, project, resource, meter, at, value, incarnation }: Reading): void {
  checkName(region, "region");
  checkName(project, "project");
  checkName(resource, "resource");
  checkName(meter, "meter");
  checkInstant(at, "at");
  checkValue(value, "value");
  if (incarnation !== undefined) checkInstant(incarnation.startedAt, "incarnation.startedAt");
}
