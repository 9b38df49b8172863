import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { ADMINS, MONEY } from "../access.ts";
import { created, gone, v1 } from "./answer.ts";
import { bindV1 } from "./binding.ts";
import { Fault } from "./fault.ts";
import { groupIn, viewGroup } from "./group.ts";
import type { HashmapParts } from "./hashmap-routes.ts";
import { viewMapping } from "./mapping.ts";
import { standing, ungrouped, withoutRules } from "./members.ts";
import { type Group, removed, written } from "./state.ts";
import { viewThreshold } from "./thresholds.ts";

/** Groups: whose rules are reckoned together. */
export function groupRoutes(app: FastifyInstance, { book, clock }: HashmapParts, base: string): void {
  v1(app, "GET", `${base}/groups`, MONEY, async (request) => {
    bindV1(request, []);
    return { groups: (await book.read()).all("group").map(viewGroup) };
  });
  v1(app, "GET", `${base}/groups/:group_id`, MONEY, async (request) => {
    const id = bindV1(request, ["group_id"]).needed("group_id");
    return viewGroup(groupIn(await book.read(), id));
  });
  v1(app, "GET", `${base}/groups/mappings`, MONEY, async (request) => {
    const id = bindV1(request, ["group_id"]).needed("group_id");
    return {
      mappings: standing(await book.read())
        .filter(({ groupId }) => groupId === id)
        .map(viewMapping),
    };
  });
  v1(app, "GET", `${base}/groups/thresholds`, MONEY, async (request) => {
    const id = bindV1(request, ["group_id"]).needed("group_id");
    const thresholds = (await book.read()).all("threshold").filter(({ groupId }) => groupId === id);
    return { thresholds: thresholds.map(viewThreshold) };
  });
  v1(app, "POST", `${base}/groups`, ADMINS, async (request, reply) => {
    const name = bindV1(request, [], { name: "group_data", attributes: ["name", "group_id"] }).mandatory("name");
    const group: Group = { id: randomUUID(), name };
    await book.write((state) => {
      const known = state.all("group").find((each) => each.name === name);
      if (known !== undefined) throw new Fault(409, `Group ${name} already exists (UUID: ${known.id})`);
      return [written("group", group)];
    });
    return created(request, reply, group.id, viewGroup(group));
  });
  for (const url of [`${base}/groups`, `${base}/groups/:group_id`])
    v1(app, "DELETE", url, ADMINS, async (request, reply) => {
      const told = bindV1(request, ["group_id", "recursive"]);
      const id = told.needed("group_id");
      const isRecursive = told.flag("recursive") ?? false;
      await book.write((state) => {
        groupIn(state, id);
        const members = isRecursive
          ? withoutRules(state, ({ groupId }) => groupId === id, clock(), request.access?.caller.name ?? "unknown")
          : ungrouped(state, id);
        return [...members, removed("group", id)];
      });
      return gone(reply);
    });
}
