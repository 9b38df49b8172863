import { at } from "@raingauge/domain";
import {
  ApiError,
  type Catalog,
  type Cloud,
  type CloudSession,
  cloudSession,
  isObject,
  type Payload,
} from "@raingauge/openstack";
import { SOURCES } from "@raingauge/poller";
import { clockFinding } from "./clock.ts";
import { type Finding, off, unsure, well, wrong } from "./finding.ts";
import { NOTIFYING } from "./notifying.ts";

export interface CloudLook {
  /** Services that the catalog has, as our events name them; undefined where Keystone did not say. */
  readonly services: ReadonlySet<string> | undefined;
  readonly findings: readonly Finding[];
  /** What Nova says of its hourly audit. */
  readonly audit: Finding | undefined;
}

const OPTIONS = { timeoutSeconds: 20, endpointRequestsMax: 4, attemptsMax: 2 } as const;

/** Asks Keystone, and each service in its catalog, as the poller would. */
export async function cloudLook(cloud: Cloud, signal: AbortSignal): Promise<CloudLook> {
  await using session = cloudSession(cloud, { ...OPTIONS, signal });
  try {
    const catalog = await session.catalog();
    const services = servicesIn(catalog);
    const [clock, lists, audit] = await Promise.all([
      keystoneClock(session),
      listsOf(session, services),
      services.has("nova") ? auditFinding(session) : undefined,
    ]);
    return {
      services,
      audit,
      findings: [well("keystone", "it gives us a token"), ...clock, ...lists, registered(catalog)],
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const mend = "mend the cloud in clouds.yaml or the OS_* variables; docs/sweeping.md says which user is needed";
    return { services: undefined, audit: undefined, findings: [wrong("keystone", error.message, mend)] };
  }
}

/**
 * Makes those speak who can be made to by only asking: Keystone by a login, Swift by a question for our own account. The
 * answers are of no interest.
 */
export async function provoke(cloud: Cloud, signal: AbortSignal): Promise<void> {
  await using session = cloudSession(cloud, { ...OPTIONS, attemptsMax: 1, signal });
  try {
    if (servicesIn(await session.catalog()).has("swift"))
      await session.get({ service: "object-store", path: "", query: { limit: "1" } });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

const servicesIn = (catalog: Catalog): Set<string> => {
  const types = new Set(catalog.map(({ type }) => type));
  return new Set(NOTIFYING.filter((each) => each.types.some((type) => types.has(type))).map(({ service }) => service));
};

async function keystoneClock(session: CloudSession): Promise<Finding[]> {
  try {
    const { askedAt, serviceClock } = await session.get({ service: "identity", version: "v3", path: "" });
    return serviceClock === undefined ? [] : [clockFinding("keystone", serviceClock, askedAt, Date.now(), 1_000)];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [];
  }
}

/** The first page of each list that is swept, of one item. */
const listsOf = async (session: CloudSession, services: ReadonlySet<string>): Promise<Finding[]> => {
  const lists = SOURCES.flatMap((source) => {
    const service = source.name.split(".", 1)[0] ?? "";
    const [list] = source.lists(at(Date.now()));
    return services.has(service) && list !== undefined ? [{ name: source.name, service, list }] : [];
  });
  return Promise.all(
    lists.map(async ({ name, service, list }) => {
      try {
        await session.get({ ...list, query: { ...list.query, limit: "1" } });
        return well(service, `we may read what ${name} reads`);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return wrong(
          service,
          `${name}: ${error.message}`,
          MENDS[error.code] ?? "look at the service, and at the catalog",
        );
      }
    }),
  );
};

const ROLE = "give our user a role that may list the resources of all projects; docs/sweeping.md says which";

const MENDS: Readonly<Partial<Record<ApiError["code"], string>>> = { forbidden: ROLE, unauthorized: ROLE };

function registered(catalog: Catalog): Finding {
  const missing = ["rating", "metering"].filter((type) => !catalog.some((each) => each.type === type));
  if (missing.length === 0) return well("keystone", "rating and metering are in its catalog");
  return off(
    "keystone",
    `${missing.join(" and ")} not in its catalog: clients such as \`openstack rating\` will not find us`,
    "raingauge keystone register --url https://…",
  );
}

/** Nova itself keeps book of its audit. */
async function auditFinding(session: CloudSession): Promise<Finding> {
  try {
    const { body } = await session.get({ service: "compute", path: "/os-instance_usage_audit_log" });
    const log = body["instance_usage_audit_logs"];
    return isObject(log) ? auditOf(log) : unsure("nova", "it says nothing of its audit", AUDIT_MEND);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return unsure("nova", `it does not say how its audit went: ${error.message}`, AUDIT_MEND);
  }
}

export const AUDIT_MEND =
  "in nova.conf of every nova-compute: [DEFAULT] instance_usage_audit = True, instance_usage_audit_period = hour; then restart nova-compute";

const DAY_MS = 86_400_000;

export function auditOf(log: Payload): Finding {
  const hosts = Number(log["num_hosts"]);
  const missing = Array.isArray(log["hosts_not_run"]) ? log["hosts_not_run"].map(String) : [];
  const lasts = Date.parse(`${log["period_ending"]}Z`) - Date.parse(`${log["period_beginning"]}Z`);
  if (hosts > 0 && missing.length >= hosts)
    return wrong("nova", "instance_usage_audit runs on none of its hosts", AUDIT_MEND);
  if (missing.length > 0)
    return wrong("nova", `instance_usage_audit does not run on ${missing.slice(0, 10).join(", ")}`, AUDIT_MEND);
  if (lasts > DAY_MS) return wrong("nova", "instance_usage_audit_period is longer than a day", AUDIT_MEND);
  const errors = Number(log["total_errors"]);
  if (errors > 0) return wrong("nova", `its last audit had ${errors} errors`, "look into the log of nova-compute");
  return well("nova", `its audit of machines runs on all ${hosts} hosts`);
}
