import type { Payload } from "@raingauge/openstack";
import { projectsOf, wholeList } from "../asking.ts";
import { type DialReading, dial } from "./reading.ts";
import { labels } from "./said.ts";
import type { Survey } from "./survey.ts";

const IDENTITY = { service: "identity", version: "v3" } as const;

export const identitySurvey: Survey = {
  name: "keystone.survey",
  collector: "identity",
  async read(asking) {
    const list = (items: string): Promise<readonly Payload[]> =>
      wholeList(asking, { ...IDENTITY, path: `/${items}` }, items);
    const [projects, domains, users, groups, regions] = await Promise.all([
      projectsOf(asking),
      list("domains"),
      list("users"),
      list("groups"),
      list("regions"),
    ]);
    return [
      ...dial("openstack_identity_projects", {}, projects.length),
      ...dial("openstack_identity_domains", {}, domains.length),
      ...dial("openstack_identity_users", {}, users.length),
      ...dial("openstack_identity_groups", {}, groups.length),
      ...dial("openstack_identity_regions", {}, regions.length),
      ...projects.flatMap(({ said }) => project(said)),
      ...domains.flatMap(domain),
    ];
  },
};

const DOMAIN = { description: "description", enabled: "enabled", id: "id", name: "name" };

const domain = (said: Payload): DialReading[] => dial("openstack_identity_domain_info", labels(said, DOMAIN), 1);

const project = (said: Payload): DialReading[] =>
  dial(
    "openstack_identity_project_info",
    labels(said, { ...DOMAIN, is_domain: "is_domain", domain_id: "domain_id", parent_id: "parent_id", tags: "tags" }),
    1,
  );
