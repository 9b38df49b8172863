import { hash } from "node:crypto";
import type { Batch } from "@raingauge/domain";
import { encodeBatch } from "./encode.ts";
import { WireError } from "./error.ts";

/** A message as the bus takes it: one project's part of a batch. */
export interface Packet {
  /** Digest of the body, so that the bus keeps a packet sent twice once. */
  readonly id: string;
  readonly kind: "samples" | "events";
  readonly region: string;
  readonly service: string;
  readonly project: string;
  readonly body: Uint8Array;
}

/** Small enough that many are in flight, large enough that the dictionaries pay. */
const PACKET_BYTES = 60_000;
const PACKET_SAMPLES = 1_000;
/** A nats-server takes one MiB, headers included. Only a single event or sample of this size is ever refused. */
const PACKET_BYTES_MAX = 900_000;

/**
 * Splits a batch into messages of one project and kind, in the batch's order; coverage belongs to no project. Throws
 * WireError for a single event too large to be sent.
 */
export function packets(batch: Batch, service: string): Packet[] {
  return parts(batch).flatMap(({ batch: part, ...address }) =>
    bodies(part).map((body): Packet => ({ id: digest(body), ...address, service, body })),
  );
}

const digest = (body: Uint8Array): string => hash("sha256", body, "hex").slice(0, 32);

interface Part extends Pick<Packet, "kind" | "region" | "project"> {
  readonly batch: Batch;
}

const NOTHING: Batch = { samples: [], events: [], coverage: [] };

function parts({ samples, events, coverage }: Batch): Part[] {
  return [
    ...groups(samples).map((group) => ({
      ...group.address,
      kind: "samples" as const,
      batch: { ...NOTHING, samples: group.members },
    })),
    ...groups(coverage.map((each) => ({ ...each, project: "" }))).map((group) => ({
      ...group.address,
      kind: "samples" as const,
      batch: { ...NOTHING, coverage: group.members },
    })),
    ...groups(events).map((group) => ({
      ...group.address,
      kind: "events" as const,
      batch: { ...NOTHING, events: group.members },
    })),
  ];
}

interface Group<Member> {
  readonly address: { readonly region: string; readonly project: string };
  readonly members: Member[];
}

function groups<Member extends { readonly region: string; readonly project?: string }>(
  members: readonly Member[],
): Group<Member>[] {
  const byAddress = Map.groupBy(members, ({ region, project = "" }) => JSON.stringify([region, project]));
  return [...byAddress.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined
      ? []
      : [{ address: { region: first.region, project: first.project ?? "" }, members: group }];
  });
}

/** Halves a part until each half is small enough. */
function bodies(batch: Batch): Uint8Array[] {
  const size = batch.samples.length + batch.events.length + batch.coverage.length;
  const body = size > PACKET_SAMPLES ? undefined : encodeBatch(batch);
  if (body !== undefined && body.length <= PACKET_BYTES) return [body];
  if (size > 1) return [...bodies(half(batch, 0)), ...bodies(half(batch, 1))];
  if (body !== undefined && body.length <= PACKET_BYTES_MAX) return [body];
  throw new WireError("too_large", `a single event or reading of more than ${PACKET_BYTES_MAX} bytes`);
}

function half(batch: Batch, which: 0 | 1): Batch {
  const cut = <Member>(members: readonly Member[]): readonly Member[] => {
    const middle = Math.ceil(members.length / 2);
    return which === 0 ? members.slice(0, middle) : members.slice(middle);
  };
  return { samples: cut(batch.samples), events: cut(batch.events), coverage: cut(batch.coverage) };
}
