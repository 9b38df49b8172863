import { isObject, type Payload } from "../notification.ts";
import { accepted, objectIn } from "./answer.ts";
import { ApiError } from "./api-error.ts";
import { type Cloud, INTERFACES, type Interface } from "./cloud.ts";
import { type Asked, type HttpOptions, pooledHttp } from "./http.ts";
import { issue } from "./token.ts";

/** A service as it should stand in Keystone's catalog. */
export interface Registration {
  /** `rating`, `metering`, … */
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly region: string;
  readonly urls: Readonly<Record<Interface, string>>;
}

/** What was done, or would be, so that the catalog says it. */
export interface Step {
  readonly what: "there already" | "make" | "change";
  /** `the service rating`, `the public endpoint of rating in RegionOne`. */
  readonly of: string;
  readonly url?: string;
  /** Where it pointed before. */
  readonly instead?: string;
}

export interface Registering extends HttpOptions {
  /** Says what would be done and does none of it. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/**
 * Brings services and their endpoints into Keystone's catalog. What is there already stays; an endpoint that points elsewhere is
 * changed, so that doing it again after a move is all there is to do. Throws ApiError.
 */
export async function register(cloud: Cloud, wanted: readonly Registration[], options: Registering): Promise<Step[]> {
  const { signal, dryRun } = options;
  await using http = pooledHttp(cloud, options);
  const token = await issue(cloud, (asked) => http.ask(asked, signal), Date.now);
  const ask = async (method: Asked["method"], path: string, body?: Payload): Promise<Payload> => {
    const asking = `${method} ${path.replace(/\?.*/s, "")}`;
    const headers = { accept: "application/json", "x-auth-token": token.reveal() };
    const asked = { method, url: `${cloud.authUrl}${path}`, headers, ...(body === undefined ? {} : { body }) };
    return objectIn(accepted(await http.ask(asked, signal), asking), asking);
  };
  const write: Ask = dryRun ? async () => ({}) : ask;
  const steps: Step[] = [];
  for (const each of wanted) steps.push(...(await registerOne(ask, write, each)));
  return steps;
}

type Ask = (method: Asked["method"], path: string, body?: Payload) => Promise<Payload>;

async function registerOne(
  read: Ask,
  write: Ask,
  { type, name, description, region, urls }: Registration,
): Promise<Step[]> {
  const known = itemsOf(await read("GET", `/services?${new URLSearchParams({ type })}`), "services");
  if (known.length > 1)
    throw new ApiError("refused", `Keystone has ${known.length} services of the type ${type}; remove all but one`);
  const [service] = known;
  const made = service ?? (await write("POST", "/services", { service: { type, name, description } }))["service"];
  const id = isObject(made) ? String(made["id"]) : undefined;
  const there = service === undefined ? [] : await endpointsOf(read, String(service["id"]), region);
  const steps: Step[] = [{ what: service === undefined ? "make" : "there already", of: `the service ${type}` }];
  for (const face of INTERFACES) {
    const url = urls[face];
    const of = `the ${face} endpoint of ${type} in ${region}`;
    const one = there.find((endpoint) => endpoint["interface"] === face);
    if (one === undefined) {
      await write("POST", "/endpoints", { endpoint: { service_id: id, interface: face, region_id: region, url } });
      steps.push({ what: "make", of, url });
    } else if (one["url"] === url) steps.push({ what: "there already", of, url });
    else {
      await write("PATCH", `/endpoints/${encodeURIComponent(String(one["id"]))}`, { endpoint: { url } });
      steps.push({ what: "change", of, url, instead: String(one["url"]) });
    }
  }
  return steps;
}

const endpointsOf = async (read: Ask, service: string, region: string): Promise<Payload[]> =>
  itemsOf(await read("GET", `/endpoints?${new URLSearchParams({ service_id: service })}`), "endpoints").filter(
    (endpoint) => endpoint["region_id"] === region,
  );

function itemsOf(body: Payload, key: string): Payload[] {
  const items = body[key];
  if (!Array.isArray(items)) throw new ApiError("unreadable", `Keystone's answer holds no list of ${key}`);
  return items.filter(isObject);
}
