import { rabbitRecipe } from "@raingauge/servers";
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
