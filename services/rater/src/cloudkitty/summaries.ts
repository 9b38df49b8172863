import { at, HOUR_MS, type Instant, narrowed, type Scope } from "@raingauge/domain";
import type { FastifyInstance } from "fastify";
import { ANYBODY, scopeOf } from "../access.ts";
import { v2 } from "./answer.ts";
import type { Arguments } from "./arguments.ts";
import { bindV2Query, refused } from "./binding.ts";
import { CALENDAR } from "./calendar-tags.ts";
import { jsonNumber } from "./exact-json.ts";
import { Fault } from "./fault.ts";
import { readMoment, zoned } from "./moments.ts";
import { digits, type ReadingParts, type SummaryRow, summary } from "./reading.ts";
import { periodTold } from "./reports.ts";

/** v2's summary: what Horizon's panels and the newer clients show. */
export function summaryRoutes(app: FastifyInstance, parts: ReadingParts, base: string): void {
  v2(app, "GET", `${base}/summary`, ANYBODY, async (request) => {
    const told = bindV2Query(
      request,
      ["begin", "end", "response_format", "offset", "limit", "custom_fields"],
      ["groupby", "filters"],
    );
    const { offset, limit } = pageTold(told);
    const format = formatTold(told);
    const by = groupTold(told);
    const period = periodToldV2(told, parts);
    const { scope, filters } = scoped(filtersTold(told), scopeOf(request));
    const rows = await summary(parts, { period, by: by.map(({ term }) => term), filters }, scope);
    const shown = rows.slice(offset, offset + limit).map((row) => cells(row, by, period));
    const columns = [
      "begin",
      "end",
      "qty",
      "rate",
      ...by.filter(({ name }) => name !== "time").map(({ column }) => column),
    ];
    if (format === "table")
      return { total: rows.length, columns: rows.length === 0 ? [] : columns, results: shown, format };
    const results = shown.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
    return { total: rows.length, results, format };
  });
}

interface Grouping {
  /** As the caller wrote it. */
  readonly name: string;
  readonly term: string;
  readonly column: string;
}

function groupTold(told: Arguments): Grouping[] {
  const names = [
    ...new Set(
      (told.text("groupby") ?? "")
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== ""),
    ),
  ];
  return names.map((name) => {
    const calendar = Object.hasOwn(CALENDAR, name) ? CALENDAR[name] : undefined;
    if (calendar !== undefined) return { name, term: calendar.term, column: calendar.term };
    if (name.startsWith("time-"))
      throw new Fault(400, `Invalid groupby time option. There is no groupby processing for [${name}].`);
    return { name, term: name, column: name };
  });
}

function cells(
  row: SummaryRow,
  by: readonly Grouping[],
  period: { readonly start: Instant; readonly end: Instant },
): unknown[] {
  const timed = by.findIndex(({ name }) => name === "time");
  const start = timed < 0 ? period.start : (readMoment(row.by[timed] ?? "") ?? period.start);
  const end = timed < 0 ? period.end : at(start + HOUR_MS);
  return [
    zoned(start),
    zoned(end),
    jsonNumber(digits(row.quantity)),
    jsonNumber(digits(row.price)),
    ...row.by.filter((_, index) => index !== timed),
  ];
}

function formatTold(told: Arguments): "table" | "object" {
  const format = told.text("response_format") ?? "table";
  if (format === "table" || format === "object") return format;
  throw refused({ response_format: [format] }, "value must be one of ['object', 'table']", "'response_format'");
}

export function pageTold(told: Arguments): { readonly offset: number; readonly limit: number } {
  return { offset: whole(told, "offset", 0, 0), limit: whole(told, "limit", 100, 1) };
}

function whole(told: Arguments, name: string, fallback: number, least: number): number {
  const text = told.text(name);
  if (text === undefined) return fallback;
  if (!/^-?\d{1,9}$/.test(text)) throw refused({ [name]: [text] }, "expected int", `'${name}'`);
  if (Number(text) < least) throw refused({ [name]: [text] }, `value must be at least ${least}`, `'${name}'`);
  return Number(text);
}

export function periodToldV2(told: Arguments, { calendar }: ReadingParts) {
  for (const name of ["begin", "end"]) {
    const text = told.text(name);
    if (text !== undefined && readMoment(text) === undefined)
      throw refused({ [name]: [text] }, "expected dt_from_iso", `'${name}'`);
  }
  return periodTold(told, calendar.clock(), calendar.zone);
}

/** `key:value,key:value`; a key that is repeated may have any of its values. */
export function filtersTold(told: Arguments): ReadonlyMap<string, readonly string[]> {
  const filters = new Map<string, string[]>();
  for (const term of (told.text("filters") ?? "").split(",").filter((each) => each !== "")) {
    const [, key, value] = /^([^:]+):(.*)$/s.exec(term) ?? [];
    if (key === undefined || value === undefined)
      throw refused({ filters: [term] }, "not enough values to unpack (expected 2, got 1)", "'filters'");
    filters.set(key, [...(filters.get(key) ?? []), value]);
  }
  return filters;
}

/** Whoever asks for a foreign project is shown his own instead, as CloudKitty does; nothing tells whether it is there. */
export function scoped(
  filters: ReadonlyMap<string, readonly string[]>,
  scope: Scope,
): { scope: Scope; filters: ReadonlyMap<string, readonly string[]> } {
  const rest = new Map([...filters].filter(([key]) => key !== "project_id" && key !== "tenant_id"));
  const wanted = [...(filters.get("project_id") ?? []), ...(filters.get("tenant_id") ?? [])];
  if (wanted.length === 0) return { scope, filters: rest };
  const both = narrowed(scope, wanted);
  const isForeign = both.kind === "projects" && both.projects.size === 0;
  return { scope: isForeign ? scope : both, filters: rest };
}
