import { hash } from "node:crypto";
import { meterNamed, type Rational, times } from "@raingauge/domain";
import { readYaml } from "@raingauge/wire";
import { z } from "zod";
import { exactNumber } from "./number.ts";
import type { Point } from "./points.ts";
import type { Refused, Told } from "./told.ts";

/** Which series of others are readings of ours, and of what. */
export interface Rules {
  readonly rules: readonly Rule[];
  /** What keeps the file from being used, by line. With any of these, `rules` is empty. */
  readonly problems: readonly { readonly line: number; readonly says: string }[];
}

export interface Rule {
  readonly meter: string;
  readonly matches: (point: Point) => boolean;
  readonly told: (point: Point) => Told | Refused;
}

const Text = z.string().min(1);
/** Text in which `{label}` stands for what the series' label says. */
const Template = Text.describe("Text in which {label} stands for the label's value.");

const RuleEntry = z.strictObject({
  metric: Text.describe("The series' name; * stands for any characters."),
  where: z.record(z.string(), z.string()).default({}).describe("Labels that it must have with these very values."),
  meter: Text.refine((name) => meterNamed(name) !== undefined, "no meter is called that; docs/meters.md lists them"),
  project: Template,
  resource: Template,
  region: Template.optional(),
  unit: Text.optional(),
  factor: Text.refine((text) => exactNumber(text) !== undefined, "not a number such as 1e9").default("1"),
  dimensions: z.record(z.string(), Template).default({}),
  host: Template.optional(),
  device: Template.optional(),
  source: z
    .string()
    .regex(/^[a-z][a-z0-9_.-]{0,62}$/, "not a word such as backup-agent")
    .optional(),
});
type RuleEntry = z.output<typeof RuleEntry>;

const File = z.strictObject({ rules: z.array(RuleEntry) });

/** Reads a file of rules, and says all that is wrong with it, by line. Pure. */
export function readRules(text: string): Rules {
  const yaml = readYaml(text);
  if (yaml.broken.length > 0) return { rules: [], problems: yaml.broken };
  const file = File.safeParse(yaml.value);
  if (file.success) return { rules: file.data.rules.map(ruleOf), problems: [] };
  return {
    rules: [],
    problems: file.error.issues.map(({ path, message }) => {
      const place = path.map((step) => (typeof step === "symbol" ? "" : step));
      return { line: yaml.lineOf(place), says: `${place.join(".")}: ${message}` };
    }),
  };
}

/** What a point is by the first rule that it fits; undefined where it fits none. */
export const toldBy = ({ rules }: Pick<Rules, "rules">, point: Point): Told | Refused | undefined =>
  rules.find(({ matches }) => matches(point))?.told(point);

function ruleOf(entry: RuleEntry): Rule {
  const named = namePattern(entry.metric);
  const where = Object.entries(entry.where);
  const factor = exactNumber(entry.factor) ?? ONE;
  return {
    meter: entry.meter,
    matches: ({ metric, labels }) => named(metric) && where.every(([label, value]) => labels[label] === value),
    told(point) {
      if (point.value === undefined) return { code: "malformed", says: `${point.metric} is not a number` };
      const unfit = unfitFor(entry.meter, point);
      if (unfit !== undefined) return { code: "malformed", says: unfit };
      const fill = (template: string): string => filled(template, point.labels);
      return {
        meter: entry.meter,
        project: fill(entry.project),
        resource: fill(entry.resource),
        ...(entry.region === undefined ? {} : { region: fill(entry.region) }),
        at: point.at,
        value: times(point.value, factor),
        unit: entry.unit,
        dimensions: Object.fromEntries(Object.entries(entry.dimensions).map(([name, text]) => [name, fill(text)])),
        source: entry.source ?? "outside",
        id: identityOf(point),
        counter: {
          ...(entry.host === undefined ? {} : { host: fill(entry.host) }),
          ...(entry.device === undefined ? {} : { device: fill(entry.device) }),
          ...(point.since === undefined ? {} : { startedAt: point.since }),
        },
      };
    },
  };
}

/** A total taken for a difference would be counted anew each time that it is told, and a difference for a total never. */
function unfitFor(meter: string, { metric, tells }: Point): string | undefined {
  const isDifference = meterNamed(meter)?.kind === "delta";
  if (isDifference && tells !== "difference") return `${metric} tells no differences, and ${meter} is one`;
  return !isDifference && tells === "difference" ? `${metric} tells differences, and ${meter} is none` : undefined;
}

/** The same for a point that is sent again, and short however many labels it has. */
const identityOf = ({ metric, labels, since = 0, at }: Point): string =>
  hash("sha256", JSON.stringify([metric, Object.entries(labels).toSorted(), since, at])).slice(0, 32);

const ONE: Rational = { numerator: 1n, denominator: 1n };

/** A label that is not there leaves nothing: the reading then lacks a name, and is refused for it. */
const filled = (template: string, labels: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{([A-Za-z_][\w.]*)\}/g, (_, label: string) => labels[label] ?? "");

/** Without a regular expression of somebody else's: parts between the stars, in their order. */
function namePattern(pattern: string): (name: string) => boolean {
  const parts = pattern.split("*");
  const [first = "", last = ""] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return (name) => name === pattern;
  return (name) => {
    if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
    let at = first.length;
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= name.length - last.length;
  };
}
