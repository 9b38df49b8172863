import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { jetstream, jetstreamManager, type StreamConfig } from "@nats-io/jetstream";
import { connect, headers as messageHeaders } from "@nats-io/transport-node";
import pg from "pg";

const SEEDS = join(import.meta.dirname, "seeds");

/** What a release left: see make-seed.ts. */
export interface Seed {
  readonly release: string;
  readonly known: Known;
  readonly pour: Pouring;
}

interface Known {
  readonly closed: string;
  readonly open: string;
  /** So many messages were on the bus. */
  readonly waiting: number;
  /** As the release itself measured both months, once it had taken what was on the bus. */
  readonly usage: readonly unknown[];
  readonly usageAfter: readonly unknown[];
  readonly invoices: readonly { readonly number: string; readonly total: string }[];
}

/** Puts its parts where they were. */
interface Pouring {
  readonly store: (file: string) => void;
  readonly ledger: (url: string) => Promise<void>;
  readonly bus: (url: string) => Promise<void>;
}

export const seeds = (): Seed[] => readdirSync(SEEDS).toSorted().map(seedOf);

function seedOf(release: string): Seed {
  const read = (name: string): Buffer => gunzipSync(readFileSync(join(SEEDS, release, name)));
  return {
    release,
    known: JSON.parse(read("known.json.gz").toString()),
    pour: {
      store: (file) => writeFileSync(file, read("samples.duckdb.gz")),
      ledger: (url) => played(url, read("ledger.sql.gz").toString()),
      bus: (url) => published(url, JSON.parse(read("bus.json.gz").toString())),
    },
  };
}

/** A plain dump, but for what only psql understands. */
async function played(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(sql.replaceAll(/^\\.*$/gm, ""));
  await client.end();
}

interface Bus {
  readonly streams: readonly (StreamConfig & { readonly name: string })[];
  readonly messages: readonly {
    readonly subject: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly data: string;
  }[];
}

async function published(url: string, { streams, messages }: Bus): Promise<void> {
  const connection = await connect({ servers: url });
  const manager = await jetstreamManager(connection);
  for (const stream of streams) await manager.streams.add(stream);
  for (const { subject, headers, data } of messages) {
    const head = messageHeaders();
    for (const [name, value] of headers) head.append(name, value);
    await jetstream(connection).publish(subject, Buffer.from(data, "base64"), { headers: head });
  }
  await connection.close();
}
