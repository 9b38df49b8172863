import { expect, it } from "vitest";
import { config } from "./config.ts";

it("needs nothing, and bills the months of UTC", () => {
  expect(config({})).toMatchObject({ zone: "UTC", listenHost: "127.0.0.1", region: "RegionOne" });
});

it("names a zone that there is not before anything is started, with all else that is wrong", () => {
  const wrong = { RAINGAUGE_ZONE: "Mars/Olympus", RAINGAUGE_GRACE_HOURS: "-1" };

  expect(() => config(wrong)).toThrow(
    expect.objectContaining({
      problems: [
        'RAINGAUGE_ZONE must be a time zone such as Europe/Berlin, not "Mars/Olympus"',
        'RAINGAUGE_GRACE_HOURS must be a whole number from 0 to 720, not "-1"',
      ],
    }),
  );
});
