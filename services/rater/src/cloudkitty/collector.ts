import type { FastifyInstance } from "fastify";
import { ADMINS, MONEY } from "../access.ts";
import { gone, v1 } from "./answer.ts";
import { bindV1 } from "./binding.ts";
import { Fault } from "./fault.ts";
import type { RatingBook } from "./rating-book.ts";
import { type RatingState, removed, written } from "./state.ts";

/** Which collector serves which service. CloudKitty keeps these without using them, for the clients that know them; so do we. */
export function collectorRoutes(app: FastifyInstance, book: RatingBook, base: string): void {
  const mappings = `${base}/collector/mappings`;
  v1(app, "GET", mappings, MONEY, async (request) => {
    const collector = bindV1(request, ["collector"]).text("collector");
    const all = (await book.read()).all("collector-mapping");
    return { mappings: all.filter((each) => collector === undefined || each.collector === collector).map(viewMapping) };
  });
  v1(app, "GET", `${mappings}/:service`, MONEY, async (request) =>
    viewMapping(mappingIn(await book.read(), bindV1(request, ["service"]).needed("service"))),
  );
  v1(app, "POST", mappings, ADMINS, async (request, reply) => {
    const told = bindV1(request, ["collector", "service"]);
    const mapping = { id: told.needed("service"), collector: told.needed("collector") };
    await book.write(() => [written("collector-mapping", mapping)]);
    return reply.code(200).send(viewMapping(mapping));
  });
  for (const url of [mappings, `${mappings}/:service`])
    v1(app, "DELETE", url, ADMINS, async (request, reply) => {
      const service = bindV1(request, ["service"]).needed("service");
      await book.write((state) => [removed("collector-mapping", mappingIn(state, service).id)]);
      return gone(reply);
    });
  for (const url of [`${base}/collector/states`, `${base}/collector/states/:name`]) {
    v1(app, "GET", url, MONEY, async (request) => {
      const name = bindV1(request, ["name"]).needed("name");
      return { name, enabled: (await book.read()).one("collector-state", name)?.enabled ?? false };
    });
    v1(app, "PUT", url, ADMINS, async (request) => {
      const told = bindV1(request, ["name", "enabled"]);
      const state = { id: told.needed("name"), enabled: told.flag("enabled") ?? false };
      await book.write(() => [written("collector-state", state)]);
      return { name: state.id, enabled: state.enabled };
    });
  }
}

function mappingIn(state: RatingState, service: string) {
  const mapping = state.one("collector-mapping", service);
  if (mapping === undefined) throw new Fault(404, `No mapping for service: ${service}`);
  return mapping;
}

const viewMapping = ({ id, collector }: { readonly id: string; readonly collector: string }) => ({
  service: id,
  collector,
});
