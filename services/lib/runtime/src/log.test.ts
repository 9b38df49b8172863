import { describe, expect, it } from "vitest";
import { jsonLog } from "./log.ts";
import { Secret } from "./secret.ts";

const written = (write: (log: ReturnType<typeof jsonLog>) => void): Record<string, unknown>[] => {
  const lines: string[] = [];
  write(jsonLog("collector", "info", { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe("the log", () => {
  it("writes a fact with its fields as one line of JSON", () => {
    const [line] = written((log) =>
      log.with({ region: "north" }).info("samples stored", { stored: 3, quantity: 2n ** 80n }),
    );

    expect(line).toMatchObject({
      process: "collector",
      level: "info",
      msg: "samples stored",
      region: "north",
      stored: 3,
      quantity: "1208925819614629174706176",
    });
    expect(line?.["time"]).toMatch(/Z$/);
  });

  it("leaves out what is below its level", () => {
    expect(written((log) => log.debug("message decoded"))).toEqual([]);
  });

  it("never writes a secret, however deep it lies or whatever carries it", () => {
    const lines = written((log) => {
      log.info("session opened", {
        password: "hunter2",
        request: { headers: { "X-Auth-Token": "hunter2", authorization: "Basic hunter2" }, admin_pass: "hunter2" },
        url: new URL("nats://user:hunter2@bus:4222"),
        text: "connecting to amqp://guest:hunter2@broker",
        key: new Secret("hunter2"),
        error: new Error("no answer from postgresql://u:hunter2@db", { cause: { token: "hunter2" } }),
      });
    });

    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain("hunter2");
    expect(JSON.stringify(lines)).toContain("nats://user:[secret]@bus:4222");
  });
});
