import { join } from "node:path";
import type { Greeting } from "./answer.ts";
import { containerEngine, dockerAnswers } from "./container.ts";
import { privatePort } from "./port.ts";
import { type Engine, type Server, serve } from "./server.ts";
import { executable, privateFolder, systemEngine } from "./system.ts";

/** A nats-server with JetStream and a store of its own. */
export const natsServer = async (): Promise<Server> => {
  const port = await privatePort();
  const greeting = { port, hello: Buffer.alloc(0), welcome: "INFO {" };
  const engine = (await dockerAnswers())
    ? containerEngine({ name: "nats:2.10-alpine", port: 4222, greeting, args: ["-js", "-sd", "/data"] })
    : system(greeting);
  return serve(`nats://127.0.0.1:${port}`, engine);
};

export const natsExecutable = (): string | undefined => executable("nats-server");

const system = (greeting: Greeting): Engine => {
  const folder = privateFolder("nats");
  const args = ["-js", "-sd", join(folder, "store"), "-a", "127.0.0.1", "-p", String(greeting.port)];
  return systemEngine({ folder, greeting, command: { path: natsExecutable() ?? "nats-server", args } });
};
