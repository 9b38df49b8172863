import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import type { Admission } from "../access.ts";

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** A route of v1: with a slash at its end or without one. */
export function v1(app: FastifyInstance, method: HTTPMethods, url: string, admits: Admission, handler: Handler): void {
  for (const each of [url, `${url}/`])
    app.route({ method, url: each, schema: { hide: true }, config: { admits }, exposeHeadRoute: false, handler });
}

/** A route of v2, which does not know a slash at the end. */
export function v2(
  app: FastifyInstance,
  method: HTTPMethods,
  url: string,
  admits: Admission,
  handler: Handler,
  bodyLimit?: number,
): void {
  app.route({
    method,
    url,
    schema: { hide: true },
    config: { admits },
    exposeHeadRoute: false,
    handler,
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
  });
}

/** Made, and where it is. */
export function created(request: FastifyRequest, reply: FastifyReply, id: string, body: unknown): FastifyReply {
  const path = request.url.replace(/\?.*$/, "").replace(/\/$/, "");
  return reply.code(201).header("location", `${request.protocol}://${request.host}${path}/${id}`).send(body);
}

/**
 * What CloudKitty answers to a change. It names a Location as well, which makes its own client send the same change thirty
 * times more; without one, client and tests are as content.
 */
export const changed = (reply: FastifyReply, body: unknown = ""): FastifyReply =>
  body === "" ? reply.code(302).send() : json(reply.code(302), body);

export const gone = (reply: FastifyReply): FastifyReply => reply.code(204).send();

/** A bare string or null is JSON as well. */
export const json = (reply: FastifyReply, body: unknown): FastifyReply =>
  reply.header("content-type", "application/json; charset=utf-8").serializer(JSON.stringify).send(body);
