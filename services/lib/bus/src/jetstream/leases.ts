import { JetStreamApiError, jetstreamManager } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import { BusUnavailable } from "../bus.ts";
import type { Leases } from "../leases.ts";
import { type Connection, dial, type Server } from "./connection.ts";
import { told } from "./trouble.ts";

export interface LeaseOptions extends Omit<Server, "timeoutMs"> {
  readonly termMs: number;
  /** Those of different words do not meet. */
  readonly bucket?: string;
  /** 3 in a cluster. */
  readonly replicas?: number;
}

/**
 * Leases in a key-value bucket of JetStream, from nats-server 2.9 on: the server's own clock lets them run out. Connects when
 * it is first asked; while the server is away every call throws BusUnavailable.
 */
export function jetStreamLeases({
  termMs,
  bucket = "raingauge_leases",
  replicas = 1,
  ...server
}: LeaseOptions): Leases {
  let opening: Promise<{ readonly connection: Connection; readonly kv: KV }> | undefined;
  const revisions = new Map<string, number>();

  const open = async () => {
    const connection = await dial({ ...server, timeoutMs: TIMEOUT_MS });
    try {
      const kv = await told(new Kvm(connection.nats).create(bucket, { ttl: termMs, history: 1, replicas }));
      return { connection, kv };
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
  const store = async (): Promise<KV> => {
    opening ??= open().catch((error) => {
      opening = undefined;
      throw error;
    });
    const { connection, kv } = await opening;
    // The driver would wait for a server that it knows to be away until the question times out.
    if (!connection.isConnected()) throw new BusUnavailable("the nats-server is away");
    return kv;
  };

  return {
    termMs,
    async take(name, holder) {
      const kv = await store();
      const key = keyOf(name);
      const known = revisions.get(name);
      const taken = await orTaken(known === undefined ? kv.create(key, holder) : kv.update(key, holder, known));
      if (taken !== undefined) {
        revisions.set(name, taken);
        return true;
      }
      revisions.delete(name);
      // It ran out meanwhile, or we are told of it a second time after a restart: ours is what bears our name.
      const entry = await told(kv.get(key));
      if (entry === null || entry.operation !== "PUT")
        return (await again(kv, key, holder, revisions, name)) !== undefined;
      if (entry.string() !== holder) return false;
      const renewed = await orTaken(kv.update(key, holder, entry.revision));
      if (renewed !== undefined) revisions.set(name, renewed);
      return renewed !== undefined;
    },
    async release(name, holder) {
      const kv = await store();
      const entry = await told(kv.get(keyOf(name)));
      revisions.delete(name);
      if (entry === null || entry.operation !== "PUT" || entry.string() !== holder) return;
      await told(kv.delete(keyOf(name), { previousSeq: entry.revision })).catch((error: unknown) => {
        if (!isTaken(error)) throw error;
      });
    },
    async held() {
      const kv = await store();
      const keys = await keysIn(await opening, bucket);
      const entries = await Promise.all(keys.map(async (key) => [nameOf(key), await told(kv.get(key))] as const));
      return new Map(
        entries.flatMap(([name, entry]) =>
          entry === null || entry.operation !== "PUT" ? [] : [[name, entry.string()] as const],
        ),
      );
    },
    [Symbol.asyncDispose]: async () => {
      await (await opening?.catch(() => undefined))?.connection.close();
    },
  };
}

const TIMEOUT_MS = 5_000;

/** Asked of the stream: the driver's own list makes a consumer each time, and many of them keep a server from letting keys go. */
async function keysIn(opened: { readonly connection: Connection } | undefined, bucket: string): Promise<string[]> {
  if (opened === undefined) return [];
  const manager = await told(jetstreamManager(opened.connection.nats, { timeout: TIMEOUT_MS }));
  const prefix = `$KV.${bucket}.`;
  const { state } = await told(manager.streams.info(`KV_${bucket}`, { subjects_filter: `${prefix}>` }));
  return Object.keys(state.subjects ?? {}).map((subject) => subject.slice(prefix.length));
}

async function again(
  kv: KV,
  key: string,
  holder: string,
  revisions: Map<string, number>,
  name: string,
): Promise<number | undefined> {
  const taken = await orTaken(kv.create(key, holder));
  if (taken !== undefined) revisions.set(name, taken);
  return taken;
}

/** The revision, or undefined where another was faster. */
async function orTaken(asked: Promise<number>): Promise<number | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isTaken(error)) return undefined;
    return told(Promise.reject(error));
  }
}

/** JetStream's "wrong last sequence": the key is not what we took it for. */
const isTaken = (error: unknown): boolean => {
  const cause = error instanceof Error && error.cause instanceof JetStreamApiError ? error.cause : error;
  return cause instanceof JetStreamApiError && cause.code === WRONG_LAST_SEQUENCE;
};

const WRONG_LAST_SEQUENCE = 10_071;

/** Keys may hold few characters; a name any. */
const keyOf = (name: string): string => Buffer.from(name).toString("base64url");
const nameOf = (key: string): string => Buffer.from(key, "base64url").toString();
