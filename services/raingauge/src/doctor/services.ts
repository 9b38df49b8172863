import type { BrokerLook, Overheard } from "./broker.ts";
import { AUDIT_MEND } from "./cloud.ts";
import type { Evidence } from "./evidence.ts";
import { type Finding, off, unsure, well, wrong } from "./finding.ts";
import { advice, NOTIFYING, type Notifying } from "./notifying.ts";

export interface Seen {
  /** What there is, as our events name it; undefined where no cloud was asked. */
  readonly services: ReadonlySet<string> | undefined;
  readonly brokers: readonly BrokerLook[];
  readonly evidence: Evidence;
  /** Whether Keystone and Swift were given a reason to speak while we listened. */
  readonly provoked: boolean;
  readonly audit: Finding | undefined;
}

/** Whether each service tells what happens in it, from all that was seen together. */
export function serviceFindings(seen: Seen): Finding[] {
  const heard = seen.brokers.flatMap(({ overheard }) => overheard);
  const expected = NOTIFYING.filter(
    ({ service }) => seen.services?.has(service) ?? seen.evidence.services.has(service),
  );
  const listened = seen.brokers.some(({ examined }) => examined !== undefined);
  return [
    ...expected.map((each) => notifies(each, heard, seen, listened)),
    ...(listened && seen.provoked ? logins(heard) : []),
    ...audits(seen),
  ];
}

function notifies(
  each: Notifying,
  heard: readonly Overheard[],
  { evidence, brokers, provoked }: Seen,
  listened: boolean,
): Finding {
  const { service, exchanges, speaks } = each;
  const said = heard.filter(({ exchange }) => exchanges.includes(exchange));
  if (said.length > 0) return well(service, `it notifies: ${said.length} heard just now${formats(service, said)}`);
  if (evidence.services.has(service)) return well(service, "it notifies: events of the last two hours are stored");
  if (!listened)
    return unsure(service, "nobody listened whether it notifies", "say where RabbitMQ is in RAINGAUGE_RABBIT_URL");
  if (service === "swift" && provoked)
    return wrong(
      service,
      "it answered us and told nobody: the ceilometer middleware is not in its pipeline",
      advice(each),
    );
  const spoken = brokers.some(({ examined }) =>
    exchanges.some((name) => (examined?.reach.get(name) ?? "missing") !== "missing"),
  );
  if (!spoken)
    return wrong(
      service,
      `it has never notified: the broker knows no exchange ${exchanges.join(" or ")}`,
      advice(each),
    );
  return unsure(
    service,
    "it was silent while we listened",
    `cause ${speaks} and ask again; if it stays silent, ${advice(each)}`,
  );
}

function formats(service: string, said: readonly Overheard[]): string {
  if (service !== "nova") return "";
  const versioned = said.filter(({ isVersioned }) => isVersioned).length;
  if (versioned === 0) return ", unversioned";
  return versioned === said.length ? ", versioned" : ", in both formats";
}

/** We have just logged in: whether that is told decides about the audit trail, not about bills. */
function logins(heard: readonly Overheard[]): Finding[] {
  if (heard.some(({ type }) => type === "identity.authenticate")) return [well("keystone", "it tells who logs in")];
  return [
    off(
      "keystone",
      "it does not tell who logs in",
      "in /etc/keystone/keystone.conf: [DEFAULT] notification_opt_out = (empty); only the audit trail wants it",
    ),
  ];
}

/** An audit, or whatever else confirms again and again that a thing is there. */
function audits({ services, evidence: { agents }, audit }: Seen): Finding[] {
  const confirmers = (type: string): string[] => [
    ...new Set(agents.filter(({ confirms }) => confirms.includes(type)).map(({ source }) => source)),
  ];
  const machines = confirmers("instance");
  const volumes = confirmers("volume");
  const found: Finding[] = [];
  if (machines.includes("nova.audit")) found.push(well("nova", "its hourly audit reaches us"));
  else if (audit !== undefined)
    found.push(audit.verdict === "wrong" && machines.length > 0 ? lessened(audit, machines) : audit);
  if (volumes.includes("cinder.audit")) found.push(well("cinder", "its usage audit reaches us"));
  else if (services?.has("cinder") === true) found.push(unaudited(volumes, agents.length > 0));
  return found;
}

const lessened = ({ says }: Finding, confirmers: readonly string[]): Finding =>
  off("nova", `${says}; ${confirmers.join(", ")} confirms its machines instead`, AUDIT_MEND);

const CINDER_MEND =
  "run `cinder-volume-usage-audit --send_actions` each hour from cron on one of Cinder's hosts, with [DEFAULT] volume_usage_audit_period = hour";

function unaudited(confirmers: readonly string[], known: boolean): Finding {
  if (confirmers.length > 0)
    return off(
      "cinder",
      `no usage audit has reached us in a day; ${confirmers.join(", ")} confirms its volumes instead`,
      CINDER_MEND,
    );
  if (known)
    return wrong(
      "cinder",
      "no usage audit has reached us in a day, and nothing else confirms its volumes",
      CINDER_MEND,
    );
  return unsure("cinder", "nothing is known of its usage audit, which no API of its shows", CINDER_MEND);
}
