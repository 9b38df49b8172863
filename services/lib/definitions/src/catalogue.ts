import { DEAD, METERS, type Meter, type Rational, rational, unitNamed } from "@raingauge/domain";
import type { MeterDefinition } from "./meter-definition.ts";
import type { Problem } from "./problem.ts";

/** A definition that is understood and comes to nothing here, and why that is no loss. */
export interface Aside {
  readonly definition: MeterDefinition;
  readonly why: string;
}

export interface Sorted {
  /** What the listener acts upon. */
  readonly acting: readonly MeterDefinition[];
  readonly aside: readonly Aside[];
  /** The operator's own, which the built-in catalogue has not. */
  readonly meters: readonly Meter[];
}

/** Parts the definitions whose meters Raingauge has already from those that add some, and makes meters of these. */
export function sorted(definitions: readonly MeterDefinition[], tell: (problem: Problem) => void): Sorted {
  const aside = definitions.flatMap((definition) => {
    const why = covered(definition);
    return why === undefined ? [] : [{ definition, why }];
  });
  const acting = definitions.filter((each) => aside.every(({ definition }) => definition !== each));
  const meters = new Map<string, { readonly meter: Meter; readonly definition: MeterDefinition }>();
  for (const definition of acting) {
    const wrong = (field: string, says: string): void =>
      tell({ file: definition.file, line: definition.line, field, says });
    const named = Object.entries(
      definition.isNamedByMessage ? definition.manners.names : { [definition.name]: definition.unit },
    );
    if (named.length === 0) {
      wrong(
        "name",
        `only messages say how these meters are called: list the names and units that there may be, as raingauge: {names: {NAME: UNIT}}`,
      );
    }
    for (const [name, unit] of named) {
      const first = meters.get(metricOf(name));
      const taken = METERS.find((meter) =>
        [meter.name, ...meter.aliases].some((each) => metricOf(each) === metricOf(name)),
      );
      if (first !== undefined) {
        wrong(
          "name",
          `${name} is defined at ${first.definition.file}:${first.definition.line} already; list all event types in one definition`,
        );
      } else if (taken !== undefined) {
        wrong("name", `${name} and the built-in ${taken.name} would be one in queries: choose another name`);
      } else {
        const meter = meterOf(definition, name, unit, wrong);
        meters.set(metricOf(name), { meter, definition });
      }
    }
  }
  return { acting, aside, meters: [...meters.values()].map(({ meter }) => meter) };
}

/** Why the catalogue needs no such definition. */
function covered({ name, isNamedByMessage, eventTypes }: MeterDefinition): string | undefined {
  if (isNamedByMessage) {
    return eventTypes.every((each) => NAMED_BY_MESSAGE.some(([known]) => each.startsWith(known)))
      ? NAMED_BY_MESSAGE.find(([known]) => eventTypes[0]?.startsWith(known))?.[1]
      : undefined;
  }
  const known = METERS.find((meter) => meter.name === name || meter.aliases.includes(name));
  if (known !== undefined) {
    const by = [...new Set(known.sources.map((source) => SAID_BY[source.by]))].join(" and ");
    return `built in${known.name === name ? "" : ` as ${known.name}`}, told by ${by}${known.existence ? ", from when a resource begins to when it ends" : ""}`;
  }
  const dead = DEAD.find(
    (each) => each.name === name || (each.name.endsWith("*") && name.startsWith(each.name.slice(0, -1))),
  );
  if (dead === undefined) return undefined;
  return `nothing says it any more: ${dead.why}${dead.instead === undefined ? "" : `; ask for ${dead.instead}`}`;
}

const SAID_BY = {
  notification: "notifications",
  libvirt: "libvirt",
  host: "the host",
  central: "the sweep of the APIs",
  ipmi: "the host's sensors",
} as const;

/** Where Ceilometer's own definitions leave the name to the message. */
const NAMED_BY_MESSAGE: readonly (readonly [eventType: string, why: string])[] = [
  ["identity.authenticate", "built in as identity.authenticate.success, .failure and .pending"],
  ["objectstore.http.request", "built in as storage.api.request and storage.objects.{incoming,outgoing}.bytes"],
  ["magnum.bay.metrics", "Magnum has said nothing of the kind since it calls bays clusters"],
];

/** Two names that are one to PromQL are one here. */
const metricOf = (name: string): string => name.replaceAll(/\W/g, "_");

function meterOf(
  { kind, manners, metadata, eventTypes }: MeterDefinition,
  name: string,
  written: string,
  wrong: (field: string, says: string) => void,
): Meter {
  const { decimals, silenceSeconds = QUARTER_HOUR_SECONDS, isPriceable, endsOn } = manners;
  const known = unitNamed(written);
  const existence = endsOn.length > 0;
  const resourceType = manners.resourceType ?? name.split(/\W/, 1)[0] ?? name;
  if (!NAME.test(name)) wrong("name", `${JSON.stringify(name)} is not letters, digits and . _ - : only`);
  if (!UNIT.test(written)) wrong("unit", `${JSON.stringify(written)} is no short word`);
  if (known !== undefined && decimals > 0) {
    wrong("raingauge.decimals", `${written} is kept in whole ${known.unit}, which is fine enough`);
  }
  if (existence && kind !== "gauge") wrong("raingauge.ends_on", "only a gauge says that something is there");
  if (existence && METERS.some((meter) => meter.existence && meter.resourceType === resourceType)) {
    wrong(
      "raingauge.resource_type",
      `${resourceType} is a type whose beginnings and ends are known already: choose another`,
    );
  }
  const dimensions = kind === "cumulative" ? [] : metadata.map(([dimension]) => dimension);
  for (const dimension of dimensions) {
    if (!LABEL.test(dimension) || RESERVED.includes(dimension)) {
      wrong(
        `metadata.${dimension}`,
        `a dimension cannot be called so: letters, digits and _, and none of ${RESERVED.join(", ")}`,
      );
    }
  }
  return {
    name,
    kind,
    ...(known ?? counted(written, decimals)),
    resourceType,
    existence,
    dimensions,
    isPriceable,
    silenceSeconds,
    sources: [{ by: "notification", from: eventTypes.join(", ") }],
    aliases: [],
  };
}

const NAME = /^[A-Za-z][\w.:-]{0,127}$/;
const UNIT = /^[\w%./ -]{1,63}$/;
const LABEL = /^[A-Za-z]\w{0,63}$/;
const RESERVED = ["region", "project", "resource", "unit", "meter"];
const QUARTER_HOUR_SECONDS = 15 * 60;

/** What is counted one by one, or by the tenth, the hundredth … */
function counted(unit: string, decimals: number): Pick<Meter, "unit" | "shown"> {
  const factor: Rational = rational(10n ** BigInt(decimals));
  return { unit: decimals === 0 ? unit : `1e-${decimals} ${unit}`, shown: { unit, factor } };
}

/** What a log says of a definition that is set aside. */
export const asideLine = ({ definition, why }: Aside): { meter: string; at: string; why: string } => ({
  meter: definition.name,
  at: `${definition.file}:${definition.line}`,
  why,
});
