import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { config } from "./config.ts";

describe("the listener's configuration", () => {
  it("needs nothing but a broker", () => {
    const settings = config({ RAINGAUGE_RABBIT_URL: "rabbit://nova:hunter2@one,nova:hunter2@two" });

    expect(settings).toMatchObject({
      region: "RegionOne",
      broker: { hosts: ["one:5672", "two:5672"], username: "nova" },
      queue: "raingauge.notifications",
      routingKeys: ["notifications.*", "versioned_notifications.*"],
    });
    expect(settings.exchanges).toContain("openstack");
    expect(`${inspect(settings)} ${JSON.stringify(settings)}`).not.toContain("hunter2");
  });

  it("names all that is wrong at once, and no password", () => {
    const wrong = {
      RAINGAUGE_RABBIT_URL: "http://nova:hunter2@one",
      RAINGAUGE_LISTENER_PREFETCH: "0",
      RAINGAUGE_RABIT_URL: "",
    };

    expect(() => config(wrong)).toThrow(/RABBIT_URL.*\n.*PREFETCH.*\n.*RABIT_URL is not a setting/);
    expect(() => config(wrong)).toThrow(expect.not.stringContaining("hunter2"));
  });
});
