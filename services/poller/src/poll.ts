import type { Bus } from "@raingauge/bus";
import { type Instant, iso, SECOND_MS } from "@raingauge/domain";
import type { Log } from "@raingauge/runtime";
import { WireError } from "@raingauge/wire/sent";
import { domainOf } from "./libvirt/domain.ts";
import { parseHost, ReportUnreadable } from "./libvirt/domstats.ts";
import { type History, remembered, strangerTo } from "./libvirt/history.ts";
import { type HistoryFile, HistoryUnreadable, HistoryUnwritable } from "./libvirt/history-file.ts";
import { type FoundMachine, samplesOf } from "./libvirt/samples.ts";
import { type Virsh, VirshFailed } from "./libvirt/virsh.ts";
import { type Identified, machines } from "./machines.ts";
import type { PollerMetrics } from "./metrics.ts";
import { publisher } from "./publish.ts";

export interface Collaborators {
  readonly virsh: Virsh;
  readonly bus: Pick<Bus, "publish">;
  readonly historyFile: HistoryFile;
  readonly log: Log;
  readonly metrics: PollerMetrics;
  readonly now: () => Instant;
  readonly wants?: ((meter: string, at: Instant) => boolean) | undefined;
}

export interface Place {
  readonly region: string;
  readonly host: string;
}

/** Where the clock stands before the last poll: readings would be put between others, and growth counted twice. */
class ClockWentBack extends Error {
  override readonly name = "ClockWentBack";
}

/**
 * A poll of one host, to be called again and again, never twice at once. One that fails is counted and logged, and the next
 * one goes on; what grew meanwhile is found then. Resolves to the reason why it failed, if it did.
 */
export async function polling(parts: Collaborators, place: Place): Promise<() => Promise<string | undefined>> {
  const { log, metrics, now } = parts;
  const identify = machines(parts.virsh);
  let history = await recalled(parts, place.host);
  return async () => {
    const at = now();
    try {
      history = await poll({ ...parts, identify }, place, history, at);
      metrics.pollsFinished.add(1);
      metrics.lastPoll.set(at / SECOND_MS);
      return undefined;
    } catch (error) {
      const reason = expected(error);
      metrics.pollsFailed.add(1, { reason });
      log.error("poll failed", { reason, error });
      return reason;
    } finally {
      metrics.pollSeconds.observe((now() - at) / SECOND_MS);
    }
  };
}

/** A memory that cannot be read costs what was used since the last poll; not polling would cost more. */
async function recalled({ historyFile, log }: Collaborators, host: string): Promise<History> {
  try {
    return await historyFile.load();
  } catch (error) {
    if (!(error instanceof HistoryUnreadable)) throw error;
    log.error("history lost", { error });
    return strangerTo(host);
  }
}

/** Why a poll gave nothing. What is not expected is a bug, and ends the process. */
function expected(error: unknown): string {
  if (error instanceof VirshFailed) return `virsh_${error.reason}`;
  if (error instanceof ReportUnreadable) return "report_unreadable";
  if (error instanceof HistoryUnwritable) return "history_unwritable";
  if (error instanceof ClockWentBack) return "clock_went_back";
  if (error instanceof WireError) return error.code;
  throw error;
}

interface Polling extends Collaborators {
  readonly identify: ReturnType<typeof machines>;
}

/**
 * History is saved before the readings are published, and without it nothing is: a reading that is missing is made up for by
 * the next one, but an agent that forgot what it had published would count it again under another beginning.
 */
async function poll(parts: Polling, { region, host }: Place, before: History, at: Instant): Promise<History> {
  if (before.polledAt !== undefined && at <= before.polledAt) {
    throw new ClockWentBack(`the clock says ${iso(at)}, and the last poll was at ${iso(before.polledAt)}`);
  }
  const found = await read(parts);
  const after = remembered(before, at, found);
  const batch = samplesOf({ region, at, before, after, machines: found.filter(isMetered) });
  await parts.historyFile.save(after);
  await publisher(parts)(batch, "libvirt");
  parts.log.info("host polled", { host, domains: found.length, samples: batch.samples.length });
  return after;
}

async function read({ virsh, identify, metrics }: Polling): Promise<Identified[]> {
  const { domains, malformedLines } = parseHost(await virsh.report());
  const found = await identify(domains.map((report) => ({ report, domain: domainOf(report.fields) })));
  metrics.domainsRead.add(found.length);
  metrics.fieldsRefused.add(found.reduce((total, { domain }) => total + domain.malformedFields, malformedLines));
  for (const { machine } of found) if (typeof machine === "string") metrics.domainsSkipped.add(1, { reason: machine });
  return found;
}

const isMetered = (found: Identified): found is Identified & FoundMachine => typeof found.machine !== "string";
