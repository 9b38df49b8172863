import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ADMINS, MONEY } from "../access.ts";
import { changed, created, gone, v1 } from "./answer.ts";
import type { Arguments } from "./arguments.ts";
import { bindV1 } from "./binding.ts";
import { Fault } from "./fault.ts";
import { groupIn, viewGroup } from "./group.ts";
import type { HashmapParts } from "./hashmap-routes.ts";
import { changedMapping, newMapping, refuseRivals, rivals, viewMapping } from "./mapping.ts";
import { listed } from "./parent.ts";
import { type MappingDocument, type RatingState, written } from "./state.ts";

const SHOWN = [
  "value",
  "type",
  "cost",
  "service_id",
  "field_id",
  "group_id",
  "tenant_id",
  "created_at",
  "start",
  "end",
  "name",
  "description",
  "deleted",
  "created_by",
  "updated_by",
  "deleted_by",
];
const FILTERS = [
  "service_id",
  "field_id",
  "group_id",
  "no_group",
  "tenant_id",
  "filter_tenant",
  "deleted",
  "start",
  "end",
  "updated_by",
  "created_by",
  "deleted_by",
  "description",
  "is_active",
  "all",
];

/** Mappings: what a service costs, or a value of one of its fields. */
export function mappingRoutes(app: FastifyInstance, { book, clock }: HashmapParts, base: string): void {
  const url = `${base}/mappings`;
  v1(app, "GET", url, MONEY, async (request) => {
    const told = bindV1(request, FILTERS);
    return { mappings: (await book.read()).all("mapping").filter(shown(told, clock())).map(viewMapping) };
  });
  v1(app, "GET", `${url}/:mapping_id`, MONEY, async (request) =>
    viewMapping(mappingIn(await book.read(), bindV1(request, ["mapping_id"]).needed("mapping_id"))),
  );
  v1(app, "GET", `${url}/group`, MONEY, async (request) => {
    const id = bindV1(request, ["mapping_id"]).needed("mapping_id");
    const state = await book.read();
    const { groupId } = mappingIn(state, id);
    if (groupId === null) throw new Fault(404, `Mapping has no group (UUID: ${id})`);
    return viewGroup(groupIn(state, groupId));
  });
  v1(app, "POST", url, ADMINS, async (request, reply) => {
    const told = bindV1(request, ["force", "supersede"], {
      name: "mapping_data",
      attributes: ["mapping_id", ...SHOWN],
    });
    const now = clock();
    const making = {
      id: randomUUID(),
      name: randomUUID().replaceAll("-", ""),
      now,
      by: nameOf(request),
      force: told.flag("force") ?? false,
      closedUntil: await book.closedUntil(now),
    };
    const state = await book.write((before) =>
      added(newMapping(told, before, making), before, told.flag("supersede") ?? false),
    );
    return created(request, reply, making.id, viewMapping(mappingIn(state, making.id)));
  });
  for (const path of [url, `${url}/:mapping_id`]) {
    v1(app, "PUT", path, ADMINS, async (request, reply) => {
      const told = bindV1(request, ["mapping_id"], { name: "mapping", attributes: SHOWN });
      const id = told.needed("mapping_id");
      await book.write((state) => {
        const mapping = changedMapping(present(state, id), told, clock(), nameOf(request));
        refuseRivals(mapping, state);
        return [written("mapping", mapping)];
      });
      return changed(reply);
    });
    v1(app, "DELETE", path, ADMINS, async (request, reply) => {
      const id = bindV1(request, ["mapping_id"]).needed("mapping_id");
      await book.write((state) => [
        written("mapping", { ...present(state, id), deleted: clock(), deletedBy: nameOf(request) }),
      ]);
      return gone(reply);
    });
  }
}

/**
 * A new price usually follows one that has no end, which CloudKitty refuses: two calls at midnight. With `supersede` the one
 * that runs ends where the new one begins.
 */
function added(mapping: MappingDocument, state: RatingState, supersedes: boolean) {
  const before = supersedes
    ? rivals(mapping, state).filter(({ start, end }) => end === null && start < mapping.start)
    : [];
  if (before.length === 0) refuseRivals(mapping, state);
  return [
    ...before.map((rival) => written("mapping", { ...rival, end: mapping.start, updatedBy: mapping.createdBy })),
    written("mapping", mapping),
  ];
}

function shown(told: Arguments, now: number): (mapping: MappingDocument) => boolean {
  const isListed = listed(told);
  const [start, end] = [told.moment("start"), told.moment("end")];
  const isActive = told.flag("is_active") ?? false;
  const withDeleted = told.flag("deleted") ?? false;
  const equal = (name: string, value: string | null) => told.text(name) === undefined || told.text(name) === value;
  return (mapping) =>
    isListed(mapping) &&
    (withDeleted || mapping.deleted === null) &&
    (start === undefined || mapping.start >= start) &&
    (end === undefined || (mapping.end !== null && mapping.end < end)) &&
    (!isActive || (mapping.start <= now && (mapping.end === null || mapping.end > now) && mapping.deleted === null)) &&
    equal("updated_by", mapping.updatedBy) &&
    equal("created_by", mapping.createdBy) &&
    equal("deleted_by", mapping.deletedBy) &&
    (told.text("description") === undefined || (mapping.description ?? "").includes(told.text("description") ?? ""));
}

/** Those that were deleted can be looked at still. */
function mappingIn(state: RatingState, id: string): MappingDocument {
  const mapping = state.one("mapping", id);
  if (mapping === undefined) throw new Fault(404, `No such mapping: ${id}`);
  return mapping;
}

function present(state: RatingState, id: string): MappingDocument {
  const mapping = mappingIn(state, id);
  if (mapping.deleted !== null) throw new Fault(404, `No such mapping: ${id}`);
  return mapping;
}

const nameOf = ({ access }: FastifyRequest): string => access?.caller.name ?? "unknown";
