import type { FastifyRequest } from "fastify";
import type { Credentials } from "./identity.ts";

/**
 * What a request says of its sender: `X-Auth-Token` as OpenStack's clients send it, `Bearer`, or `Basic`. A browser sends
 * what it was told once with every request, whoever wrote the page that asks: so Basic may only read, or
 * bring readings in a shape that no page can send to us unasked.
 */
export function credentialsOf({ headers, method, routeOptions }: FastifyRequest): Credentials | undefined {
  const own = headers["x-auth-token"];
  if (typeof own === "string" && own !== "") return passedOn(own, headers["x-service-token"]);
  const [, scheme = "", text = ""] = /^(\S+) +(\S+)$/.exec(headers.authorization ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return passedOn(text, headers["x-service-token"]);
  const { onlyReads, takesReadings } = routeOptions.config;
  const admitsBasic = method === "GET" || method === "HEAD" || onlyReads === true || takesReadings === true;
  return scheme.toLowerCase() === "basic" && admitsBasic ? basic(text) : undefined;
}

const passedOn = (token: string, service: string | string[] | undefined): Credentials => ({
  kind: "token",
  token,
  ...(typeof service === "string" && service !== "" ? { service } : {}),
});

function basic(text: string): Credentials | undefined {
  const [, user, password] = /^([^:]*):(.+)$/s.exec(Buffer.from(text, "base64").toString("utf8")) ?? [];
  return user === undefined || password === undefined ? undefined : { kind: "basic", user, password };
}
