/** What one bulk call says of a host: its domains by name, and the lines of its statistics that made no sense. */
export interface HostReport {
  readonly domains: readonly DomainReport[];
  readonly malformedLines: number;
}

export interface DomainReport {
  readonly uuid: string;
  readonly name: string;
  /** libvirt's number for one process: a domain that is started again has another one. Absent while it is stopped. */
  readonly process?: number;
  /** `state.state`, `vcpu.0.time`, … as `virsh domstats --raw` names them. */
  readonly fields: Fields;
}

export type Fields = ReadonlyMap<string, string>;

/**
 * Reads the output of `virsh "list --all --uuid --id --name; domstats --raw"`. The list alone says what is there: a domain
 * without statistics is there all the same, one that is not listed has come since and is left to the next poll.
 * Throws ReportUnreadable where the list cannot be trusted, for what it does not name would be taken to have gone.
 */
export function parseHost(text: string): HostReport {
  const lines = text.split("\n").filter(isSaid);
  const from = lines.findIndex((line) => line.startsWith("Domain:"));
  const listed = from < 0 ? lines : lines.slice(0, from);
  const stats = parseDomstats(from < 0 ? [] : lines.slice(from));
  if (listed.length === 0 && stats.byName.size > 0)
    throw new ReportUnreadable("statistics of domains, but no list of them");
  return { domains: listed.map((line) => listedDomain(line, stats.byName)), malformedLines: stats.malformedLines };
}

/** `virsh` goes on after a command that failed, and ends as the last one did. */
export class ReportUnreadable extends Error {
  override readonly name = "ReportUnreadable";
}

function listedDomain(line: string, byName: Stats["byName"]): DomainReport {
  const [, uuid, process, name] = LISTED.exec(line) ?? [];
  if (uuid === undefined || name === undefined)
    throw new ReportUnreadable(`not a line of a list of domains: ${line.slice(0, 80)}`);
  return {
    uuid,
    name,
    fields: byName.get(name) ?? new Map(),
    ...(process === "-" ? {} : { process: Number(process) }),
  };
}

const LISTED = /^([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}) +(-|\d+) +(\S.*?) *$/;
const DOMAIN = /^Domain: '(.*)'$/;
const FIELD = /^ {2}([a-z][\w.-]*)=(.*)$/;

interface Stats {
  readonly byName: ReadonlyMap<string, Fields>;
  readonly malformedLines: number;
}

/** The output of `virsh domstats --raw` alone. */
function parseDomstats(lines: readonly string[]): Stats {
  const byName = new Map<string, Map<string, string>>();
  let fields: Map<string, string> | undefined;
  let malformedLines = 0;
  for (const line of lines.filter(isSaid)) {
    const name = DOMAIN.exec(line)?.[1];
    const [, field, value] = FIELD.exec(line) ?? [];
    if (name !== undefined) {
      fields = new Map();
      byName.set(name, fields);
    } else if (fields !== undefined && field !== undefined && value !== undefined) fields.set(field, value);
    else {
      malformedLines += 1;
      // Whatever follows may belong to another domain; better none of it than another's.
      if (!line.startsWith("  ")) fields = undefined;
    }
  }
  return { byName, malformedLines };
}

const isSaid = (line: string): boolean => line.trim() !== "";
