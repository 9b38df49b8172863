import type { Bus } from "@raingauge/bus";
import type { SampleStore } from "@raingauge/store";

/** Both throw why not, and `/readyz` says it. */
export async function answers(bus: Pick<Bus, "rejected">): Promise<undefined> {
  for await (const _ of bus.rejected()) break;
  return undefined;
}

export async function opens(store: Pick<SampleStore, "watermark">): Promise<undefined> {
  await store.watermark();
  return undefined;
}
