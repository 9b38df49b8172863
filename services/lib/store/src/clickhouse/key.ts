import { hash } from "node:crypto";

/**
 * A number of 128 bits that is worked out of what it names, so that writers who never met agree on it. As text: a character
 * for each byte as ClickHouse lays out a UInt128.
 */
export type Key = string;

export const KEY_BYTES = 16;

export const keyOf = (...parts: readonly string[]): Key => digest(parts).toString("latin1", 0, KEY_BYTES);

/** The same, with keys of one `group` beside each other where they are in order. */
export const keyWithin = (group: string, ...parts: readonly string[]): Key =>
  digest([group, ...parts]).toString("latin1", 0, KEY_BYTES - GROUP_BYTES) +
  digest([group]).toString("latin1", 0, GROUP_BYTES);

const GROUP_BYTES = 4;

/** Names come from tenants too: a weak digest would let them make two things one. */
const digest = (parts: readonly string[]): Buffer => hash("sha256", JSON.stringify(parts), "buffer");
