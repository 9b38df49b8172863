import type { ColumnType, Generated, RawBuilder } from "kysely";

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
  readonly budgets: {
    readonly name: string;
    readonly projects: string[];
    readonly document: string;
  };
  readonly budget_notices: {
    readonly sequence: Generated<string>;
    readonly key: string;
    readonly budget: string;
    readonly projects: string[];
    readonly channel: "webhook" | "email";
    readonly document: string;
    readonly raised_at: Timestamp;
    readonly state: Generated<"pending" | "delivered" | "dead">;
    readonly attempts: Generated<number>;
    readonly next_at: ColumnType<Date, string | undefined, string>;
    readonly error: string | null;
  };
  readonly invoices: {
    readonly id: Generated<string>;
    readonly series: string;
    readonly sequence: ColumnType<string, bigint, never>;
    readonly number: string;
    readonly account: string;
    readonly projects: readonly string[];
    readonly corrects: string | null;
    readonly after: string | null;
    readonly period_start: Timestamp;
    readonly period_end: Timestamp;
    readonly issued_at: Timestamp;
    readonly hash: string;
    readonly document: string;
  };
  readonly accounts: {
    readonly id: Generated<string>;
    readonly account: string;
    readonly digest: string;
    readonly valid_from: Timestamp;
    readonly recorded_at: Timestamp;
    readonly document: string;
  };
  readonly placements: {
    readonly id: Generated<string>;
    readonly project: string;
    readonly domain: string;
    readonly since: Timestamp;
  };
  readonly invoice_events: {
    readonly id: Generated<string>;
    readonly number: string;
    readonly kind: "payment" | "written-off";
    readonly amount: string;
    readonly happened_at: Timestamp;
    readonly said_by: string;
    readonly note: string;
  };
  readonly proposals: {
    readonly sequence: Generated<string>;
    readonly corrects: string;
    readonly document: string;
    readonly said_by: string;
    readonly said_by_id: string | null;
    readonly proposed_at: Timestamp;
    readonly expires_at: Timestamp;
  };
  readonly proposal_rejections: {
    readonly proposal: string;
    readonly said_by: string;
    readonly said_by_id: string | null;
    readonly rejected_at: Timestamp;
    readonly note: string;
  };
  readonly credits: {
    readonly id: Generated<string>;
    readonly credit: string;
    readonly account: string;
    readonly document: string;
    readonly granted_at: Timestamp;
    readonly granted_by: string;
  };
  readonly credit_entries: {
    readonly id: Generated<string>;
    readonly credit: string;
    readonly number: string | null;
    readonly kind: "granted" | "drawn" | "returned" | "withdrawn";
    readonly amount: string;
    readonly at: Timestamp;
    readonly said_by: string | null;
    readonly note: string | null;
  };
  readonly agent_retirements: {
    readonly id: Generated<string>;
    readonly region: string;
    readonly source: string;
    readonly agent: string;
    readonly retired_at: Timestamp;
    readonly said_by: string;
    readonly note: string;
    readonly said_at: Timestamp;
  };
  readonly nil_periods: {
    readonly account: string;
    /** Empty for a project's own account. */
    readonly account_digest: string;
    readonly period_start: Timestamp;
    readonly period_end: Timestamp;
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
  readonly audit_log: {
    readonly sequence: ColumnType<string, never, never>;
    readonly at: Timestamp;
    readonly request: string;
    readonly caller: string | null;
    readonly user_id: string | null;
    readonly role: string | null;
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly source: string;
  };
  readonly named_writes: {
    readonly caller: string;
    readonly key: string;
    readonly digest: string;
    readonly begun_at: ColumnType<Date, string, RawBuilder<unknown>>;
    readonly status: ColumnType<number | null, never, number>;
    readonly content_type: ColumnType<string | null, never, string>;
    readonly body: ColumnType<string | null, never, string>;
  };
  readonly rating_records: {
    readonly sequence: ColumnType<string, bigint, never>;
    readonly kind: string;
    readonly key: string;
    readonly written_at: Timestamp;
    readonly document: string;
  };
  readonly rated_points: {
    readonly identity: string;
    readonly type: string;
    readonly begins_at: Timestamp;
    readonly ends_at: Timestamp;
    readonly project: string;
    readonly unit: string;
    readonly quantity: string;
    readonly price: string;
    readonly groupby: ColumnType<Readonly<Record<string, string>>, string, string>;
    readonly metadata: ColumnType<Readonly<Record<string, string>>, string, string>;
  };
}

/** Read as a date, written as ISO 8601 in UTC. */
type Timestamp = ColumnType<Date, string, never>;
