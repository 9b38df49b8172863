import { EVERYTHING, projects } from "@raingauge/domain";
import type { Role } from "@raingauge/ledger";
import type { TokenFacts } from "@raingauge/openstack";
import type { Access } from "./identity.ts";

/** Which of Keystone's roles are which of ours, by name. */
export interface RoleNames {
  readonly admin: readonly string[];
  readonly finance: readonly string[];
  readonly reader: readonly string[];
}

/**
 * What a token may do here. Over a project or the whole system roles mean what they say, as an administrator of any project
 * has always been one of the cloud; where the cloud names a project for its administrators, only there. Over a domain
 * nobody is more than a reader: to close months and publish prices concerns every domain.
 */
export async function accessOf(
  { user, roles, extent, isAdminProject }: TokenFacts,
  names: RoleNames,
  projectsIn: (domain: string) => Promise<readonly string[]>,
): Promise<Access | "roleless"> {
  const role = highest(roles, names);
  if (role === undefined) return "roleless";
  const caller = { name: user.name, id: user.id };
  const reader = { ...caller, role: "reader" } as const;
  switch (extent.kind) {
    case "nothing":
      return "roleless";
    case "system":
      return { caller: { ...caller, role }, scope: EVERYTHING };
    case "domain":
      return { caller: reader, scope: projects(...(await projectsIn(extent.id))) };
    case "project":
      return role === "reader" || !isAdminProject
        ? { caller: reader, scope: projects(extent.id), project: extent.id }
        : { caller: { ...caller, role }, scope: EVERYTHING, project: extent.id };
  }
}

const highest = (held: readonly string[], names: RoleNames): Role | undefined =>
  ORDER.find((role) => names[role].some((name) => held.includes(name)));

const ORDER: readonly Role[] = ["admin", "finance", "reader"];
