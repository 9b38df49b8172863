import { identifier } from "./server.ts";

/**
 * What a database holds. Rows are narrow: whatever repeats from reading to reading stands in a dictionary once, under a key
 * that is worked out of it, so that any number of writers may enter it, each for itself.
 *
 * ClickHouse has no transactions. Every row of an append carries its `lot`, and counts only once the lot is known in
 * `commit`, which is written last (see `lot.ts`). Nothing that counts depends on a merge: what may lie there twice until then
 * is made one by whoever asks.
 *
 * Each table is sorted by what it is asked by; readings and roll-ups lie by meter and series, oldest first.
 */
interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly order: string;
  /** Of rows in one place of the order the one with the largest counts; undefined where all count. */
  readonly version?: string;
  readonly aggregates?: true;
  readonly partition?: string;
  /** What sends a row to its shard of a cluster: whatever is joined must lie on one. */
  readonly shard: string;
}

const BY_SERIES = "cityHash64(series)";

/** Nearly sorted numbers: their differences are small. */
const RISING = "codec(Delta, ZSTD(1))";
const PACKED = "codec(ZSTD(1))";

const TABLES: readonly Table[] = [
  // The first and the last lot of each writer: whatever it wrote up to there counts.
  {
    name: "commit",
    columns: [
      "writer UInt32",
      "first SimpleAggregateFunction(min, UInt64)",
      "last SimpleAggregateFunction(max, UInt64)",
    ],
    order: "writer",
    aggregates: true,
    shard: "writer",
  },
  { name: "writer", columns: ["writer UInt32", "name String"], order: "writer", shard: "writer" },
  {
    name: "position",
    columns: ["stream LowCardinality(String)", `sequence UInt64 ${RISING}`, `lot UInt64 ${RISING}`],
    order: "(stream, sequence)",
    shard: "cityHash64(stream, sequence)",
  },
  // One meter of one resource; of a counter, one incarnation.
  {
    name: "series",
    columns: [
      ...["series UInt128", "region LowCardinality(String)", "meter LowCardinality(String)"],
      ...["resource String", "life String"],
    ],
    order: "series",
    version: "",
    shard: BY_SERIES,
  },
  {
    name: "series_project",
    columns: ["series UInt128", "project String"],
    order: "(project, series)",
    version: "",
    shard: BY_SERIES,
  },
  // Of a counter's readings the life stands in the series, and here only whether its beginning was witnessed.
  {
    name: "claim",
    columns: [
      ...["claim UInt128", "project String", "origin String", "source String", "dimensions String"],
      ...["witnessed UInt8", "incarnation String"],
    ],
    order: "claim",
    version: "",
    shard: "cityHash64(claim)",
  },
  // The message behind some readings of a lot.
  {
    name: "telling",
    columns: [`lot UInt64 ${RISING}`, `telling UInt32 ${RISING}`, "message String"],
    order: "(lot, telling)",
    shard: "lot",
  },
  // The mark is the first byte of the identity, which is worked out of the rest: together they show an altered row.
  {
    name: "reading",
    columns: [
      ...[
        `series UInt128 ${PACKED}`,
        `moment Int64 codec(DoubleDelta, ZSTD(1))`,
        `value Int64 ${RISING}`,
        "stance UInt8",
      ],
      ...[`claim UInt128 ${PACKED}`, `sequence Int64 ${RISING}`, "transition LowCardinality(String)"],
      ...[`lot UInt64 ${RISING}`, `telling UInt32 ${PACKED}`, `mark UInt8`],
      "index lots lot type minmax granularity 1",
    ],
    order: "(series, moment)",
    partition: "toYYYYMM(fromUnixTimestamp64Milli(moment, 'UTC'))",
    shard: BY_SERIES,
  },
  {
    name: "event",
    columns: [
      ...["id String", "type LowCardinality(String)", "region LowCardinality(String)", "source LowCardinality(String)"],
      ...[`moment Int64 ${RISING}`, "project String", "resource String", "resource_type LowCardinality(String)"],
      ...["attributes String", `lot UInt64 ${RISING}`],
      ...[
        "index ids id type bloom_filter(0.001) granularity 1",
        "index resources resource type bloom_filter granularity 1",
      ],
    ],
    order: "(moment, id)",
    partition: "toYYYYMM(fromUnixTimestamp64Milli(moment, 'UTC'))",
    shard: "cityHash64(id)",
  },
  // resource_types is empty for a listener, which confirms nothing.
  {
    name: "coverage",
    columns: [
      ...["region LowCardinality(String)", "source LowCardinality(String)", "agent LowCardinality(String)"],
      ...[
        `starts Int64 ${RISING}`,
        `ends Int64 ${RISING}`,
        "resource_types LowCardinality(String)",
        "limit_seconds LowCardinality(String)",
      ],
      ...["stream LowCardinality(String)", `sequence UInt64 ${RISING}`, "part UInt32", `lot UInt64 ${RISING}`],
    ],
    order: "(region, starts, source, agent)",
    shard: "cityHash64(region)",
  },
  // What lies behind a watermark: the last lot of each writer that it knew.
  {
    name: "watermark",
    columns: ["moment Int64", "name String", "is_noted UInt8", "writers Array(UInt32)", "lots Array(UInt64)"],
    order: "moment",
    shard: "1",
  },
  {
    name: "holder",
    columns: ["holder UInt128", "project String", "dimensions String"],
    order: "holder",
    version: "",
    shard: "1",
  },
  // All the usage of a series in an hour; an hour that says nothing any more is an empty row.
  {
    name: "usage_hour",
    columns: [
      ...[`series UInt128 ${PACKED}`, `hour Int64 codec(DoubleDelta, ZSTD(1))`, `generation UInt64 ${PACKED}`],
      ...["holder Array(UInt128)", "quantity Array(Int128)", "readings Array(UInt32)", "observed_ms Array(Int64)"],
      ...["inferred_ms Array(Int64)", "after_end Array(UInt32)", "counter_dropped Array(UInt32)"],
      ...["end_at Array(Int64)", "end_final Array(UInt8)"].map((column) => `${column} ${PACKED}`),
      "index generations generation type minmax granularity 1",
    ],
    order: "(series, hour)",
    version: "generation",
    partition: "toYYYYMM(fromUnixTimestamp64Milli(hour, 'UTC'))",
    shard: BY_SERIES,
  },
  // How each series stood when it was rolled up; what is absent is -1.
  {
    name: "rolled_series",
    columns: [
      ...["series UInt128", "generation UInt64", "since Int64", "until Int64", "last_at Int64", "firm_at Int64"],
      ...["stated UInt8", "open UInt8"],
    ],
    order: "series",
    version: "generation",
    shard: BY_SERIES,
  },
  // Roll-ups before the latest horizon are never made anew.
  {
    name: "frozen",
    columns: ["horizon Int64", "since Int64"],
    order: "horizon",
    shard: "1",
  },
  // Readings that came for hours that were frozen.
  {
    name: "late",
    columns: [...["series UInt128", "project String", "moment Int64", `lot UInt64 ${RISING}`]],
    order: "(moment, series)",
    shard: BY_SERIES,
  },
  // While readings before a horizon are removed: those that stay.
  {
    name: "kept",
    columns: [...["horizon Int64", "series UInt128", "moment Int64", "lot UInt64", "telling UInt32", "mark UInt8"]],
    order: "(horizon, series, moment)",
    shard: BY_SERIES,
  },
  // A roll-up that was finished: the last lot of each writer that it knew, and the sources that confirmed then.
  {
    name: "rolled",
    columns: ["generation UInt64", "writers Array(UInt32)", "lots Array(UInt64)", "watch String"],
    order: "tuple()",
    version: "generation",
    shard: "1",
  },
];

/** The commands that make a database on one server. */
export const plainSchema = (database: string): string[] => [
  `create database if not exists ${identifier(database)}`,
  ...TABLES.map((table) => creation(table, `${identifier(database)}.${identifier(table.name)}`, engineOf(table))),
];

/** The same on all servers of a cluster: each table replicated within a shard, and a distributed one of its name over all shards. */
export const clusterSchema = (database: string, cluster: string): string[] => {
  const on = ` on cluster ${identifier(cluster)}`;
  return [
    `create database if not exists ${identifier(database)}${on}`,
    ...TABLES.flatMap((table) => {
      const local = `${table.name}_local`;
      const replicated = engineOf(table, `'/clickhouse/tables/{shard}/${database}/${local}', '{replica}'`);
      const [here, all] = [local, table.name].map((name) => `${identifier(database)}.${identifier(name)}`);
      return [
        creation(table, `${here}${on}`, replicated),
        `create table if not exists ${all}${on} as ${here}
engine = Distributed(${identifier(cluster)}, ${identifier(database)}, ${identifier(local)}, ${table.shard})`,
      ];
    }),
  ];
};

const creation = ({ columns, order, partition }: Table, table: string, engine: string): string =>
  `create table if not exists ${table} (
  ${columns.join(",\n  ")}
) engine = ${engine}${
    partition === undefined
      ? ""
      : `
partition by ${partition}`
  }
order by ${order}`;

function engineOf({ version, aggregates }: Table, path?: string): string {
  const kind =
    aggregates === true ? "AggregatingMergeTree" : version === undefined ? "MergeTree" : "ReplacingMergeTree";
  const parameters = [path, version].filter((each) => each !== undefined && each !== "");
  return `${path === undefined ? "" : "Replicated"}${kind}${parameters.length === 0 ? "" : `(${parameters.join(", ")})`}`;
}
