import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it, vi } from "vitest";
import {
  available,
  clickhouseServer,
  describeWith,
  influxServer,
  natsServer,
  postgresServer,
  rabbitServer,
  type Server,
  type ServerName,
} from "./index.ts";

const SERVERS: readonly { readonly name: ServerName; readonly start: () => Promise<Server> }[] = [
  { name: "chdb", start: clickhouseServer },
  { name: "influxdb", start: influxServer },
  { name: "nats-server", start: natsServer },
  { name: "postgresql", start: postgresServer },
  { name: "rabbitmq-server", start: rabbitServer },
];

for (const { name, start } of SERVERS) {
  await describeWith(name, `a private ${name}`, () => {
    it("answers, is gone when killed, answers at the same address when restarted, and leaves nothing when stopped", async () => {
      const server = await start();
      expect(await accepts(server.url)).toBe(true);

      await server.kill();
      expect(await accepts(server.url)).toBe(false);
      await server.restart();
      expect(await accepts(server.url)).toBe(true);

      await server.stop();
      await server.stop();
      expect(await accepts(server.url)).toBe(false);
      expect(processesNaming(server.url)).toEqual([]);
    });
  });
}

await describeWith("nats-server", "a private nats-server under faults", () => {
  it("keeps its streams across SIGKILL and restart", async () => {
    await using server = await natsServer();
    await jetStream(server.url, "STREAM.CREATE.KEPT", { name: "KEPT", subjects: ["kept"], storage: "file" });

    await server.kill();
    await server.restart();

    expect(await jetStream(server.url, "STREAM.NAMES", {})).toMatchObject({ streams: ["KEPT"] });
  });

  it("dies with the process that started it, even when that is killed outright", async () => {
    const harness = JSON.stringify(new URL("./index.ts", import.meta.url).href);
    const script = `const { natsServer } = await import(${harness}); console.log((await natsServer()).url); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [output] = await once(parent.stdout, "data");
    const url = String(output).trim();
    expect(await accepts(url)).toBe(true);

    parent.kill("SIGKILL");

    await vi.waitFor(() => expect(processesNaming(url)).toEqual([]), { timeout: 10_000 });
  });
});

describe("available", () => {
  it("says what is missing and how to get it", async () => {
    vi.stubEnv("RAINGAUGE_TEST_SERVERS", "system");

    for (const { name } of SERVERS) {
      const availability = await available(name);
      if (!availability.ok)
        expect(availability.reason).toMatch(name === "chdb" ? /npm install .*chdb/ : `apt-get install ${name}`);
    }

    vi.unstubAllEnvs();
  });
});

const accepts = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port) });
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

/** A port is private to one server, and each of our servers (and its keeper's folder) names it on its command line. */
const processesNaming = (url: string): string[] =>
  execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(new URL(url).port));

/** One JetStream request in the plain text protocol: the client library has its home in the bus, not here. */
const jetStream = (url: string, subject: string, request: object): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port) });
    const payload = JSON.stringify(request);
    socket.write(
      `CONNECT {"verbose":false}\r\nSUB reply 1\r\nPUB $JS.API.${subject} reply ${payload.length}\r\n${payload}\r\n`,
    );
    let heard = "";
    socket.on("data", (bytes) => {
      heard += bytes.toString();
      const reply = /MSG reply 1 \d+\r\n(.*)\r\n/.exec(heard)?.[1];
      if (reply === undefined) return;
      socket.destroy();
      resolve(JSON.parse(reply));
    });
    socket.once("error", reject);
  });
