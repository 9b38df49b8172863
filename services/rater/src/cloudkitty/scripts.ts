import { createHash, randomUUID } from "node:crypto";
import { at } from "@raingauge/domain";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ADMINS } from "../access.ts";
import { created, gone, v1 } from "./answer.ts";
import type { Arguments } from "./arguments.ts";
import { bindV1 } from "./binding.ts";
import { Fault } from "./fault.ts";
import type { HashmapParts } from "./hashmap-routes.ts";
import { viewAudit } from "./mapping.ts";
import { spoken } from "./moments.ts";
import { type RatingState, type Script, written } from "./state.ts";

const SHOWN = [
  "name",
  "data",
  "checksum",
  "created_at",
  "start",
  "end",
  "description",
  "deleted",
  "created_by",
  "updated_by",
  "deleted_by",
];
const FILTERS = [
  "no_data",
  "deleted",
  "start",
  "end",
  "updated_by",
  "created_by",
  "deleted_by",
  "description",
  "is_active",
];

/** Python that rates. It is kept as it came, so that nothing is lost, and never run: it could do anything to the bill. */
export function scriptRoutes(app: FastifyInstance, { book, clock }: HashmapParts, rating: string): void {
  const url = `${rating}/module_config/pyscripts/scripts`;
  v1(app, "GET", url, ADMINS, async (request) => {
    const told = bindV1(request, FILTERS);
    const withData = !(told.flag("no_data") ?? false);
    const withDeleted = told.flag("deleted") ?? false;
    const scripts = (await book.read()).all("script").filter(({ deleted }) => withDeleted || deleted === null);
    return { scripts: scripts.map((script) => viewScript(script, withData)) };
  });
  v1(app, "GET", `${url}/:script_id`, ADMINS, async (request) =>
    viewScript(scriptIn(await book.read(), bindV1(request, ["script_id"]).needed("script_id")), true),
  );
  v1(app, "POST", url, ADMINS, async (request, reply) => {
    const told = bindV1(request, ["force"], { name: "script_data", attributes: ["script_id", ...SHOWN] });
    const script = newScript(told, request, clock());
    if (script.start < script.createdAt && !(told.flag("force") ?? false))
      throw new Fault(
        400,
        `Cannot create a rule with start in the past. start=[${spoken(at(script.start))}] current time=[${spoken(at(script.createdAt))}].`,
      );
    await book.write((state) => {
      const known = state.all("script").find(({ name, deleted }) => name === script.name && deleted === null);
      if (known !== undefined) throw new Fault(409, `Script ${script.name} already exists (UUID: ${known.id})`);
      return [written("script", script)];
    });
    return created(request, reply, script.id, viewScript(script, true));
  });
  for (const path of [url, `${url}/:script_id`]) {
    v1(app, "PUT", path, ADMINS, async (request, reply) => {
      const told = bindV1(request, ["script_id"], { name: "script_data", attributes: SHOWN });
      const id = told.needed("script_id");
      const state = await book.write((before) => [
        written("script", changedScript(scriptIn(before, id), told, request, clock())),
      ]);
      return created(request, reply, id, viewScript(scriptIn(state, id), true));
    });
    v1(app, "DELETE", path, ADMINS, async (request, reply) => {
      const id = bindV1(request, ["script_id"]).needed("script_id");
      await book.write((state) => [
        written("script", { ...scriptIn(state, id), deleted: clock(), deletedBy: nameOf(request) }),
      ]);
      return gone(reply);
    });
  }
}

function newScript(told: Arguments, request: FastifyRequest, now: number): Script {
  const data = told.mandatory("data");
  return {
    id: randomUUID(),
    name: told.mandatory("name"),
    data,
    checksum: checksum(data),
    createdAt: now,
    start: told.moment("start") ?? now,
    end: told.moment("end") ?? null,
    description: told.text("description") ?? null,
    deleted: null,
    createdBy: nameOf(request),
    updatedBy: null,
    deletedBy: null,
  };
}

function changedScript(script: Script, told: Arguments, request: FastifyRequest, now: number): Script {
  const updatedBy = nameOf(request);
  if (script.start > now) {
    const data = told.text("data") ?? script.data;
    return {
      ...script,
      data,
      checksum: checksum(data),
      end: told.moment("end") ?? null,
      description: told.text("description") ?? null,
      updatedBy,
    };
  }
  if (script.end !== null)
    throw new Fault(400, "Cannot update a rule that was already processed and has a defined end date.");
  if ((told.text("data") ?? script.data) !== script.data || (told.text("name") ?? script.name) !== script.name)
    throw new Fault(
      400,
      `You are allowed to update only the attribute [end] as this rule is already running as it started on [${spoken(at(script.start))}]`,
    );
  return { ...script, end: told.moment("end") ?? null, updatedBy };
}

function scriptIn(state: RatingState, id: string): Script {
  const script = state.one("script", id);
  if (script === undefined || script.deleted !== null) throw new Fault(404, `No such script: None (UUID: ${id})`);
  return script;
}

const checksum = (data: string): string => createHash("sha512").update(data).digest("hex");

const nameOf = ({ access }: FastifyRequest): string => access?.caller.name ?? "unknown";

const viewScript = (script: Script, withData: boolean) => {
  const { name: _, ...audit } = viewAudit({
    ...script,
    serviceId: null,
    fieldId: null,
    groupId: null,
    tenantId: null,
    from: 0,
  });
  return {
    script_id: script.id,
    name: script.name,
    ...(withData ? { data: script.data } : {}),
    checksum: script.checksum,
    ...audit,
  };
};
