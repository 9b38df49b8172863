import { EVERYTHING } from "@raingauge/domain";
import { reading } from "@raingauge/test/generators/reading.ts";
import { expect, it } from "vitest";
import { type Exemptions, named, type Place } from "./place.ts";
import { arrival, arrivalOf, clock, DAY, hour, hours, polling } from "./terms.ts";

/** Promise 2: the death of the process. */
export function surviving(place: () => Promise<Place>, { forgets }: Exemptions): void {
  it.skipIf(forgets !== undefined)(named("has what it had when it is opened again", forgets), async () => {
    await using here = await place();
    const told = [
      arrival(1, reading({ at: hour(1) }), reading({ at: hour(5) })),
      arrivalOf(2, { coverage: [polling(hours(0, 6))] }),
    ];
    const asked = { period: hours(0, 12) };
    const before = await here.open(clock);
    await before.append(told);
    await before.rollUp();
    await before.append([arrival(3, reading({ at: hour(3), stance: "sights" }))]);
    const usage = await before.measure(asked, EVERYTHING);
    const watermark = await before.watermark();
    await before[Symbol.asyncDispose]();

    await using after = await here.open(clock);

    expect(await after.measure(asked, EVERYTHING)).toEqual(usage);
    expect(await after.watermark()).toBe(watermark);
    expect(await after.append(told)).toEqual({ stored: 0, duplicates: 2 });
    await after.append([arrival(4, reading({ at: hour(3), stance: "sights" }), reading({ at: hour(7) }))]);
    expect(await after.watermark()).toBeGreaterThan(watermark);
    expect(await after.series({ meter: "instance", period: DAY }, EVERYTHING)).toHaveLength(4);
  });
}
