import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answered, type Greeting } from "./answer.ts";
import { executable } from "./executable.ts";
import type { Started } from "./nats.ts";
import { privatePort } from "./port.ts";
import { type Command, run } from "./program.ts";

/**
 * Debian's /usr/sbin/rabbitmq-server insists on being root and then becomes the user rabbitmq, who may not write into our
 * folders; the script behind it runs as anybody.
 */
export const rabbitExecutable = (): string | undefined => executable("rabbitmq-server", ["/usr/lib/rabbitmq/bin"]);

/** Starts a RabbitMQ of our own on private ports, without plugins; it and all that it kept go when it is disposed of. */
export async function startRabbit(): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-rabbit-"));
  const { greeting, broker, portMapper, url } = await rabbitRecipe(folder);
  const beside = run(portMapper, folder);
  const program = run(broker, folder, folder);
  await answered(greeting, () => program.failure());
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      await program.end();
      await beside.end();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface RabbitRecipe {
  readonly url: string;
  /** The same broker over TLS, which then wants to see a certificate of everybody who calls; where certificates were given. */
  readonly secureUrl?: string;
  readonly greeting: Greeting;
  readonly broker: Command;
  /** Erlang starts its port mapper as a daemon that stays for ever; one that runs already, on a port of its own, is used. */
  readonly portMapper: Command;
}

/** PEM files by which a broker shows who it is, and whom it believes. */
export interface Certificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** How to run a broker whose every file and port is private. */
export async function rabbitRecipe(folder: string, certificates?: Certificates): Promise<RabbitRecipe> {
  const port = await privatePort();
  const securePort = certificates === undefined ? undefined : await privatePort();
  writeFileSync(join(folder, "plugins"), "[].\n");
  const settings = certificates === undefined || securePort === undefined ? [] : secured(certificates, securePort);
  writeFileSync(join(folder, "rabbitmq.conf"), ["loopback_users.guest = true", ...settings, ""].join("\n"));
  const env = surroundings(folder, port, await privatePort(), await privatePort());
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    ...(securePort === undefined ? {} : { secureUrl: `amqps://guest:guest@127.0.0.1:${securePort}` }),
    greeting: { port, hello: Buffer.from("AMQP\0\0\u0009\u0001", "latin1"), welcome: CONNECTION_START },
    broker: { path: rabbitExecutable() ?? "rabbitmq-server", args: [], env },
    portMapper: { path: executable("epmd") ?? "epmd", args: [], env },
  };
}

const secured = ({ authority, certificate, key }: Certificates, port: number): readonly string[] => [
  `listeners.ssl.default = 127.0.0.1:${port}`,
  `ssl_options.cacertfile = ${authority}`,
  `ssl_options.certfile = ${certificate}`,
  `ssl_options.keyfile = ${key}`,
  "ssl_options.verify = verify_peer",
  "ssl_options.fail_if_no_peer_cert = true",
];

/** A method frame on channel 0: it wants to know who we are. A broker that speaks another AMQP would answer with its name. */
const CONNECTION_START = "\u0001\0\0";

const surroundings = (
  folder: string,
  port: number,
  mapperPort: number,
  distributionPort: number,
): NodeJS.ProcessEnv => ({
  HOME: folder,
  ERL_EPMD_ADDRESS: "127.0.0.1",
  ERL_EPMD_PORT: String(mapperPort),
  RABBITMQ_CONF_ENV_FILE: join(folder, "no-environment-file"),
  RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
  RABBITMQ_DIST_PORT: String(distributionPort),
  RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "plugins"),
  RABBITMQ_LOG_BASE: folder,
  RABBITMQ_LOGS: "-",
  RABBITMQ_MNESIA_BASE: join(folder, "mnesia"),
  RABBITMQ_NODENAME: `raingauge-${port}@localhost`,
  RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
  RABBITMQ_NODE_PORT: String(port),
  RABBITMQ_PID_FILE: join(folder, "pid"),
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
  // Its start script then becomes the broker, instead of waiting beside it and asking it to stop through a second machine.
  RUNNING_UNDER_SYSTEMD: "true",
});
