import type { ColumnType, Generated } from "kysely";

/**
 * What rests is the canonical text in `document`; the columns beside it only find it. A text column and not JSON, because
 * PostgreSQL would put the text in an order of its own, and the hash is over these bytes.
 */
export interface Tables {
  readonly price_books: {
    readonly id: Generated<string>;
    readonly name: string;
    readonly version: string;
    readonly digest: string;
    readonly valid_from: Timestamp;
    readonly published_at: Timestamp;
    readonly document: string;
  };
  readonly invoices: {
    readonly id: Generated<string>;
    readonly series: string;
    readonly sequence: ColumnType<string, bigint, never>;
    readonly number: string;
    readonly project: string;
    readonly period_start: Timestamp;
    readonly period_end: Timestamp;
    readonly issued_at: Timestamp;
    readonly hash: string;
    readonly document: string;
  };
  readonly frozen_usages: {
    readonly number: string;
    readonly position: number;
    readonly document: string;
  };
  readonly tokens: {
    readonly hash: string;
    readonly name: string;
    readonly role: "admin" | "finance" | "reader";
    readonly projects: readonly string[];
    readonly revoked_at: ColumnType<Date | null, never, Date>;
  };
}

/** Read as a date, written as ISO 8601 in UTC. */
type Timestamp = ColumnType<Date, string, never>;
