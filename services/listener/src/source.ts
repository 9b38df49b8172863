import { type Broker, parseBroker, tlsProblem } from "@raingauge/openstack";
import { type Reader, secretFile } from "@raingauge/runtime";

/** A broker, and what is particular to it. */
export interface Source {
  readonly broker: Broker;
  /** Which region its services belong to, where it is not the listener's own. */
  readonly region?: string;
  /** Under which name messages wait there, where it is not the listener's own. */
  readonly queue?: string;
}

/**
 * One broker or several, separated by blanks: a service's own `transport_url` does as it is. What is particular to one stands
 * behind it: `rabbit://user:password@host/vhost?ssl=1#region=RegionTwo&queue=mine`. They carry passwords: they may come from
 * a file, and are never shown.
 */
export function sources(name: string): Reader<readonly Source[]> {
  const secret = secretFile(name);
  return {
    names: secret.names,
    read(look, problem) {
      const written = secret.read(look, problem).reveal();
      const urls = written.split(/\s+/).filter((url) => url !== "");
      return urls.flatMap((url, index) => {
        const said = attempt(url);
        const which = urls.length === 1 ? "" : `, broker ${index + 1} of ${urls.length},`;
        const wrong = "problem" in said ? `is ${said.problem}` : tlsProblem(said.broker);
        if (wrong !== undefined) problem(`RAINGAUGE_${name}${which} ${wrong}`);
        return "problem" in said ? [] : [said];
      });
    },
  };
}

function attempt(url: string): Source | { readonly problem: string } {
  try {
    return parseSource(url);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : "not a URL" };
  }
}

/** A password may hold a `#` as it is; what is particular stands behind the last `@`. */
export function parseSource(url: string): Source {
  const [, address = url, particular = ""] = /^(.*?)#([^@]*)$/.exec(url) ?? [];
  const said = [...new URLSearchParams(particular)];
  const stray = said.find(([key, value]) => !["region", "queue"].includes(key) || value === "");
  if (stray !== undefined)
    throw new RangeError("a URL with something behind its # that is not region=NAME or queue=NAME");
  const { region, queue } = Object.fromEntries(said);
  return {
    broker: parseBroker(address),
    ...(region === undefined ? {} : { region }),
    ...(queue === undefined ? {} : { queue }),
  };
}
