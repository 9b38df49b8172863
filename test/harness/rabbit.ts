import { spawnSync } from "node:child_process";
import { type Certificates, rabbitExecutable, rabbitRecipe } from "@raingauge/servers";
import { containerEngine, dockerAnswers } from "./container.ts";
import { type Server, serve } from "./server.ts";
import { privateFolder, systemEngine } from "./system.ts";

/** A RabbitMQ broker of its own, without plugins, with the user guest and the virtual host `/`. */
export const rabbitServer = async (): Promise<Server> => {
  const folder = privateFolder("rabbit");
  const { url, greeting, broker, portMapper } = await rabbitRecipe(folder);
  const engine = (await dockerAnswers())
    ? containerEngine({ name: "rabbitmq:3.13-alpine", port: 5672, greeting })
    : systemEngine({ folder, greeting, command: broker, companion: portMapper });
  return serve(url, engine);
};

/** Why a suite that needs `secureRabbitServer` cannot run here, if it cannot. */
export const secureRabbitLacks = (): string | undefined => {
  if (rabbitExecutable() === undefined) return "no rabbitmq-server here: apt-get install rabbitmq-server";
  return spawnSync("openssl", ["version"]).status === 0 ? undefined : "no openssl here: apt-get install openssl";
};

/** One that speaks TLS as well, at `secureUrl`. Always the system's own: a container would have to see our files. */
export const secureRabbitServer = async (
  certificates: Certificates,
): Promise<Server & { readonly secureUrl: string }> => {
  const folder = privateFolder("rabbit");
  const { url, secureUrl = "", greeting, broker, portMapper } = await rabbitRecipe(folder, certificates);
  const server = await serve(url, systemEngine({ folder, greeting, command: broker, companion: portMapper }));
  return { ...server, secureUrl };
};
