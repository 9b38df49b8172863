import { declareMeters, METERS, type Meter } from "@raingauge/domain";
import { expect, it } from "vitest";

it("no process asks for the catalogue while it is loaded, or an operator's own meters would come too late", async () => {
  await import("@raingauge/collector");
  await import("@raingauge/listener");
  await import("@raingauge/poller");
  await import("@raingauge/rater");
  await import("@raingauge/store/open");
  const own: Meter = { ...(METERS[0] as Meter), name: "licence.seats", aliases: [] };

  expect(() => declareMeters([own])).not.toThrow();
});
