import { z } from "zod";
import { CoverageDocument } from "./coverage.ts";
import { WireError } from "./error.ts";
import { EventDocument } from "./event.ts";
import { isPlain } from "./plain.ts";
import { VERSION } from "./version.ts";

const index = z.int().min(0);
/** An index, or -1 for nothing. */
const optionalIndex = z.int().min(-1);
const origin = z.enum(["notification", "api", "poll"]);
const stance = z.enum(["states", "sights", "ends", "vanishes"]);

/**
 * Version 1 of a batch. Whatever repeats is said once and then named by its number: words, sets of dimensions, lives of
 * counters, subjects (who is read, by whom, with what claim) and tellings (the message behind a reading).
 */
const Document = z.strictObject({
  v: z.literal(VERSION),
  words: z.array(z.string()),
  /** Words, in pairs of a name and its value. */
  dimensions: z.array(z.array(index)),
  /** Host, device, start, and whether it was witnessed. */
  incarnations: z.array(z.tuple([index, index, z.int(), z.boolean()])),
  /** Region, project, resource, source, origin, stance, dimensions. */
  subjects: z.array(z.tuple([index, index, index, index, origin, stance, index])),
  /** Message, sequence, transition. */
  tellings: z.array(z.tuple([index, z.int(), optionalIndex])),
  /** What the samples' instants count from. */
  at: z.int(),
  /** Six cells a sample, see `sample-table.ts`; they are checked there, one by one, because there are so many. */
  samples: z.custom<readonly unknown[]>(Array.isArray, "not a list"),
  /** The samples' identities, 16 bytes each, in base64. */
  ids: z.string(),
  events: z.array(EventDocument),
  coverage: z.array(CoverageDocument),
});
export type Document = z.infer<typeof Document>;
export type SampleTables = Omit<Document, "v" | "events" | "coverage">;

export function document(said: unknown): Document {
  const version = typeof said === "object" && said !== null && "v" in said ? said.v : undefined;
  if (version !== VERSION)
    throw new WireError(
      "version_unknown",
      `this is version ${JSON.stringify(version)} of a batch; version ${VERSION} is understood here`,
    );
  return isPlain(said) ? said : bySchema(said);
}

/** Says what is wrong and where; and is the measure of what reads faster. */
export function bySchema(said: unknown): Document {
  const read = Document.safeParse(said);
  if (read.success) return read.data;
  const [first] = read.error.issues;
  throw new WireError("malformed", first?.message ?? "not a batch", first?.path.join("."));
}
