import { type Cloud, CloudError, cloudFrom } from "@raingauge/openstack";
import { authorityProblem, type Environment, list, type Reader, seconds } from "@raingauge/runtime";

/** The cloud whose Keystone knows the callers, and as whom it is asked about them: by its name in clouds.yaml. */
const keystoneCloud = (env: Environment): Reader<Cloud | undefined> => ({
  names: ["KEYSTONE_CLOUD"],
  read(look, problem) {
    const name = look("KEYSTONE_CLOUD");
    if (name === undefined) return undefined;
    try {
      const cloud = cloudFrom(env, name);
      const wrong = cloud?.caFile === undefined ? undefined : authorityProblem(cloud.caFile);
      if (wrong !== undefined) problem(`the cacert of the cloud ${name} cannot be used: ${wrong}`);
      return cloud;
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      for (const sentence of error.problems) problem(sentence);
      return undefined;
    }
  },
});

/** How callers are known, whatever process answers them. */
export const identityReaders = (env: Environment) =>
  ({
    keystoneCloud: keystoneCloud(env),
    keystoneCacheSeconds: seconds("KEYSTONE_CACHE", { fallback: 60, max: 300 }),
    keystoneAdminRoles: list("KEYSTONE_ADMIN_ROLES", { fallback: ["admin"] }),
    keystoneFinanceRoles: list("KEYSTONE_FINANCE_ROLES", { fallback: ["finance"] }),
    keystoneReaderRoles: list("KEYSTONE_READER_ROLES", { fallback: ["reader", "member", "_member_"] }),
    keystoneServiceRoles: list("KEYSTONE_SERVICE_ROLES", { fallback: ["service"] }),
  }) as const;
