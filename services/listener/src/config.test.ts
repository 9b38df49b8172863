import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { config } from "./config.ts";

describe("the listener's configuration", () => {
  it("needs nothing but a broker", () => {
    const settings = config({ RAINGAUGE_RABBIT_URL: "rabbit://nova:hunter2@one,nova:hunter2@two" });

    expect(settings).toMatchObject({
      region: "RegionOne",
      brokers: [{ broker: { hosts: ["one:5672", "two:5672"], username: "nova" } }],
      queue: "raingauge.notifications",
      routingKeys: ["notifications.*", "versioned_notifications.*"],
    });
    expect(settings.exchanges).toEqual(expect.arrayContaining(["openstack", "octavia", "manila"]));
    expect(`${inspect(settings)} ${JSON.stringify(settings)}`).not.toContain("hunter2");
  });

  it("takes several brokers, each with its own region and queue if it wants one", () => {
    const { brokers } = config({
      RAINGAUGE_RABBIT_URL: `rabbit://nova:pa#ss@one/cloud
        amqps://a:hunter2@two#region=two&queue=mine`,
    });

    expect(brokers).toMatchObject([
      { broker: { hosts: ["one:5672"], vhost: "cloud" } },
      { broker: { hosts: ["two:5671"], tls: true }, region: "two", queue: "mine" },
    ]);
    expect(brokers[0]?.broker.password()).toBe("pa#ss");
    expect(brokers[0]).not.toHaveProperty("region");
  });

  it("says which of several brokers is wrong, and how", () => {
    const wrong = {
      RAINGAUGE_RABBIT_URL: [
        "amqp://a:hunter2@one#regoin=two",
        "amqps://a:hunter2@two?cacertfile=/nowhere.pem",
        "http://a:hunter2@three",
      ].join(" "),
    };

    expect(() => config(wrong)).toThrow(
      /broker 1 of 3, is .*region=NAME.*\n.*broker 2 of 3, names files.*no such file.*\n.*broker 3 of 3/,
    );
    expect(() => config(wrong)).toThrow(expect.not.stringContaining("hunter2"));
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
