import type { List, Payload } from "@raingauge/openstack";
import { expect, it } from "vitest";
import { designateSurvey } from "./designate.ts";

it("counts each zone's record sets out of one list of them all, for the zone's project", async () => {
  const sets: Payload[] = ["a", "a", "b"].map((zone, index) => ({
    ...{ id: `set-${index}`, zone_id: zone, zone_name: `${zone}.example.`, project_id: "acme", type: "A" },
    ...{ name: `www${index}.${zone}.example.`, status: "ACTIVE" },
  }));
  const asked: string[] = [];
  const asking = {
    fetch: () => expect.fail("nothing else is asked"),
    get: () => expect.fail("nothing else is asked"),
    async *pages({ path }: List) {
      asked.push(path);
      yield { items: sets, askedAt: 0 };
    },
  };

  const told = await designateSurvey.read(asking, () => expect.fail("nothing is left out"), { sinceAt: undefined });

  const counted = told.flatMap((each) =>
    "meter" in each && each.meter === "dns.zone.recordsets" ? [[each.resource, each.project, each.value]] : [],
  );
  expect(counted).toEqual([
    ["a", "acme", 2n],
    ["b", "acme", 1n],
  ]);
  expect(asked).toEqual(["/recordsets"]);
});
