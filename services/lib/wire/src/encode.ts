import type { Batch, Coverage, Event } from "@raingauge/domain";
import type { CoverageDocument } from "./coverage.ts";
import type { Document } from "./document.ts";
import type { EventDocument } from "./event.ts";
import { tablesOf } from "./tables.ts";
import { VERSION } from "./version.ts";

// What writes batches is apart from what reads them: an agent on a compute node never reads one, and what checks them is large.

/** The bytes of a batch. Equal batches give equal bytes, so that their digest can name them. */
export function encodeBatch(batch: Batch): Uint8Array {
  const { samples, events, coverage } = batch;
  const said: Document = {
    v: VERSION,
    ...tablesOf(samples),
    events: eventDocuments(events),
    coverage: coverageDocuments(coverage),
  };
  return new TextEncoder().encode(JSON.stringify(said));
}

function eventDocuments(events: readonly Event[]): EventDocument[] {
  return events.map(({ id, type, region, source, at, project, resource, resourceType, attributes }) => ({
    id,
    type,
    region,
    source,
    at,
    ...(project === undefined ? {} : { project }),
    ...(resource === undefined ? {} : { resource }),
    ...(resourceType === undefined ? {} : { resourceType }),
    attributes,
  }));
}

function coverageDocuments(coverage: readonly Coverage[]): CoverageDocument[] {
  return coverage.map(({ region, source, agent, period: { start, end }, confirms }) => ({
    region,
    source,
    agent,
    start,
    end,
    ...(confirms === undefined
      ? {}
      : { confirms: { resourceTypes: [...confirms.resourceTypes], limitSeconds: confirms.limitSeconds } }),
  }));
}
