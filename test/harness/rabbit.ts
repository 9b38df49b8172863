import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Greeting } from "./answer.ts";
import { containerEngine, dockerAnswers } from "./container.ts";
import { privatePort } from "./port.ts";
import { type Engine, type Server, serve } from "./server.ts";
import { executable, privateFolder, systemEngine } from "./system.ts";

/** A RabbitMQ broker of its own, without plugins, with the user guest and the virtual host `/`. */
export const rabbitServer = async (): Promise<Server> => {
  const port = await privatePort();
  const greeting = { port, hello: Buffer.from("AMQP\0\0\u0009\u0001", "latin1"), welcome: CONNECTION_START };
  const engine = (await dockerAnswers())
    ? containerEngine({ name: "rabbitmq:3.13-alpine", port: 5672, greeting })
    : await system(greeting);
  return serve(`amqp://guest:guest@127.0.0.1:${port}`, engine);
};

/**
 * Debian's /usr/sbin/rabbitmq-server insists on being root and then becomes the user rabbitmq, who may not write into our
 * folders; the script behind it runs as anybody.
 */
export const rabbitExecutable = (): string | undefined => executable("rabbitmq-server", ["/usr/lib/rabbitmq/bin"]);

/** A method frame on channel 0: it wants to know who we are. A broker that speaks another AMQP would answer with its name. */
const CONNECTION_START = "\u0001\0\0";

const system = async (greeting: Greeting): Promise<Engine> => {
  const folder = privateFolder("rabbit");
  const env = await surroundings(folder, greeting.port);
  return systemEngine({
    folder,
    greeting,
    command: { path: rabbitExecutable() ?? "rabbitmq-server", args: [], env },
    // Erlang starts its port mapper as a daemon that stays for ever; one that runs already, on a port of its own, is used.
    companion: { path: executable("epmd") ?? "epmd", args: [], env },
  });
};

const surroundings = async (folder: string, port: number): Promise<NodeJS.ProcessEnv> => {
  writeFileSync(join(folder, "plugins"), "[].\n");
  writeFileSync(join(folder, "rabbitmq.conf"), "loopback_users.guest = true\n");
  return {
    HOME: folder,
    ERL_EPMD_ADDRESS: "127.0.0.1",
    ERL_EPMD_PORT: String(await privatePort()),
    RABBITMQ_CONF_ENV_FILE: join(folder, "no-environment-file"),
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
    RABBITMQ_DIST_PORT: String(await privatePort()),
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
  };
};
