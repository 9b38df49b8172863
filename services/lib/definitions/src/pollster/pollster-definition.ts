import type { MeterKind } from "@raingauge/domain";
import type { Place } from "@raingauge/wire";
import type { Located } from "../document.ts";
import { entryAt, type Form } from "../entry.ts";
import { type Manners, mannersOf } from "../manners.ts";
import type { Problem } from "../problem.ts";
import { isTable } from "../table.ts";
import { type Attribute, attribute } from "./attribute.ts";
import { type Extra, extrasOf } from "./extra.ts";
import { METADATA_KEYS, type Metadatum, metadataOf } from "./metadata.ts";
import { QUESTION_KEYS, type Question, questionOf } from "./question.ts";
import { VALUE_KEYS, type ValueRule, valueRule } from "./value-rule.ts";

/** One entry of a file of `pollsters.d`: what is asked of an API, and what its answer says of a meter. */
export interface PollsterDefinition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The meter's; with `{field}` at its end where each item of a list names its own. */
  readonly name: string;
  readonly kind: MeterKind;
  readonly unit: string;
  /** Whose agent asks: the central one, or each host's own. */
  readonly namespaces: readonly Namespace[];
  readonly question: Question;
  /** Of one entry, or of one item where each names a meter. */
  readonly value: Attribute;
  readonly parts: Parts | undefined;
  readonly rule: ValueRule;
  readonly metadata: readonly Metadatum[];
  readonly identity: Readonly<Record<Identifying, Attribute | undefined>>;
  readonly extras: readonly Extra[];
  readonly manners: Manners;
}

/** Where an entry holds a list whose items are meters of their own. */
export interface Parts {
  readonly list: string;
  /** The field that names an item's meter, and the name without it. */
  readonly field: string;
  readonly stem: string;
}

export type Namespace = "central" | "compute";
/** What of an entry says whose it is; absent where it stands under that very name. */
export type Identifying = "user_id" | "project_id" | "id";

const IDENTITY = {
  user_id_attribute: "user_id",
  project_id_attribute: "project_id",
  resource_id_attribute: "id",
} as const;
const REQUIRED = ["name", "sample_type", "unit", "value_attribute"];
const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== "";
const FORM: Form = {
  of: "a pollster's fields",
  required: REQUIRED,
  isGiven,
  keys: [
    ...REQUIRED,
    ...["namespaces", "base_metadata", "raingauge", "extra_metadata_fields"],
    ...["extra_metadata_fields_cache_seconds", "extra_metadata_fields_skip"],
    ...Object.keys(IDENTITY),
    ...QUESTION_KEYS,
    ...METADATA_KEYS,
    ...VALUE_KEYS,
  ],
};
const KINDS: readonly MeterKind[] = ["gauge", "delta", "cumulative"];
const NAME = /^[\w-]+(\.[\w-]+)*(\.\{[\w-]+\})?$/;

/** The definitions of one file of `pollsters.d`. What is not understood is told, and its definition left out. */
export function pollsterDefinitions(
  document: Located,
  tell: (problem: Problem) => void,
): readonly PollsterDefinition[] {
  const { value } = document;
  const all: readonly unknown[] = Array.isArray(value) ? value : [];
  return all.flatMap((entry, index) => pollsterDefinition(document, [index], entry, tell) ?? []);
}

function pollsterDefinition(
  document: Located,
  place: Place,
  written: unknown,
  tellOutside: (problem: Problem) => void,
): PollsterDefinition | undefined {
  const found = entryAt(document, place, written, FORM, tellOutside);
  if (found === undefined) return undefined;
  const { fields: entry, tell, wrong, isSound } = found;
  const name = String(entry["name"]);
  if (isGiven(entry["name"]) && !NAME.test(name)) {
    wrong("name", "not words with dots between them, with one {field} at the end at most");
  }
  const kind = KINDS.find((each) => each === entry["sample_type"]);
  if (kind === undefined && isGiven(entry["sample_type"])) wrong("sample_type", `not ${KINDS.join(", ")}`);
  if (isTable(entry["base_metadata"]) && Object.keys(entry["base_metadata"]).length > 0) {
    wrong("base_metadata", "a path is made of nothing here: write it out");
  }
  const parts = partsOf(name, entry["value_attribute"], wrong);
  const namespaces = namespacesOf(entry["namespaces"], wrong);
  const question = questionOf(document, place, entry, [], tell);
  if (question?.asks.by !== "command" && !namespaces.includes("central") && namespaces.length > 0) {
    wrong("namespaces", "an agent on a compute node asks no API: let it be central");
  }
  const value = isGiven(entry["value_attribute"])
    ? attribute(document, [...place, "value_attribute"], parts?.value ?? entry["value_attribute"], tell)
    : undefined;
  const identity = Object.entries(IDENTITY).map(([key, field]) => {
    const written = entry[key];
    const isItself = written === undefined || written === null || written === "" || written === field;
    return [field, isItself ? undefined : attribute(document, [...place, key], written, tell)] as const;
  });
  const made = {
    metadata: metadataOf(document, place, entry, tell),
    rule: valueRule(document, place, entry, tell),
    extras: extrasOf(document, place, entry, tell),
    manners: mannersOf(document, [...place, "raingauge"], entry["raingauge"], tell),
  };
  if (made.manners.endsOn.length > 0)
    wrong("raingauge", "ends_on is for notifications: what is polled holds while it is seen");
  if (!isSound() || kind === undefined || question === undefined || value === undefined) return undefined;
  return {
    ...{ file: document.file, ...document.standing(place), name, kind, unit: String(entry["unit"]), namespaces },
    ...{ question, value, parts: parts?.parts, ...made },
    identity: Object.fromEntries(identity) as PollsterDefinition["identity"],
  };
}

function partsOf(
  name: string,
  written: unknown,
  wrong: (key: string, says: string) => void,
): { readonly parts: Parts; readonly value: string } | undefined {
  const [, stem, field] = /^(.*)\.\{([\w-]+)\}$/.exec(name) ?? [];
  if (stem === undefined || field === undefined) return undefined;
  const [, list, value] = /^\[(\w+)\]\.(.+)$/s.exec(typeof written === "string" ? written : "") ?? [];
  if (list === undefined || value === undefined) {
    wrong("value_attribute", `“[list].field”, for the name says {${field}}`);
    return undefined;
  }
  return { parts: { list, field, stem }, value };
}

function namespacesOf(written: unknown, wrong: (key: string, says: string) => void): readonly Namespace[] {
  const all: readonly unknown[] = Array.isArray(written) ? written : [written ?? "central"];
  const unknown = all.filter((each) => each !== "central" && each !== "compute" && each !== "ipmi");
  if (unknown.length > 0 || all.length === 0) wrong("namespaces", "not central, compute or ipmi");
  const here = all.map((each) => (each === "ipmi" ? "compute" : each));
  return [...new Set(here.filter((each): each is Namespace => each === "central" || each === "compute"))];
}
