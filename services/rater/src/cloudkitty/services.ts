import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { ADMINS, MONEY } from "../access.ts";
import { created, gone, v1 } from "./answer.ts";
import { bindV1 } from "./binding.ts";
import { Fault } from "./fault.ts";
import type { HashmapParts } from "./hashmap-routes.ts";
import { withoutRules } from "./members.ts";
import { type Field, type RatingState, removed, type Service, written } from "./state.ts";

/** Services and fields: what a rule hangs on. */
export function serviceRoutes(app: FastifyInstance, { book, clock }: HashmapParts, base: string): void {
  v1(app, "GET", `${base}/services`, MONEY, async (request) => {
    bindV1(request, []);
    return { services: (await book.read()).all("service").map(viewService) };
  });
  v1(app, "GET", `${base}/services/:service_id`, MONEY, async (request) => {
    const id = bindV1(request, ["service_id"]).needed("service_id");
    return viewService(serviceIn(await book.read(), id));
  });
  v1(app, "POST", `${base}/services`, ADMINS, async (request, reply) => {
    const name = bindV1(request, [], { name: "service_data", attributes: ["name", "service_id"] }).mandatory("name");
    const service: Service = { id: randomUUID(), name };
    await book.write((state) => {
      const known = state.all("service").find((each) => each.name === name);
      if (known !== undefined) throw new Fault(409, `Service ${name} already exists (UUID: ${known.id})`);
      return [written("service", service)];
    });
    return created(request, reply, service.id, viewService(service));
  });
  for (const url of [`${base}/services`, `${base}/services/:service_id`])
    v1(app, "DELETE", url, ADMINS, async (request, reply) => {
      const id = bindV1(request, ["service_id"]).needed("service_id");
      await book.write((state) => {
        serviceIn(state, id);
        const fields = state.all("field").filter(({ serviceId }) => serviceId === id);
        const parents = [id, ...fields.map((field) => field.id)];
        return [
          ...withoutRules(
            state,
            ({ serviceId, fieldId }) => parents.includes(fieldId ?? serviceId ?? ""),
            clock(),
            nameOf(request),
          ),
          ...fields.map((field) => removed("field", field.id)),
          removed("service", id),
        ];
      });
      return gone(reply);
    });
  fieldRoutes(app, { book, clock }, base);
}

function fieldRoutes(app: FastifyInstance, { book, clock }: HashmapParts, base: string): void {
  v1(app, "GET", `${base}/fields`, MONEY, async (request) => {
    const service = bindV1(request, ["service_id"]).needed("service_id");
    const fields = (await book.read()).all("field").filter(({ serviceId }) => serviceId === service);
    return { fields: fields.map(viewField) };
  });
  v1(app, "GET", `${base}/fields/:field_id`, MONEY, async (request) => {
    const id = bindV1(request, ["field_id"]).needed("field_id");
    return viewField(fieldIn(await book.read(), id));
  });
  v1(app, "POST", `${base}/fields`, ADMINS, async (request, reply) => {
    const told = bindV1(request, [], { name: "field_data", attributes: ["name", "service_id", "field_id"] });
    const field: Field = { id: randomUUID(), name: told.mandatory("name"), serviceId: told.mandatory("service_id") };
    await book.write((state) => {
      if (state.one("service", field.serviceId) === undefined)
        throw new Fault(400, `No such service: None (UUID: ${field.serviceId})`);
      const known = state
        .all("field")
        .find(({ name, serviceId }) => name === field.name && serviceId === field.serviceId);
      if (known !== undefined) throw new Fault(409, `Field ${field.name} already exists (UUID: ${known.id})`);
      return [written("field", field)];
    });
    return created(request, reply, field.id, viewField(field));
  });
  for (const url of [`${base}/fields`, `${base}/fields/:field_id`])
    v1(app, "DELETE", url, ADMINS, async (request, reply) => {
      const id = bindV1(request, ["field_id"]).needed("field_id");
      await book.write((state) => {
        fieldIn(state, id);
        return [
          ...withoutRules(state, ({ fieldId }) => fieldId === id, clock(), nameOf(request)),
          removed("field", id),
        ];
      });
      return gone(reply);
    });
}

const nameOf = ({ access }: { readonly access: { readonly caller: { readonly name: string } } | undefined }): string =>
  access?.caller.name ?? "unknown";

function serviceIn(state: RatingState, id: string): Service {
  const service = state.one("service", id);
  if (service === undefined) throw new Fault(404, `No such service: None (UUID: ${id})`);
  return service;
}

function fieldIn(state: RatingState, id: string): Field {
  const field = state.one("field", id);
  if (field === undefined) throw new Fault(404, `No such field: ${id}`);
  return field;
}

const viewService = ({ id, name }: Service) => ({ service_id: id, name });
const viewField = ({ id, name, serviceId }: Field) => ({ field_id: id, name, service_id: serviceId });
