import type { Domain } from "./libvirt/domain.ts";
import type { DomainReport } from "./libvirt/domstats.ts";
import type { Found } from "./libvirt/history.ts";
import { type Machine, machineOf, type Unmetered } from "./libvirt/machine.ts";
import { type Virsh, VirshFailed } from "./libvirt/virsh.ts";

/** A domain of one poll, with what Nova wrote about it, or why that is not known. */
export interface Identified extends Found {
  readonly machine: Machine | Unmetered | "undescribed";
}

export interface Read {
  readonly report: DomainReport;
  readonly domain: Domain;
}

/**
 * Finds out which machine each domain is. Its XML is read once for each process of it: what Nova writes there changes what a
 * bill says only with a new start. Returns the machines in the domains' order.
 */
export function machines(virsh: Virsh): (read: readonly Read[]) => Promise<Identified[]> {
  let known = new Map<string, Machine | Unmetered>();
  return async (read) => {
    const now = new Map<string, Machine | Unmetered>();
    const identified: Identified[] = [];
    for (const each of read) {
      const key = `${each.report.uuid} ${each.report.process ?? ""}`;
      const machine = known.get(key) ?? (await described(virsh, each.report.uuid));
      if (machine !== "undescribed") now.set(key, machine);
      identified.push({ ...each, machine, ...writtenAt(machine) });
    }
    known = now;
    return identified;
  };
}

/** A domain may be gone by now; a libvirt that does not answer at all fails the poll. */
async function described(virsh: Virsh, uuid: string): Promise<Identified["machine"]> {
  try {
    return machineOf(await virsh.describe(uuid));
  } catch (error) {
    if (error instanceof VirshFailed && error.reason === "failed") return "undescribed";
    throw error;
  }
}

const writtenAt = (machine: Identified["machine"]): Pick<Found, "writtenAt"> =>
  typeof machine === "string" || machine.writtenAt === undefined ? {} : { writtenAt: machine.writtenAt };
