import type { SampleColumns } from "@raingauge/domain";
import { sampleIn } from "@raingauge/domain";
import { gnocchi } from "../../peers/gnocchi.ts";

/** Seconds until its API had taken all, and until its worker had aggregated all. */
export interface Took {
  readonly told: number;
  readonly aggregated: number;
}

/** Debian's Gnocchi with one worker of each kind: each of `batches` is a request, as Ceilometer's publisher makes one of a poll. */
export async function gnocchiAlone(batches: readonly SampleColumns[]): Promise<Took> {
  const server = await gnocchi();
  try {
    const ask = asking(new URL(server.url).origin);
    const resources = new Set(batches.flatMap(({ subjects }) => subjects.map(({ resource }) => resource)));
    for (const id of resources) await ask("/v1/resource/generic", { id });
    const began = performance.now();
    for (const batch of batches)
      await ask("/v1/batch/resources/metrics/measures?create_metrics=true", measuresOf(batch));
    const told = (performance.now() - began) / 1_000;
    while (waitingIn(await ask("/v1/status")) > 0);
    return { told, aggregated: (performance.now() - began) / 1_000 };
  } finally {
    await server.stop();
  }
}

const asking = (origin: string) => async (path: string, body?: unknown) => {
  const response = await fetch(`${origin}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Basic ${btoa("admin:")}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
};

const waitingIn = (status: { readonly storage: { readonly summary: { readonly measures: number } } }): number =>
  status.storage.summary.measures;

function measuresOf(columns: SampleColumns) {
  const told: Record<string, Record<string, { archive_policy_name: string; measures: unknown[] }>> = {};
  for (let row = 0; row < columns.count; row += 1) {
    const { resource, meter, at, value } = sampleIn(columns, row);
    told[resource] ??= {};
    told[resource][meter] ??= { archive_policy_name: "low", measures: [] };
    told[resource][meter].measures.push({ timestamp: new Date(at).toISOString(), value: Number(value) });
  }
  return told;
}
