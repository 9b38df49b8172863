import { randomInt, randomUUID } from "node:crypto";
import { at, type Instant } from "@raingauge/domain";
import { numbers, texts } from "./native.ts";
import type { ClickhouseServer } from "./server.ts";

/**
 * What is appended together. Its number says when it was stored and by which writer: milliseconds times `WRITERS`, and
 * the writer's. A writer writes one lot after the other, and after a failure never again under its number, so that whatever
 * it wrote up to its last commit counts and whatever it wrote after that does not.
 */
export type Lot = bigint;

/** More than will ever open a store. */
export const WRITERS = 2 ** 20;

export const lotOf = (storedAt: Instant, writer: number): Lot => BigInt(storedAt) * BigInt(WRITERS) + BigInt(writer);

export const writerOf = (lot: Lot): number => Number(lot % BigInt(WRITERS));

export const storedAtOf = (lot: Lot): Instant => at(Number(lot / BigInt(WRITERS)));

/** A number that no other writer has. Of two that choose the same at once, each sees the other and both choose again. */
export async function claimWriter(server: ClickhouseServer): Promise<number> {
  const writer = randomInt(1, WRITERS);
  const name = randomUUID();
  await server.put("writer", 1, [numbers("writer", Uint32Array.of(writer)), texts("name", [name])], name);
  const names = await server.ask(`select name from ${server.table("writer")} where writer = ${writer}`, (row) =>
    row.text(),
  );
  return names.length === 1 ? writer : claimWriter(server);
}
