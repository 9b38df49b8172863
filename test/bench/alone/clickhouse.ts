import type { SampleColumns } from "@raingauge/domain";
import { secondsOf } from "../stopwatch.ts";

/** How rows are written for ClickHouse. */
export type Format = "Native" | "RowBinaryWithNamesAndTypes" | "JSONCompactEachRow";

const COLUMNS = [
  ["series", "UInt64"],
  ["moment", "Int64"],
  ["value", "Int64"],
  ["claim", "UInt32"],
  ["telling", "UInt32"],
] as const;

/** Columns to a table of their own, from when they are in memory to when the last insert is answered. */
export async function insertAlone(url: string, lots: readonly SampleColumns[], format: Format): Promise<number> {
  const table = `alone_${format}`;
  const columns = COLUMNS.map(([name, type]) => `${name} ${type}`).join(", ");
  await say(url, `create or replace table ${table} (${columns}) engine = MergeTree order by (series, moment)`);
  const [first] = lots;
  if (first !== undefined) await say(url, `insert into ${table} format ${format}`, BODIES[format](first)); // Not timed: what is new costs more.
  return secondsOf(async () => {
    for (const lot of lots) await say(url, `insert into ${table} format ${format}`, BODIES[format](lot));
  });
}

/** The bytes of all tables of a database, merged to one part each. */
export async function bytesOf(url: string, database: string): Promise<number> {
  const tables = await say(url, `select name from system.tables where database = '${database}' format TSV`);
  for (const table of tables.trim().split("\n")) await say(url, `optimize table \`${database}\`.\`${table}\` final`);
  return Number(
    await say(url, `select sum(bytes_on_disk) from system.parts where active and database = '${database}' format TSV`),
  );
}

async function say(url: string, sql: string, body?: Uint8Array<ArrayBuffer>): Promise<string> {
  const asked = body === undefined ? url : `${url}/?${new URLSearchParams({ query: sql })}`;
  const answer = await fetch(asked, { method: "POST", body: body ?? sql });
  const said = await answer.text();
  if (!answer.ok) throw new Error(said);
  return said;
}

const BODIES: Readonly<Record<Format, (lot: SampleColumns) => Uint8Array<ArrayBuffer>>> = {
  Native: (lot) => {
    const head = [...varint(COLUMNS.length), ...varint(lot.count)];
    const arrays = arraysOf(lot);
    const parts = COLUMNS.flatMap(([name, type], index) => [header(name), header(type), bytes(arrays[index])]);
    return Uint8Array.from(Buffer.concat([Buffer.from(head), ...parts]));
  },
  RowBinaryWithNamesAndTypes: (lot) => {
    const width = 32;
    const head = Buffer.concat([
      Buffer.from(varint(COLUMNS.length)),
      ...COLUMNS.map(([name]) => header(name)),
      ...COLUMNS.map(([, type]) => header(type)),
    ]);
    const body = new Uint8Array(head.length + lot.count * width);
    body.set(head);
    const view = new DataView(body.buffer);
    for (let row = 0, at = head.length; row < lot.count; row += 1, at += width) {
      view.setBigUint64(at, BigInt(seriesOf(lot, row)), true);
      view.setBigInt64(at + 8, BigInt(lot.at[row] ?? 0), true);
      view.setBigInt64(at + 16, lot.value[row] ?? 0n, true);
      view.setUint32(at + 24, lot.subject[row] ?? 0, true);
      view.setUint32(at + 28, lot.telling[row] ?? 0, true);
    }
    return body;
  },
  JSONCompactEachRow: (lot) => {
    let body = "";
    for (let row = 0; row < lot.count; row += 1)
      body += `[${seriesOf(lot, row)},${lot.at[row]},${lot.value[row]},${lot.subject[row]},${lot.telling[row]}]\n`;
    return Uint8Array.from(Buffer.from(body));
  },
};

const seriesOf = ({ subject, meter, meters }: SampleColumns, row: number): number =>
  (subject[row] ?? 0) * meters.length + (meter[row] ?? 0);

function arraysOf(lot: SampleColumns): (BigUint64Array | BigInt64Array | Int32Array)[] {
  const series = new BigUint64Array(lot.count);
  const moment = new BigInt64Array(lot.count);
  for (let row = 0; row < lot.count; row += 1) {
    series[row] = BigInt(seriesOf(lot, row));
    moment[row] = BigInt(lot.at[row] ?? 0);
  }
  return [series, moment, lot.value, lot.subject, lot.telling];
}

const bytes = (array: BigUint64Array | BigInt64Array | Int32Array | undefined): Buffer =>
  array === undefined ? Buffer.alloc(0) : Buffer.from(array.buffer, array.byteOffset, array.byteLength);

const header = (text: string): Buffer => Buffer.concat([Buffer.from(varint(text.length)), Buffer.from(text)]);

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...varint(Math.floor(value / 0x80))];
}
