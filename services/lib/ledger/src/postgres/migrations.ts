import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import type { Tables } from "./tables.ts";

/** Brings the tables up to date. Several processes may do so at once; the migrator takes a lock. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } }).migrateToLatest();
  if (error !== undefined) throw error;
}

/** Applied once each, in the order of their names. One that was released is never edited: a change is a new one. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-ledger": { up: (db: Kysely<unknown>) => run(db, LEDGER) },
  "0002-accounts": { up: (db: Kysely<unknown>) => run(db, ACCOUNTS) },
  "0003-after-issue": { up: (db: Kysely<unknown>) => run(db, AFTER_ISSUE) },
  "0020-requests": { up: (db: Kysely<unknown>) => run(db, REQUESTS) },
  "0030-rating-records": { up: (db: Kysely<unknown>) => run(db, RATING_RECORDS) },
  "0031-budgets": { up: (db: Kysely<unknown>) => run(db, BUDGETS) },
  "0040-proposals": { up: (db: Kysely<unknown>) => run(db, PROPOSALS) },
  "0050-credits": { up: (db: Kysely<unknown>) => run(db, CREDITS) },
  "0060-agent-retirements": { up: (db: Kysely<unknown>) => run(db, AGENT_RETIREMENTS) },
  "0070-invoice-orders": { up: (db: Kysely<unknown>) => run(db, INVOICE_ORDERS) },
};

export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS);

async function run(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/**
 * A document's total is in its text alone: what is append-only gets no column that older rows would lack. Cut out and not matched
 * by a pattern, which takes ten times as long, when the index is made and for each document that is issued.
 */
const INVOICE_ORDERS = [
  `create index invoices_in_order_of_account on invoices ((account collate "C"), id)`,
  `create index invoices_in_order_of_total on invoices ((split_part(split_part(document, '"total":"', 2), '"', 1)::numeric), id)`,
];

const BUDGETS = [
  `create table budgets (
    name text primary key,
    projects text[] not null,
    document text not null
  )`,
  `create table budget_notices (
    sequence bigint generated always as identity primary key,
    key text not null unique,
    budget text not null,
    projects text[] not null,
    channel text not null,
    document text not null,
    raised_at timestamptz not null,
    state text not null default 'pending',
    attempts integer not null default 0,
    next_at timestamptz not null default '-infinity',
    error text
  )`,
  `create index budget_notices_pending on budget_notices (next_at) where state = 'pending'`,
];

const LEDGER = [
  `create table price_books (
    id bigint generated always as identity primary key,
    name text not null,
    version text not null,
    digest text not null unique,
    valid_from timestamptz not null,
    published_at timestamptz not null,
    document text not null,
    recorded_at timestamptz not null default now(),
    unique (name, version)
  )`,
  `create table invoices (
    id bigint generated always as identity primary key,
    series text not null,
    sequence bigint not null check (sequence > 0),
    number text not null unique,
    project text not null,
    period_start timestamptz not null,
    period_end timestamptz not null,
    issued_at timestamptz not null,
    hash text not null unique,
    document text not null,
    recorded_at timestamptz not null default now(),
    unique (series, sequence),
    unique (series, project, period_start, period_end)
  )`,
  `create index invoices_by_project on invoices (project, period_start)`,
  `create table frozen_usages (
    number text not null references invoices (number),
    position integer not null,
    document text not null,
    primary key (number, position)
  )`,
  `create table tokens (
    hash text primary key,
    name text not null,
    role text not null,
    projects text[] not null,
    granted_at timestamptz not null default now(),
    revoked_at timestamptz
  )`,
  `create unique index tokens_one_a_name on tokens (name) where revoked_at is null`,
  `create table leases (
    name text primary key,
    holder text not null,
    expires_at timestamptz not null
  )`,
  `create function refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% is append-only: what is written in it is superseded, never changed', tg_table_name
      using errcode = 'restrict_violation';
  end $$`,
  ...["price_books", "invoices", "frozen_usages"].flatMap(appendOnly),
];

/** What CloudKitty's API keeps. Its rules decide what a month cost, so their history is never changed either. */
const REQUESTS = [
  `create table audit_log (
    sequence bigint generated always as identity primary key,
    at timestamptz not null,
    request text not null,
    caller text,
    user_id text,
    role text,
    method text not null,
    path text not null,
    status integer not null,
    source text not null
  )`,
  ...appendOnly("audit_log"),
  `create table named_writes (
    caller text not null,
    key text not null,
    digest text not null,
    begun_at timestamptz not null,
    status integer,
    content_type text,
    body text,
    primary key (caller, key)
  )`,
  `create index named_writes_by_age on named_writes (begun_at)`,
];

const RATING_RECORDS = [
  `create table rating_records (
    sequence bigint primary key check (sequence > 0),
    kind text not null,
    key text not null,
    written_at timestamptz not null,
    document text not null
  )`,
  ...appendOnly("rating_records"),
  `create table rated_points (
    identity text primary key,
    type text not null,
    begins_at timestamptz not null,
    ends_at timestamptz not null,
    project text not null,
    unit text not null,
    quantity numeric not null,
    price numeric not null,
    groupby jsonb not null,
    metadata jsonb not null
  )`,
  `create index rated_points_by_project on rated_points (project, begins_at)`,
  `create index rated_points_by_beginning on rated_points (begins_at)`,
];

/** "Always", so that not even a session that plays a replica slips past. What remains is to drop the trigger, which the hashes tell. */
function appendOnly(table: string): string[] {
  return [
    `create trigger append_only before update or delete or truncate on ${table} for each statement execute function refuse_change()`,
    `alter table ${table} enable always trigger append_only`,
  ];
}

/** What was issued before there were accounts is of another form; no release ever wrote it, so it is refused, not guessed at. */
const ACCOUNTS = [
  `do $$ begin
    if exists (select from invoices) then
      raise exception 'this ledger holds invoices from before there were accounts, which this release cannot read; begin a new one';
    end if;
  end $$`,
  `drop index invoices_by_project`,
  `alter table invoices drop column project`,
  `alter table invoices
    add column account text not null,
    add column projects text[] not null,
    add column corrects text references invoices (number),
    add column after text`,
  `create unique index invoices_one_successor on invoices (corrects, after)`,
  `create index invoices_by_account on invoices (account, period_start)`,
  `create index invoices_by_projects on invoices using gin (projects)`,
  `create index invoices_by_period on invoices (period_start, period_end)`,
  `create table accounts (
    id bigint generated always as identity primary key,
    account text not null,
    digest text not null,
    valid_from timestamptz not null,
    recorded_at timestamptz not null,
    document text not null
  )`,
  `create index accounts_by_account on accounts (account, valid_from)`,
  `create table placements (
    id bigint generated always as identity primary key,
    project text not null,
    domain text not null,
    since timestamptz not null,
    recorded_at timestamptz not null default now()
  )`,
  ...["accounts", "placements"].flatMap(appendOnly),
];

const AFTER_ISSUE = [
  `create table invoice_events (
    id bigint generated always as identity primary key,
    number text not null references invoices (number),
    kind text not null,
    amount numeric(38, 0) not null,
    happened_at timestamptz not null,
    said_by text not null,
    note text not null,
    recorded_at timestamptz not null default now()
  )`,
  `create index invoice_events_by_number on invoice_events (number)`,
  `create table nil_periods (
    account text not null,
    account_digest text not null,
    period_start timestamptz not null,
    period_end timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (account, account_digest, period_start, period_end)
  )`,
  ...["invoice_events", "nil_periods"].flatMap(appendOnly),
];

const PROPOSALS = [
  `create table proposals (
    sequence bigint generated always as identity primary key,
    corrects text not null references invoices (number),
    document text not null,
    said_by text not null,
    said_by_id text,
    proposed_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  `create index proposals_by_invoice on proposals (corrects)`,
  `create table proposal_rejections (
    proposal bigint primary key references proposals (sequence),
    said_by text not null,
    said_by_id text,
    rejected_at timestamptz not null,
    note text not null
  )`,
  ...["proposals", "proposal_rejections"].flatMap(appendOnly),
];

const AGENT_RETIREMENTS = [
  `create table agent_retirements (
    id bigint generated always as identity primary key,
    region text not null,
    source text not null,
    agent text not null,
    retired_at timestamptz not null,
    said_by text not null,
    note text not null,
    said_at timestamptz not null
  )`,
  ...appendOnly("agent_retirements"),
];

/** What is left of a credit is the sum of its entries. */
const CREDITS = [
  `create table credits (
    id bigint generated always as identity primary key,
    credit text not null unique,
    account text not null,
    document text not null,
    granted_at timestamptz not null,
    granted_by text not null
  )`,
  `create index credits_by_account on credits (account)`,
  `create table credit_entries (
    id bigint generated always as identity primary key,
    credit text not null references credits (credit),
    number text references invoices (number),
    kind text not null,
    amount numeric(38, 0) not null,
    at timestamptz not null,
    said_by text,
    note text,
    recorded_at timestamptz not null default now()
  )`,
  `create index credit_entries_by_credit on credit_entries (credit)`,
  ...["credits", "credit_entries"].flatMap(appendOnly),
];
