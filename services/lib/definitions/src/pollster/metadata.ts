import { isSecretName } from "@raingauge/runtime";
import type { Place } from "@raingauge/wire";
import type { Located } from "../document.ts";
import { OperationError } from "../operation/syntax.ts";
import { plainText } from "../plain-text.ts";
import type { Problem } from "../problem.ts";
import { isTable } from "../table.ts";
import { type Attribute, attribute, found } from "./attribute.ts";

/** What is taken of an entry besides its value, and how it is called here. */
export interface Metadatum {
  readonly get: Attribute;
  /** As it was asked for, and as it was renamed. */
  readonly names: readonly string[];
}

export const METADATA_KEYS = ["metadata_fields", "metadata_mapping", "preserve_mapped_metadata"];

export function metadataOf(
  document: Located,
  place: Place,
  written: Readonly<Record<string, unknown>>,
  tell: (problem: Problem) => void,
): readonly Metadatum[] {
  const { metadata_fields: fields = [], metadata_mapping: mapping = {} } = written;
  const keeps = written["preserve_mapped_metadata"] !== false;
  const wanted = fields === null ? [] : fields;
  if (!Array.isArray(wanted)) {
    tell(document.problem([...place, "metadata_fields"], "not a list of fields"));
    return [];
  }
  if (mapping !== null && !isTable(mapping)) {
    tell(document.problem([...place, "metadata_mapping"], "not a table of fields and new names"));
  }
  const renamed = isTable(mapping) ? mapping : {};
  for (const stray of Object.keys(renamed).filter((each) => !wanted.includes(each))) {
    tell(document.problem([...place, "metadata_mapping", stray], "not among metadata_fields"));
  }
  return wanted.map((field, index) => {
    const get = attribute(document, [...place, "metadata_fields", index], field, tell);
    const other = renamed[String(field)];
    const plain = String(field).split("|", 1)[0]?.trim() ?? "";
    // A secret is none under another name either.
    if (isSecretName(plain)) return { get, names: [] };
    return { get, names: other === undefined ? [plain] : [...(keeps ? [plain] : []), String(other)] };
  });
}

/** As prices and queries may name it: letters, digits and _. */
export const dimensionName = (name: string): string => name.replaceAll(/\W+/g, "_").replaceAll(/^_+|_+$/g, "");

/** What an entry says besides its value; what is not there is left out, and so is what an operation makes nothing of. */
export function toldOf(metadata: readonly Metadatum[], entry: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    metadata.flatMap(({ get, names }) => {
      const value = attempt(get, entry);
      return value === undefined ? [] : names.map((name) => [name, value] as const);
    }),
  );
}

function attempt(get: Attribute, entry: unknown): unknown {
  try {
    return found(get, entry);
  } catch (error) {
    if (error instanceof OperationError) return undefined;
    throw error;
  }
}

const CHARACTERS_MAX = 255;

/** As a dimension, which is a text; what is long is cut, for it is there to be recognised by. */
export const dimensionText = (value: unknown): string => plainText(value).slice(0, CHARACTERS_MAX);
