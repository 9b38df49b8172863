import { BusUnavailable } from "@raingauge/bus";
import { type BusLook, lookAtBus, type StreamLook } from "@raingauge/bus/look";
import { LedgerUnavailable } from "@raingauge/ledger";
import { type LedgerLook, lookAtLedger } from "@raingauge/ledger/look";
import type { NatsServer } from "../installation.ts";
import { clockFinding } from "./clock.ts";
import { type Finding, off, well, wrong } from "./finding.ts";

/** The bus, asked directly. */
export async function busFindings(server: NatsServer): Promise<Finding[]> {
  try {
    return judged(await lookAtBus(server));
  } catch (error) {
    if (!(error instanceof BusUnavailable)) throw error;
    return [wrong("nats", error.message, "start it with JetStream, or mend RAINGAUGE_NATS_URL")];
  }
}

function judged({ version, messages, rejects }: BusLook): Finding[] {
  if (messages === undefined || rejects === undefined)
    return [
      off(
        "nats",
        `nats-server ${version} answers and has no stream of ours yet`,
        "the first process that starts makes it",
      ),
    ];
  return [
    filling(
      "the stream",
      messages,
      "let a collector run; while it is full, agents keep what they have in their spools",
    ),
    filling(
      "the stream of rejects",
      rejects,
      "`raingauge rejected list`; while it is full, what is refused is tried again",
    ),
  ];
}

const FULL_PERCENT = 80;

function filling(name: string, look: StreamLook, mend: string): Finding {
  const percent = look.limitBytes > 0 ? Math.floor((look.bytes * 100) / look.limitBytes) : 0;
  const says = `${name} holds ${look.messages} messages, ${percent} % of what it may, on ${look.replicas} server(s)`;
  if (look.replicasLagging > 0)
    return wrong(
      "nats",
      `${name}: ${look.replicasLagging} of its replicas are away or behind`,
      "look at the cluster: `nats server list`",
    );
  return percent >= FULL_PERCENT ? wrong("nats", says, mend) : well("nats", says);
}

/** The ledger's database, asked directly and not brought up to date. */
export async function ledgerFindings(url: string): Promise<Finding[]> {
  const askedAt = Date.now();
  try {
    const look = await lookAtLedger(url);
    return [tables(look), clockFinding("ledger", look.clock, askedAt, Date.now(), 0)];
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error;
    return [wrong("ledger", error.message, "start PostgreSQL, or mend RAINGAUGE_LEDGER_URL")];
  }
}

const OLDEST = 150_000;

function tables({ serverVersion, pending, unknown }: LedgerLook): Finding {
  const version = `PostgreSQL ${Math.floor(serverVersion / 10_000)}`;
  if (serverVersion < OLDEST) return wrong("ledger", `it is in ${version}`, "PostgreSQL 15 or newer is needed");
  if (unknown.length > 0)
    return wrong(
      "ledger",
      `a newer release made its tables (${unknown.join(", ")})`,
      "run that release, or restore a backup from before",
    );
  if (pending.length > 0)
    return off(
      "ledger",
      `${version}; the tables lack ${pending.length} step(s) of this release`,
      "the next start of a rater or of `up` makes them",
    );
  return well("ledger", `${version}, and its tables are those of this release`);
}
