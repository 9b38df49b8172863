import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secureRabbitLacks, secureRabbitServer } from "@raingauge/harness";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseBroker } from "./broker.ts";
import { hear } from "./hear.ts";
import { speak } from "./speak.ts";
import { tlsProblem } from "./tls.ts";
import type { Pool } from "./topology.ts";

const folder = mkdtempSync(join(tmpdir(), "tls-"));
const file = (name: string): string => join(folder, name);
const lacks = secureRabbitLacks();
const skipped = lacks === undefined ? "" : ` (skipped: ${lacks})`;
afterAll(() => rmSync(folder, { recursive: true }));

describe("the files of TLS", () => {
  it("turn TLS on, and are named in the URL as RabbitMQ's clients name them", () => {
    const broker = parseBroker("rabbit://a:b@host/?cacertfile=/ca.pem&certfile=/me.pem&keyfile=/me.key");

    expect(broker).toMatchObject({
      tls: true,
      hosts: ["host:5671"],
      tlsFiles: { authority: "/ca.pem", certificate: "/me.pem", key: "/me.key" },
    });
  });

  it("are refused by a sentence where one is missing, is not there or is none", () => {
    writeFileSync(file("none.pem"), "-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----\n");

    expect(() => parseBroker("amqps://host?certfile=/me.pem")).toThrow("one of certfile and keyfile");
    expect(tlsProblem(parseBroker("amqps://host?cacertfile=/nowhere.pem"))).toContain("there is no such file");
    const none = tlsProblem(parseBroker(`amqps://host?cacertfile=${file("none.pem")}`));
    expect(none).toContain("cannot be used");
    expect(none).not.toContain("hunter2");
    expect(tlsProblem(parseBroker("amqps://host"))).toBeUndefined();
  });
});

describe.skipIf(lacks !== undefined)(`a broker that speaks TLS${skipped}`, () => {
  let server: Awaited<ReturnType<typeof secureRabbitServer>>;
  beforeAll(async () => {
    authority("ours");
    authority("stranger");
    certificate("broker", "ours");
    certificate("listener", "ours");
    server = await secureRabbitServer({
      authority: file("ours.pem"),
      certificate: file("broker.pem"),
      key: file("broker.key"),
    });
  });
  afterAll(() => server.stop());

  const PROVEN = { cacertfile: "ours.pem", certfile: "listener.pem", keyfile: "listener.key" };
  const urlWith = (files: Readonly<Record<string, string>>): string => {
    const options = Object.entries(files).map(([name, of]) => `${name}=${encodeURIComponent(file(of))}`);
    return `${server.secureUrl}?${options.join("&")}`;
  };

  it("is heard once both sides have shown their certificates", async () => {
    const broker = parseBroker(urlWith(PROVEN));
    await using cloud = speak(broker, POOL);
    await using listener = hearing(urlWith(PROVEN));
    await listener.connected;

    await cloud.say("nova", "notifications.info", "in confidence");

    await expect.poll(() => listener.bodies, { timeout: 20_000 }).toEqual(["in confidence"]);
  });

  it.each([
    { files: { ...PROVEN, cacertfile: "stranger.pem" }, says: "name its authority with cacertfile" },
    { files: {}, says: "name its authority with cacertfile" },
    { files: { cacertfile: "ours.pem" }, says: "the broker wants a certificate of ours" },
  ])("is not talked to with $files, and the sentence says what to do: $says", async ({ files, says }) => {
    await using listener = hearing(urlWith(files));

    await expect.poll(() => listener.troubles.join("\n"), { timeout: 20_000 }).toContain(says);
    expect(listener.bodies).toEqual([]);
  });
});

const POOL: Pool = {
  queue: "raingauge.tls",
  queueType: "classic",
  exchanges: ["nova"],
  exchangesDurable: false,
  routingKeys: ["notifications.*"],
};

function hearing(url: string) {
  const stop = new AbortController();
  const bodies: string[] = [];
  const troubles: string[] = [];
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  const ended = hear(
    { broker: parseBroker(url), pool: POOL, prefetch: 10 },
    {
      handle: async (messages) => void bodies.push(...messages.map(({ body }) => String(body))),
      connected: () => resolve(),
      disconnected: () => undefined,
      trouble: (sentence) => troubles.push(sentence),
    },
    stop.signal,
  );
  return {
    bodies,
    troubles,
    connected,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}

const openssl = (...args: string[]): void => void execFileSync("openssl", args, { stdio: "pipe" });

function authority(name: string): void {
  const files = ["-keyout", file(`${name}.key`), "-out", file(`${name}.pem`)];
  openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${name}`, ...files);
}

/** For 127.0.0.1, and vouched for by an authority. */
function certificate(name: string, by: string): void {
  const [key, request, made] = [file(`${name}.key`), file(`${name}.csr`), file(`${name}.pem`)];
  const names = file(`${name}.ext`);
  writeFileSync(names, "subjectAltName=IP:127.0.0.1\n");
  openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${name}`, "-keyout", key, "-out", request);
  const authorities = ["-CA", file(`${by}.pem`), "-CAkey", file(`${by}.key`), "-CAcreateserial"];
  openssl("x509", "-req", "-in", request, ...authorities, "-days", "2", "-extfile", names, "-out", made);
}
