import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { parseBroker } from "./broker.ts";

describe("parseBroker", () => {
  it("takes a service's own transport_url as it is, with all its hosts", () => {
    const broker = parseBroker("rabbit://nova:p%40ss@one:5672,nova:p%40ss@two:5673//?ssl=1&rabbit_qos=1");

    expect(broker).toMatchObject({ hosts: ["one:5672", "two:5673"], vhost: "/", tls: true, username: "nova" });
    expect(broker.password()).toBe("p@ss");
  });

  it.each([
    { url: "amqp://a:b@host", hosts: ["host:5672"], vhost: "/", tls: false },
    { url: "amqps://a:b@host/cloud", hosts: ["host:5671"], vhost: "cloud", tls: true },
    { url: "rabbit://a:b@host:5671/%2Fodd?ssl=True", hosts: ["host:5671"], vhost: "/odd", tls: true },
    { url: "amqp://host/", hosts: ["host:5672"], vhost: "/", tls: false, username: "guest" },
  ])("reads $url", ({ url, ...expected }) => {
    expect(parseBroker(url)).toMatchObject(expected);
  });

  it("shows no password, neither printed nor in what it says of a URL that is wrong", () => {
    const broker = parseBroker("amqp://user:hunter2@host");

    expect(`${JSON.stringify(broker)} ${inspect(broker)}`).not.toContain("hunter2");
    for (const wrong of ["http://user:hunter2@host", "user:hunter2@host", "amqp://user:hunter2@"]) {
      expect(() => parseBroker(wrong)).toThrow(expect.not.stringContaining("hunter2"));
    }
  });
});
