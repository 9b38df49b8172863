import { Refused } from "../client.ts";
import type { Table, TheirRules } from "./cloudkitty-rules.ts";
import type { Dump, Row } from "./sql/dump.ts";

/** What of CloudKitty's database rules are made of. Its data frames are not: each storage keeps them in its own way. */
export const CLOUDKITTY_TABLES = [
  "hashmap_services",
  "hashmap_fields",
  "hashmap_groups",
  "hashmap_mappings",
  "hashmap_thresholds",
  "cloudkitty_storage_states",
  "pyscripts_scripts",
] as const;

/**
 * The rules in CloudKitty's tables as its API would show them: with the ids that it shows in place of the tables' own numbers.
 * Rules that were deleted are left out, as its API leaves them out; no price was made by them since. Throws Refused. Pure.
 */
export function rulesOfTables({ tables, unread }: Dump): TheirRules {
  const rows = (name: (typeof CLOUDKITTY_TABLES)[number]): readonly Row[] => tables.get(name) ?? [];
  if (!tables.has("hashmap_services"))
    throw new Refused(
      unread.length > 0 ? unread.join("; ") : "there is no table hashmap_services in it: is it CloudKitty's database?",
    );
  const services = shownBy("service_id", rows("hashmap_services"));
  const fields = shownBy("field_id", rows("hashmap_fields"));
  const groups = shownBy("group_id", rows("hashmap_groups"));
  const rule = ({ map_type: type, id: _, ...row }: Row): Table => ({
    ...row,
    type,
    service_id: shown(services, row["service_id"]),
    field_id: shown(fields, row["field_id"]),
    group_id: shown(groups, row["group_id"]),
  });
  return {
    services: rows("hashmap_services"),
    fields: rows("hashmap_fields").map((row) => ({ ...row, service_id: shown(services, row["service_id"]) })),
    groups: rows("hashmap_groups"),
    mappings: rows("hashmap_mappings")
      .filter(({ deleted }) => deleted == null)
      .map(rule),
    thresholds: rows("hashmap_thresholds").map(rule),
    scopes: rows("cloudkitty_storage_states").map(scope),
    scripts: rows("pyscripts_scripts")
      .filter(({ deleted }) => deleted == null)
      .map(({ name, script_id: id }) => String(name ?? id)),
    unread,
  };
}

const shownBy = (name: string, rows: readonly Row[]): ReadonlyMap<string, string> =>
  new Map(rows.map((row) => [String(row["id"]), String(row[name])]));

/** The number stays where it leads nowhere, so that the rule that has it can be named. */
const shown = (ids: ReadonlyMap<string, string>, number: string | null | undefined): string | null =>
  number == null ? null : (ids.get(number) ?? number);

/** Its columns came one by one; before there was one for it, every scope was active. */
const scope = ({ identifier, active, scope_activation_toggle_date, ...row }: Row): Table => ({
  scope_id: identifier,
  scope_key: row["scope_key"],
  fetcher: row["fetcher"],
  collector: row["collector"],
  active: active == null || TRUE.has(active),
  scope_activation_toggle_date,
});

/** As PostgreSQL, MySQL and SQLite write it, the second one in a column of one bit too. */
const TRUE: ReadonlySet<string> = new Set(["t", "true", "1", "\u0001"]);
