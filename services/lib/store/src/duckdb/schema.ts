/**
 * What a store file holds. Rows are narrow: whatever repeats from reading to reading (whose it is, of which resource, who said
 * it) stands in a dictionary once. Every arrival carries `stored_at`, a reading through its telling, so that a question about the
 * past gets the answer that it got then.
 */
export const SCHEMA = `
  create table if not exists position (stream varchar, sequence bigint, stored_at bigint);

  -- One meter of one resource; of a counter, one incarnation.
  create table if not exists series (series_id integer, region varchar, meter varchar, resource varchar, life varchar);
  create table if not exists series_project (series_id integer, project varchar);
  -- Of a counter's readings the life stands in the series, and here only whether its beginning was witnessed.
  create table if not exists claim (
    claim_id integer, project varchar, origin varchar, source varchar, dimensions varchar, witnessed boolean,
    incarnation varchar);
  -- Numbered in the order of arrival: later stored means larger.
  create table if not exists telling (
    telling_id bigint, message varchar, sequence bigint, transition varchar, stored_at bigint);
  -- The mark is the first byte of the identity, which is worked out of the rest: together they show an altered row.
  create table if not exists reading (
    series_id integer, moment bigint, value bigint, stance utinyint, claim_id integer, telling_id bigint, mark utinyint);

  create table if not exists event (
    id varchar primary key, type varchar, region varchar, source varchar, moment bigint, project varchar, resource varchar,
    resource_type varchar, attributes varchar, stored_at bigint);

  -- resource_types is null for a listener, which confirms nothing.
  create table if not exists coverage (
    region varchar, source varchar, agent varchar, starts bigint, ends bigint, resource_types varchar,
    limit_seconds double, stored_at bigint);

  create table if not exists holder (holder_id integer, project varchar, dimensions varchar);
  create table if not exists usage_hour (
    series_id integer, hour bigint, holder_id integer, quantity hugeint, readings integer, observed_ms integer,
    inferred_ms integer, after_end integer, counter_dropped integer, end_at bigint, end_final boolean);

  -- The same by UTC day, made of the hours: a month is asked about more often than an hour. Which resource's and meter's a series
  -- is stands as the lowest number of a series of that resource, and of that region and meter. The end's certainty is its last bit.
  create table if not exists place (series_id integer, thing_id integer, topic_id integer);
  -- Quantities lie as they are: to unpack 128 bits takes as long as all else that a sum of them does.
  create table if not exists usage_by_day (
    series_id integer, thing_id integer, topic_id integer, day bigint, holder_id integer,
    quantity hugeint using compression uncompressed, readings integer, observed_ms integer, inferred_ms integer,
    after_end integer, counter_dropped integer, ended bigint);
  -- One row: of which roll-up and which freezing these days are.
  create table if not exists by_day_of (watermark bigint, telling_id bigint, horizon bigint);
  -- Where earlier versions had them, packed.
  drop table if exists usage_day;
  drop table if exists days_of;

  -- What the roll-ups stand on: arrivals up to the watermark, the sources that confirmed then, and how each series stood.
  create table if not exists rolled (watermark bigint, telling_id bigint);
  create table if not exists rolled_watch (region varchar, resource_type varchar, confirmations varchar);
  create table if not exists rolled_series (
    series_id integer, since bigint, until bigint, last_at bigint, firm_at bigint, stated boolean, open boolean);

  -- Of a series that has not ended, what its next reading is measured from: the last reading before the hour of its last one (none
  -- where that is its first), and the statement in force then. A series without a row is looked up in its readings.
  create table if not exists rolled_tail (
    series_id integer, lead_at bigint, lead_value bigint, lead_claim integer, stated_claim integer, stated_value bigint);
  -- One row: of which roll-up these are, and the highest number of a series then.
  create table if not exists rolled_through (series_id integer, telling_id bigint);

  -- One row, once hours are frozen: roll-ups before the horizon are never made anew. Which readings came too late for them.
  create table if not exists frozen (horizon bigint, since bigint);
  -- One row, once a month was written anew, series by series: up to when that was done.
  create table if not exists compacted (until bigint);
  create table if not exists late (series_id integer, project varchar, moment bigint, stored_at bigint);
`;
